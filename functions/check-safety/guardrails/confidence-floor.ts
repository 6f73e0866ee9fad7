/** Below the floor, the classification is not worth acting on. */
import { isActive } from '../../shared/actions.ts';
import { allow, type Guardrail, needsApproval, PASSIVE } from '../guardrail.ts';

export const confidenceFloor: Guardrail = ({ action, findings, limits }) => {
  if (!isActive(action)) return PASSIVE;
  const { confidence } = findings.classification;
  return confidence >= limits.confidenceFloor
    ? allow(confidence, limits.confidenceFloor, 'the classification is confident enough')
    : needsApproval(confidence, limits.confidenceFloor, 'the classification is below the floor');
};
