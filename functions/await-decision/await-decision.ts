/** Opens the approval request, keeps the task token where nobody sees it, and tells people that something waits. */

import { deliverDecision } from '../decide-approval/deliver-decision.ts';
import type { Plan } from '../shared/actions.ts';
import type { Reading } from '../shared/define-step.ts';
import type { Ports } from '../shared/ports.ts';
import { type Approval, ApprovalStore } from '../shared/stores/approvals.ts';
import { AuditTrail } from '../shared/stores/audit-trail.ts';
import { IncidentStore } from '../shared/stores/incidents.ts';
import { registrationOf } from '../shared/stores/registrations.ts';

export async function awaitDecision(document: Reading<'escalation'>, taskToken: string, ports: Ports): Promise<Approval> {
  const { escalation, incident, proposal } = document;
  const offered = [escalation.planHash, ...escalation.alternatives.map((alternative) => alternative.planHash)];
  const approvals = new ApprovalStore(ports);
  const registration = await registrationOf(ports.operations, incident.jobName);
  const approval = await approvals.open({
    approvalId: escalation.approvalId,
    incidentId: incident.id,
    jobName: incident.jobName,
    deadline: escalation.deadline,
    kind: escalation.kind,
    reason: escalation.reason,
    options: offered.flatMap((planHash) => {
      const option = proposal?.ranking.find((each) => each.planHash === planHash);
      return option?.plan && option.planHash
        ? [{ action: option.action, planHash: option.planHash, plan: option.plan satisfies Plan }]
        : [];
    }),
    suggestedPatch: escalation.suggestedPatch,
    fourEyes: { actions: registration?.fourEyes ?? [], author: registration?.changedBy ?? null },
    taskToken,
  });
  await new AuditTrail(ports).append(incident.id, `AwaitDecision#${escalation.approvalId}`, {
    approvalId: approval.approvalId,
    deadline: approval.deadline,
  });
  await new IncidentStore(ports).awaitDecision(incident.id, approval.approvalId, approval.deadline);
  // Decided before, and started again with a new token: the answer is there already.
  if (approval.status !== 'pending') await deliverDecision(approval, ports);
  else await tellPeople(document, approval, ports);
  return approval;
}

/** A message that cannot be sent does not end the wait: the request stands, and the trail says that nobody was told. */
async function tellPeople(document: Reading<'escalation'>, approval: Approval, ports: Ports): Promise<void> {
  try {
    await notifyPeople(document, approval, ports);
  } catch (error) {
    await new AuditTrail(ports).append(document.incident.id, `NotifyPeople#${approval.approvalId}`, {
      approvalId: approval.approvalId,
      failed: error instanceof Error ? error.name : 'error',
    });
  }
}

async function notifyPeople({ incident, escalation }: Reading<'escalation'>, approval: Approval, ports: Ports): Promise<void> {
  const lines = [
    `${incident.jobName}: ${escalation.kind}`,
    escalation.reason,
    approval.options[0]
      ? `Proposed: ${approval.options[0].action}, plan ${approval.options[0].planHash.slice(0, 12)}`
      : 'There is no plan to approve.',
    `Silence until ${approval.deadline} means no action.`,
    `glue-medic incidents ${incident.id}   shows the evidence`,
    `glue-medic approve|reject ${approval.approvalId}`,
  ];
  await ports.notifier.notify({
    subject: `Glue Medic: ${incident.jobName} needs a person`.slice(0, 100),
    body: lines.join('\n'),
    incidentId: incident.id,
  });
}
