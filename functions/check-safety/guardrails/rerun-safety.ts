/** A rerun is harmless only where the sink is idempotent, which the team has to have said. */
import { allow, type Guardrail, needsApproval, notApplicable } from '../guardrail.ts';

export const rerunSafety: Guardrail = ({ plan, registration }) => {
  if (!('rerun' in plan)) return notApplicable('starts no run');
  return registration?.rerunSafe === true
    ? allow('rerunSafe', 'declared', 'running again does no harm')
    : needsApproval('undeclared', 'declared', 'running again may write output twice');
};
