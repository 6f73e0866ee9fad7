/** Remediations of one lineage within a day. */
import { isActive } from '../../shared/actions.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

export const retryBudget: Guardrail = ({ action, usage, limits }) => {
  if (!isActive(action)) return PASSIVE;
  return usage.lineageRetries < limits.retriesPerLineage
    ? allow(usage.lineageRetries, limits.retriesPerLineage, 'the lineage has remediations left')
    : deny(usage.lineageRetries, limits.retriesPerLineage, 'the lineage has used its remediations');
};
