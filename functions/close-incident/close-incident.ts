/** Ends an incident: the outcome is recorded once, what was reserved and not used goes back, a failed rerun is handed on. */
import { HANDED_OVER } from '../claim-incident/parse-trigger.ts';
import { mayHaveBegun } from '../execute-action/start-rerun.ts';
import type { ApprovalSection, ClosureSection, Incident } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { ActionLedger } from '../shared/stores/action-ledger.ts';
import { ApprovalStore } from '../shared/stores/approvals.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';
import { IncidentStore } from '../shared/stores/incidents.ts';

export async function closeIncident(document: Incident, ports: Ports): Promise<ClosureSection> {
  const { incident } = document;
  const { outcome, reason } = outcomeOf(document);
  const closedAt = ports.clock();
  if (document.escalation && !decisionOf(document)) await new ApprovalStore(ports).expire(document.escalation.approvalId);
  const begun = (await new ActionLedger(ports, incident.id).rows()).some(mayHaveBegun);
  const claim = { incidentId: incident.id, jobName: incident.jobName, lineage: incident.lineage };
  if (!begun) await new BudgetStore(ports).giveBack(claim);
  const nextIncident =
    outcome === 'Superseded' && document.execution?.runId ? { jobName: incident.jobName, runId: document.execution.runId } : null;
  if (nextIncident) await handOn(document, nextIncident.runId, ports);
  await new IncidentStore(ports).close(incident.id, outcome, reason, nextIncident?.runId ?? null);
  const failedAt = Date.parse(document.evidence?.run.completedOn ?? incident.openedAt);
  return {
    outcome,
    reason: reason.slice(0, 1000),
    closedAt: closedAt.toISOString(),
    minutes: Math.round(Math.max((closedAt.getTime() - failedAt) / 60_000, 0) * 1000) / 1000,
    nextIncident,
  };
}

/** Pure: what became of the incident, from what its steps have recorded. */
export function outcomeOf(document: Incident): { outcome: ClosureSection['outcome']; reason: string } {
  const { findings, safety, escalation, execution, validation, undo } = document;
  const approval = decisionOf(document);
  if (validation?.verdict === 'validated') return { outcome: 'Resolved', reason: validation.reason };
  if (execution?.status === 'recorded') return { outcome: 'Logged', reason: execution.reason };
  // As the state machine has it: a RETRY whose run failed again is handed on, not escalated, approved or not.
  if (
    execution?.action === 'RETRY' &&
    validation?.verdict === 'failed' &&
    validation.runState !== 'SUCCEEDED' &&
    undo?.status === 'nothing-to-undo'
  )
    return { outcome: 'Superseded', reason: `the rerun failed again: ${validation.reason}` };
  if (escalation?.disposition === 'shadow') return { outcome: 'Shadowed', reason: `would have been escalated: ${escalation.reason}` };
  if (safety?.mode === 'shadow' && !execution)
    return { outcome: 'Shadowed', reason: `would have been: ${safety.verdict} ${safety.action}: ${safety.reason}` };
  if (approval)
    return { outcome: 'HandedOver', reason: `${approval.decision} by ${approval.decidedBy}: ${approval.reason || 'no reason given'}` };
  if (escalation)
    return { outcome: 'HandedOver', reason: `silence: nobody decided in time, ${execution ? 'nothing more' : 'nothing'} was done` };
  if (safety?.verdict === 'deferred') return { outcome: 'Deferred', reason: safety.reason };
  if (findings?.classification.family === 'none') return { outcome: 'Logged', reason: 'no line reports a failure' };
  return { outcome: 'HandedOver', reason: 'closed without a recorded decision' };
}

/** The decision on the last escalation; one on an earlier escalation says nothing about it. */
function decisionOf({ escalation, approval }: Incident): ApprovalSection | undefined {
  return approval?.approvalId === escalation?.approvalId ? approval : undefined;
}

/** By event, so that the machine never starts itself directly; the reconciler finds what gets lost. */
async function handOn({ incident, execution }: Incident, runId: string, ports: Ports): Promise<void> {
  await ports.events.publish({
    detailType: HANDED_OVER,
    detail: {
      jobName: incident.jobName,
      jobRunId: runId,
      state: 'FAILED',
      lineage: incident.lineage,
      retryCount: incident.retryCount + 1,
      previousIncidentId: incident.id,
      remediationId: execution?.remediationId ?? incident.id,
    },
  });
}
