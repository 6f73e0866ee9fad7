/** How estimates and changes of a policy are told to people. */
import type { Estimate, PolicyChange } from '../functions/propose-action/diff-policies.ts';

export function estimateText({ value, plusMinus, visits }: Estimate): string {
  if (value === null || plusMinus === null) return 'never seen';
  return plusMinus === 0 ? `${value.toFixed(2)} (published)` : `${value.toFixed(2)} ± ${plusMinus.toFixed(2)} (${visits} visits)`;
}

export function changeLines({ stateId, estimates: { from, to }, reason }: PolicyChange): string[] {
  return [stateId, `  ${from.action} → ${to.action}   ${estimateText(from)} → ${estimateText(to)}`, `  ${reason}`];
}
