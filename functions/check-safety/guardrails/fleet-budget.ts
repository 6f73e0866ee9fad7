/** Remediations of all jobs within an hour. */
import { isActive } from '../../shared/actions.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

export const fleetBudget: Guardrail = ({ action, usage, limits }) => {
  if (!isActive(action)) return PASSIVE;
  return usage.fleetRemediationsThisHour < limits.remediationsPerFleetPerHour
    ? allow(usage.fleetRemediationsThisHour, limits.remediationsPerFleetPerHour, 'the fleet has remediations left this hour')
    : deny(usage.fleetRemediationsThisHour, limits.remediationsPerFleetPerHour, 'the fleet has used its remediations of the hour');
};
