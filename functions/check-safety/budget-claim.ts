/** What an allowed action will use is reserved before it is done, so that no limit is exceeded however many incidents are decided at once. */
import type { Reading } from '../shared/define-step.ts';
import type { Incident, SafetySection } from '../shared/incident.ts';
import type { BudgetClaim, BudgetStore } from '../shared/stores/budgets.ts';
import { escalationIn } from './check-safety.ts';

/** What can be full. */
type Budget = NonNullable<Awaited<ReturnType<BudgetStore['reserve']>>>;

/** The guardrail that watches each budget. */
const WATCHED_BY: Readonly<Record<Budget, string>> = {
  lineage: 'retry-budget',
  job: 'job-budget',
  'job-dpu-hours': 'dpu-hours',
  fleet: 'fleet-budget',
};

/** Null where nothing is used. */
export function budgetClaimOf({ incident }: Pick<Incident, 'incident'>, safety: SafetySection): BudgetClaim | null {
  if (safety.verdict !== 'allow' || !('rerun' in safety.plan)) return null;
  const { id: incidentId, jobName, lineage } = incident;
  return { incidentId, jobName, lineage, dpuHours: safety.plan.rerun.estimatedDpuHours };
}

/** Lost the race for the last place of a budget: as if the budget's guardrail had denied it. */
export function withoutBudget({ proposal }: Pick<Reading<'proposal'>, 'proposal'>, safety: SafetySection, full: Budget): SafetySection {
  const { action, plan, planHash } = escalationIn(proposal);
  return {
    ...safety,
    verdict: 'escalate',
    action,
    plan,
    planHash,
    reason: `the ${full} budget was used up by another incident at the same moment`,
    passedOver: [
      ...safety.passedOver,
      { action: safety.action, verdict: 'deny', guardrails: [WATCHED_BY[full]], reason: `the ${full} budget is used up` },
    ],
  };
}
