/** Whether a remediation would have found room in the budgets, from the usage that was recorded: as BudgetStore.reserve decides it. */
import type { SafetyWeighed } from '../../functions/check-safety/safety-decision.ts';
import type { BudgetClaim } from '../../functions/shared/stores/budgets.ts';

export type FullBudget = NonNullable<NonNullable<SafetyWeighed['budget']>['full']>;

/** The first budget without room, null where all have some. */
export function fullBudget(
  { usage, limits }: Pick<SafetyWeighed, 'usage' | 'limits'>,
  { dpuHours }: Pick<BudgetClaim, 'dpuHours'>,
): FullBudget | null {
  if (usage.lineageRetries >= limits.retriesPerLineage) return 'lineage';
  if (usage.jobRemediationsToday >= limits.remediationsPerJobPerDay) return 'job';
  if (usage.jobDpuHoursToday + dpuHours > limits.dpuHoursPerJobPerDay) return 'job-dpu-hours';
  return usage.fleetRemediationsThisHour >= limits.remediationsPerFleetPerHour ? 'fleet' : null;
}
