/** What share of the new input one quarantine may take away; all of it is never a repair. */
import { allow, deny, type Guardrail, needsApproval, notApplicable } from '../guardrail.ts';

export const blastRadiusShare: Guardrail = ({ plan, limits }) => {
  if (plan.action !== 'QUARANTINE') return notApplicable('moves no objects');
  const { shareOfInput } = plan;
  if (shareOfInput >= 1) return deny(shareOfInput, limits.quarantineShareOfInput, 'quarantining the whole input is no repair');
  return shareOfInput <= limits.quarantineShareOfInput
    ? allow(shareOfInput, limits.quarantineShareOfInput, 'most of the input stays')
    : needsApproval(shareOfInput, limits.quarantineShareOfInput, 'a large share of the input would be missing');
};
