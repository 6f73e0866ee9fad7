/** The sole writer of decisions: one conditional write bound to the plan's hash; then it is written down, and the waiting state told. */
import type { Ports } from '../shared/ports.ts';
import { type Approval, ApprovalStore, type DecisionRequest } from '../shared/stores/approvals.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { deliverDecision } from './deliver-decision.ts';
import { requireSecondPerson } from './second-person.ts';

export interface Decided {
  readonly approval: Approval;
  /** `not-delivered`: the decision stands and the sweeper will tell the waiting state. */
  readonly delivery: 'delivered' | 'too-late' | 'not-delivered';
}

/** Errors: those of ApprovalStore.decide, and E_SELF_APPROVAL. */
export async function decideApproval(
  request: DecisionRequest,
  ports: Pick<Ports, 'operations' | 'audit' | 'clock' | 'callback'>,
): Promise<Decided> {
  const store = new ApprovalStore(ports);
  const jobName = (await store.get(request.approvalId))?.jobName;
  const registration = jobName === undefined ? null : await registrationOf(ports.operations, jobName);
  const approval = await store.decide(request, (asked, action) =>
    requireSecondPerson({ approval: asked, registration, action, by: request.by }),
  );
  try {
    return { approval, delivery: await deliverDecision(approval, ports) };
  } catch {
    return { approval, delivery: 'not-delivered' };
  }
}
