/** No active action on a job of which an inverse was not completed, until a person has looked at it and lifted the freeze. */
import { isActive } from '../../shared/actions.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

export const frozenJob: Guardrail = ({ action, freeze }) => {
  if (!isActive(action)) return PASSIVE;
  return freeze
    ? deny(`frozen since ${freeze.at}`, 'not frozen', `frozen by ${freeze.incidentId}: ${freeze.reason}`)
    : allow('not frozen', 'not frozen', 'every inverse of the job was completed');
};
