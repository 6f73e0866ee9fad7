/**
 * Writes down what was decided, then tells the waiting state: nothing goes on that the trail does not tell. Told again it does no harm; a state
 * that is no longer waiting is "too late".
 */
import { isServiceError } from '../shared/aws-errors.ts';
import type { ApprovalSection } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { type Approval, ApprovalStore } from '../shared/stores/approvals.ts';
import { AuditTrail } from '../shared/stores/audit-trail.ts';

export async function deliverDecision(
  approval: Approval,
  ports: Pick<Ports, 'callback' | 'operations' | 'audit' | 'clock'>,
): Promise<'delivered' | 'too-late'> {
  // Who, how identified, when, what: without the token, which stays in the approval's row. Appended again it changes nothing.
  const { approvalId, status, decision } = approval;
  await new AuditTrail(ports).append(approval.incidentId, `DecideApproval#${approvalId}`, { approvalId, status, decision });
  let delivery: 'delivered' | 'too-late' = 'delivered';
  try {
    await ports.callback.sendTaskSuccess(approval.taskToken, approvalSection(approval));
  } catch (error) {
    if (!isServiceError(error, 'TaskTimedOut', 'TaskDoesNotExist')) throw error;
    delivery = 'too-late';
  }
  await new ApprovalStore(ports).markDelivered(approval.approvalId);
  return delivery;
}

export function approvalSection(approval: Approval): ApprovalSection {
  const { decision, status } = approval;
  return {
    approvalId: approval.approvalId,
    decision: status === 'pending' ? 'expired' : status,
    action: decision?.action ?? null,
    planHash: decision?.planHash ?? null,
    decidedBy: decision?.by ?? 'nobody',
    decidedAt: decision?.at ?? approval.deadline,
    reason: decision?.reason ?? '',
  };
}
