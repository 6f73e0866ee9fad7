/** Reserves what an allowed action will use, so that no limit is exceeded however many incidents are decided at once. */
import type { Incident, SafetySection } from '../shared/incident.ts';
import type { Limits } from '../shared/job-registration.ts';
import type { Ports } from '../shared/ports.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';

export async function reserveBudget(
  document: Pick<Incident, 'incident' | 'proposal'>,
  safety: SafetySection,
  limits: Limits,
  ports: Ports,
): Promise<SafetySection> {
  if (safety.verdict !== 'allow' || !('rerun' in safety.plan)) return safety;
  const { id: incidentId, jobName, lineage } = document.incident;
  const full = await new BudgetStore(ports).reserve(
    { incidentId, jobName, lineage, dpuHours: safety.plan.rerun.estimatedDpuHours },
    limits,
  );
  return full === undefined ? safety : withoutBudget(document, safety, full);
}

/** Lost the race for the last place of a budget: as if the budget's guardrail had denied it. */
function withoutBudget(document: Pick<Incident, 'proposal'>, safety: SafetySection, full: string): SafetySection {
  const escalation = document.proposal?.ranking.find((option) => option.action === 'ESCALATE');
  if (!escalation?.plan || escalation.planHash === null) return { ...safety, verdict: 'escalate', reason: `the ${full} budget is used up` };
  return {
    ...safety,
    verdict: 'escalate',
    action: 'ESCALATE',
    plan: escalation.plan,
    planHash: escalation.planHash,
    reason: `the ${full} budget was used up by another incident at the same moment`,
    passedOver: [
      ...safety.passedOver,
      { action: safety.action, verdict: 'deny', guardrails: [`${full}-budget`], reason: `the ${full} budget is used up` },
    ],
  };
}
