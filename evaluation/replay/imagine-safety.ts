/** CheckSafety as it would have decided: on the recorded facts, with another proposal, other limits or other guardrails. */
import { budgetClaimOf } from '../../functions/check-safety/budget-claim.ts';
import type { GuardrailSet } from '../../functions/check-safety/guardrail-sets.ts';
import { decideSafety, judgeSafety, NotWeighedError, type SafetyWeighed } from '../../functions/check-safety/safety-decision.ts';
import type { Reading } from '../../functions/shared/define-step.ts';
import type { SafetySection } from '../../functions/shared/incident.ts';
import type { Limits } from '../../functions/shared/job-registration.ts';
import { fullBudget } from './room-in-budgets.ts';

type Document = Reading<'evidence' | 'findings' | 'proposal'>;

export interface RecordedSafety {
  readonly document: Document;
  readonly weighed: SafetyWeighed;
  readonly set: GuardrailSet;
}

/** Throws NotWeighedError where the record does not hold what the decision would have turned on. */
export function imagineSafety(
  document: Document,
  recorded: RecordedSafety,
  { set = recorded.set, limits }: { readonly set?: GuardrailSet | undefined; readonly limits?: Partial<Limits> | undefined },
): SafetySection {
  const weighed = { ...recorded.weighed, limits: { ...recorded.weighed.limits, ...limits } };
  const storm = stormUnder(weighed.limits, recorded.weighed);
  const claim = budgetClaimOf(document, judgeSafety(document, weighed, set));
  const wouldWait = storm?.deferred ?? false;
  const budget = claim && !wouldWait ? { full: fullUnder(weighed, claim, recorded) } : null;
  return decideSafety(document, { ...weighed, storm, budget }, set);
}

/** The place stays the same under another count, and is unknown under another window. */
function stormUnder({ stormIncidents, stormWindowSeconds }: Limits, { storm, limits }: SafetyWeighed): SafetyWeighed['storm'] {
  if (storm === null || stormWindowSeconds !== limits.stormWindowSeconds) return null;
  return stormIncidents === limits.stormIncidents ? storm : { place: storm.place, deferred: storm.place >= stormIncidents };
}

/** A race that was lost is lost again only for the same claim on the same limits: what the others held is not on record. */
function fullUnder(weighed: SafetyWeighed, claim: NonNullable<ReturnType<typeof budgetClaimOf>>, recorded: RecordedSafety) {
  const lost = recorded.weighed.budget?.full ?? null;
  if (lost === null) return fullBudget(weighed, claim);
  const recordedClaim = budgetClaimOf(recorded.document, judgeSafety(recorded.document, recorded.weighed, recorded.set));
  const isSame =
    recordedClaim?.dpuHours === claim.dpuHours && BUDGETS.every((name) => weighed.limits[name] === recorded.weighed.limits[name]);
  if (isSame) return lost;
  throw new NotWeighedError('E_NOT_WEIGHED', `it lost the race for the ${lost} budget, and what others held of it is not recorded`);
}

const BUDGETS = ['retriesPerLineage', 'remediationsPerJobPerDay', 'remediationsPerFleetPerHour', 'dpuHoursPerJobPerDay'] as const;
