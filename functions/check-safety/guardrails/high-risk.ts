/** High risk needs a person to confirm. */
import { isActive } from '../../shared/actions.ts';
import { allow, type Guardrail, needsApproval, PASSIVE } from '../guardrail.ts';

export const highRisk: Guardrail = ({ action, findings }) => {
  if (!isActive(action)) return PASSIVE;
  const { level, score } = findings.risk;
  return level === 'high' || level === 'critical'
    ? needsApproval(`${level} (${score})`, 'below high', 'active actions at high risk are confirmed by a person')
    : allow(`${level} (${score})`, 'below high', 'the risk is bearable');
};
