/** Remediations of one job within a day. */
import { isActive } from '../../shared/actions.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

export const jobBudget: Guardrail = ({ action, usage, limits }) => {
  if (!isActive(action)) return PASSIVE;
  return usage.jobRemediationsToday < limits.remediationsPerJobPerDay
    ? allow(usage.jobRemediationsToday, limits.remediationsPerJobPerDay, 'the job has remediations left today')
    : deny(usage.jobRemediationsToday, limits.remediationsPerJobPerDay, 'the job has used its remediations of the day');
};
