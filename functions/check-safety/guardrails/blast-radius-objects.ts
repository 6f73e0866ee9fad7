/** How many objects one quarantine may move. */
import { allow, type Guardrail, needsApproval, notApplicable } from '../guardrail.ts';

export const blastRadiusObjects: Guardrail = ({ plan, limits }) => {
  if (plan.action !== 'QUARANTINE') return notApplicable('moves no objects');
  return plan.objects.length <= limits.quarantineObjects
    ? allow(plan.objects.length, limits.quarantineObjects, 'few enough objects')
    : needsApproval(
        plan.objects.length,
        limits.quarantineObjects,
        `E_SCOPE_TOO_LARGE: ${plan.objects.length} > ${limits.quarantineObjects}`,
      );
};
