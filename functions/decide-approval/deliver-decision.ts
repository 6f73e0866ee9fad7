/** Tells the waiting state what was decided. Told again it does no harm; a state that is no longer waiting is "too late". */
import { isServiceError } from '../shared/aws-errors.ts';
import type { ApprovalSection } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { type Approval, ApprovalStore } from '../shared/stores/approvals.ts';

export async function deliverDecision(
  approval: Approval,
  ports: Pick<Ports, 'callback' | 'operations' | 'clock'>,
): Promise<'delivered' | 'too-late'> {
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
