/** No active action during a change freeze. */
import { isActive } from '../../shared/actions.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

export const changeFreeze: Guardrail = ({ action, registration, now }) => {
  if (!isActive(action)) return PASSIVE;
  const at = now.toISOString();
  const freeze = registration?.changeFreezes.find((each) => Date.parse(each.from) <= now.getTime() && now.getTime() < Date.parse(each.to));
  return freeze
    ? deny(at, `${freeze.from} to ${freeze.to}`, `change freeze: ${freeze.reason}`)
    : allow(at, 'no freeze', 'no change freeze is on');
};
