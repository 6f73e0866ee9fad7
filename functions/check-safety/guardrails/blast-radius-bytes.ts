/** How many bytes one quarantine may move. */
import { allow, type Guardrail, needsApproval, notApplicable } from '../guardrail.ts';

export const blastRadiusBytes: Guardrail = ({ plan, limits }) => {
  if (plan.action !== 'QUARANTINE') return notApplicable('moves no objects');
  return plan.totalBytes <= limits.quarantineBytes
    ? allow(plan.totalBytes, limits.quarantineBytes, 'few enough bytes')
    : needsApproval(plan.totalBytes, limits.quarantineBytes, `E_SCOPE_TOO_LARGE: ${plan.totalBytes} > ${limits.quarantineBytes} bytes`);
};
