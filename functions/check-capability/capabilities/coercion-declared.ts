/** A job coerces only what it has declared that it understands. */
import { coercionOf } from '../../execute-action/actions/coerce-schema.ts';
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

export const coercionDeclared: Capability = async ({ plan, registration }) => {
  if (plan.action !== 'COERCE_SCHEMA' || plan.mode !== 'arguments') return notApplicable('coerces by no argument');
  const needed = [...new Set(plan.changes.map((change) => coercionOf(change)))];
  const missing = needed.filter((kind) => registration?.coercions[kind] === undefined);
  return missing.length === 0
    ? available(`declared: ${needed.join(', ')}`)
    : unavailable(
        `the job has declared no coercion of ${missing.join(', ')}, and no catalog change can bridge ${plan.changes.map((change) => `${change.name}: ${change.from} → ${change.to}`).join(', ')}`,
        `let the job accept an argument for it and register it under coercions.${missing[0]}, or apply the suggested patch`,
      );
};
