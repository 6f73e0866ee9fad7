/** How many tables one action may change; partitions that would differ and versions by others need a person. */
import { allow, type Guardrail, needsApproval, notApplicable } from '../guardrail.ts';

export const blastRadiusTables: Guardrail = ({ plan, evidence, limits }) => {
  if (!('table' in plan) || plan.table === null) return notApplicable('changes no table');
  if (limits.tables < 1) return needsApproval(1, limits.tables, 'no table may be changed without a person');
  const table = evidence.tables.find((each) => each.database === plan.database && each.name === plan.table);
  const partitions = table?.partitionsInspected ?? 0;
  if (partitions > 0)
    return needsApproval(`${partitions} partitions`, 'none', 'partitions keep their own columns and would differ from the table');
  const foreign = Math.max((table?.foreignVersionsSinceGood ?? 0) - 1, 0);
  if (plan.action === 'ROLLBACK_SCHEMA' && foreign > 0) {
    return needsApproval(`${foreign} versions`, 'none', 'other writers changed the table more than once since the last good run');
  }
  return allow('1 table', limits.tables, 'one table, nothing in between');
};
