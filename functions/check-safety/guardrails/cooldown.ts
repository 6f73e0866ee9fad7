/** Time between two remediations of one job. */
import { isActive } from '../../shared/actions.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

export const cooldown: Guardrail = ({ action, usage, limits }) => {
  if (!isActive(action)) return PASSIVE;
  const since = usage.secondsSinceLastOfJob;
  if (since === null) return allow('never', `${limits.cooldownSeconds} s`, 'the job has not been remediated lately');
  return since >= limits.cooldownSeconds
    ? allow(`${Math.floor(since)} s`, `${limits.cooldownSeconds} s`, 'the job has had time to settle')
    : deny(`${Math.floor(since)} s`, `${limits.cooldownSeconds} s`, 'the job was remediated a moment ago');
};
