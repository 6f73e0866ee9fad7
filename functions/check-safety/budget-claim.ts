/** What an allowed action will use is reserved before it is done, so that no limit is exceeded however many incidents are decided at once. */
import type { Incident, SafetySection } from '../shared/incident.ts';
import type { BudgetClaim } from '../shared/stores/budgets.ts';

/** Null where nothing is used. */
export function budgetClaimOf({ incident }: Pick<Incident, 'incident'>, safety: SafetySection): BudgetClaim | null {
  if (safety.verdict !== 'allow' || !('rerun' in safety.plan)) return null;
  const { id: incidentId, jobName, lineage } = incident;
  return { incidentId, jobName, lineage, dpuHours: safety.plan.rerun.estimatedDpuHours };
}

/** Lost the race for the last place of a budget: as if the budget's guardrail had denied it. */
export function withoutBudget(document: Pick<Incident, 'proposal'>, safety: SafetySection, full: string): SafetySection {
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
