/** The authority that the team has given to this action on this job. */
import { isActive } from '../../shared/actions.ts';
import { allow, type Guardrail, needsApproval, PASSIVE } from '../guardrail.ts';

export const executionMode: Guardrail = ({ action, mode }) => {
  if (!isActive(action)) return PASSIVE;
  if (mode === 'approve') return needsApproval(mode, 'auto', 'a person confirms this action on this job');
  return allow(mode, 'auto', mode === 'shadow' ? 'shown only: nothing is done in shadow' : 'the team has given this authority');
};
