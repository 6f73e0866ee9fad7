/** The kill switch stops every active action; it is read again right before each mutation. */
import { isActive } from '../../shared/actions.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

export const killSwitch: Guardrail = ({ action, killSwitch: state }) => {
  if (!isActive(action)) return PASSIVE;
  return state.engaged ? deny('engaged', 'not engaged', state.reason) : allow('not engaged', 'not engaged', 'the kill switch is off');
};
