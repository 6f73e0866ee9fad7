/** After so many failed validations in a row, a person looks first. */
import { isActive } from '../../shared/actions.ts';
import { allow, type Guardrail, needsApproval, PASSIVE } from '../guardrail.ts';

export const circuitBreaker: Guardrail = ({ action, usage, limits }) => {
  if (!isActive(action)) return PASSIVE;
  return usage.failedValidationsInRow < limits.failedValidations
    ? allow(usage.failedValidationsInRow, limits.failedValidations, 'the circuit is closed')
    : needsApproval(usage.failedValidationsInRow, limits.failedValidations, 'the circuit is open: what was done lately did not help');
};
