/** A protected job is only ever touched by a person's word. */
import { isActive } from '../../shared/actions.ts';
import { allow, type Guardrail, needsApproval, PASSIVE } from '../guardrail.ts';

export const protectedJob: Guardrail = ({ action, registration }) => {
  if (!isActive(action)) return PASSIVE;
  return registration?.protected === true
    ? needsApproval('protected', 'not protected', 'the job is protected')
    : allow('not protected', 'not protected', 'the job is not protected');
};
