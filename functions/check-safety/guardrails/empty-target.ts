/** An action without a target is a refusal, never "all". */
import { allow, deny, type Guardrail, notApplicable } from '../guardrail.ts';

export const emptyTarget: Guardrail = ({ plan }) => {
  if (plan.action === 'QUARANTINE') return targets(plan.objects.length, 'objects');
  if (plan.action === 'COERCE_SCHEMA' || plan.action === 'ROLLBACK_SCHEMA') return targets(plan.changes.length, 'columns');
  return notApplicable('the action has no set of targets');
};

function targets(count: number, what: string) {
  return count > 0
    ? allow(`${count} ${what}`, `at least 1`, 'the targets are named')
    : deny(`0 ${what}`, 'at least 1', 'E_SCOPE_EMPTY: an empty set is a refusal');
}
