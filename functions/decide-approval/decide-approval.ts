/** The sole writer of decisions: one conditional write bound to the plan's hash, an audit entry, then the waiting state is told. */
import type { Ports } from '../shared/ports.ts';
import { type Approval, ApprovalStore, type DecisionRequest } from '../shared/stores/approvals.ts';
import { AuditTrail } from '../shared/stores/audit-trail.ts';
import { deliverDecision } from './deliver-decision.ts';

export interface Decided {
  readonly approval: Approval;
  /** `not-delivered`: the decision stands and the sweeper will tell the waiting state. */
  readonly delivery: 'delivered' | 'too-late' | 'not-delivered';
}

export async function decideApproval(
  request: DecisionRequest,
  ports: Pick<Ports, 'operations' | 'audit' | 'clock' | 'callback'>,
): Promise<Decided> {
  const approval = await new ApprovalStore(ports).decide(request);
  // Who, how identified, when, what: without the token, which stays in the approval's row.
  await new AuditTrail(ports).append(approval.incidentId, `DecideApproval#${approval.approvalId}`, {
    approvalId: approval.approvalId,
    status: approval.status,
    decision: approval.decision,
  });
  try {
    return { approval, delivery: await deliverDecision(approval, ports) };
  } catch {
    return { approval, delivery: 'not-delivered' };
  }
}
