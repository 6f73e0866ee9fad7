/** Nothing active is done about a failure that has no name without a person. */
import { isActive } from '../../shared/actions.ts';
import { allow, type Guardrail, needsApproval, PASSIVE } from '../guardrail.ts';

export const unknownFailure: Guardrail = ({ action, findings }) => {
  if (!isActive(action)) return PASSIVE;
  const { family } = findings.state;
  return family === 'unknown'
    ? needsApproval(family, 'a named family', 'the cause is not known')
    : allow(family, 'a named family', 'the cause is known');
};
