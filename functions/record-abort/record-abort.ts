/** An operator has aborted an execution: that is a person's intent. The incident is theirs from then on, and nothing starts it again. */
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { Ports } from '../shared/ports.ts';
import { ApprovalStore } from '../shared/stores/approvals.ts';
import { AuditTrail } from '../shared/stores/audit-trail.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';
import { IncidentStore, type IncidentSummary } from '../shared/stores/incidents.ts';

/** Newest first; the last is as long as an execution may live. */
const LOOK_BACK_DAYS = [1, 3, 25];

export interface RecordedAbort {
  readonly verdict: 'recorded' | 'not-recorded';
  readonly incidentId: string | null;
  readonly reason: string;
}

/** Told again it changes nothing. The incident's owner is the execution; what another one owns by now goes on. */
export async function recordAbort(executionArn: string, ports: Pick<Ports, 'operations' | 'audit' | 'clock'>): Promise<RecordedAbort> {
  const incidents = new IncidentStore(ports);
  const incident = await ownedBy(executionArn, incidents);
  if (!incident) return { verdict: 'not-recorded', incidentId: null, reason: 'no open incident is owned by this execution' };
  const { incidentId, jobName, lineage, approvalId } = incident;
  const reason = 'aborted by an operator: nothing more is done, the incident is theirs';
  await new AuditTrail(ports).append(incidentId, `Aborted#${canonicalHash(executionArn).slice(0, 12)}`, { executionArn, reason });
  if (approvalId !== null) await new ApprovalStore(ports).expire(approvalId);
  await new BudgetStore(ports).release({ incidentId, jobName, lineage });
  await incidents.close(incidentId, 'HandedOver', reason);
  return { verdict: 'recorded', incidentId, reason };
}

async function ownedBy(executionArn: string, incidents: IncidentStore): Promise<IncidentSummary | undefined> {
  for (const days of LOOK_BACK_DAYS) {
    const found = (await incidents.list(days)).find((summary) => summary.owner === executionArn && summary.status !== 'closed');
    if (found) return found;
  }
  return undefined;
}
