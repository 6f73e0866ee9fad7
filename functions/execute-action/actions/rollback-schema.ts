/** ROLLBACK_SCHEMA: restores the catalog version that the last validated good run saw; the inverse is the version before. */
import type { ActionDefinition, Planned, PlanningFacts } from './action.ts';
import { changeTable, restoreTable, tableHasShape } from './catalog-change.ts';
import { planRerun } from './plan-rerun.ts';

type TableEvidence = PlanningFacts['evidence']['tables'][number];

export const rollbackSchema: ActionDefinition<'ROLLBACK_SCHEMA'> = {
  action: 'ROLLBACK_SCHEMA',

  plan(facts): Planned<'ROLLBACK_SCHEMA'> {
    const drift = facts.findings.drift.find((each) => each.subject === 'catalog' && each.severity === 'breaking');
    if (!drift) return { plan: null, reason: 'the catalog has not changed in a breaking way since the last validated good run' };
    const table = facts.evidence.tables.find((each) => `${each.database}.${each.name}` === drift.name);
    if (!table || table.lastGoodVersionId === null || table.lastGoodColumns === null) {
      return { plan: null, reason: `E_VERSION: no archived version of ${drift.name} is known to have gone with a good run` };
    }
    return {
      plan: {
        action: 'ROLLBACK_SCHEMA',
        reason: `restore ${drift.name} from version ${table.versionId} to ${table.lastGoodVersionId}, the last that went with a validated good run`,
        database: table.database,
        table: table.name,
        fromVersionId: table.versionId,
        toVersionId: table.lastGoodVersionId,
        changes: columnChanges(table),
        delaySeconds: 0,
        rerun: planRerun(facts),
      },
    };
  },

  async execute(plan, mutations, ports) {
    const target = await ports.catalog.getTableVersion(plan.database, plan.table, plan.toVersionId);
    await changeTable(
      { database: plan.database, table: plan.table, fromVersionId: plan.fromVersionId, target: () => target },
      mutations,
      ports,
    );
  },

  async postconditions(plan, _ledger, ports) {
    const target = await ports.catalog.getTableVersion(plan.database, plan.table, plan.toVersionId);
    return [await tableHasShape({ database: plan.database, table: plan.table }, target, ports)];
  },

  async undo(plan, ledger, mutations, ports) {
    return restoreTable({ database: plan.database, table: plan.table }, ledger, mutations, ports);
  },
};

/** From now to the last good version, column by column. */
function columnChanges(table: TableEvidence): { name: string; from: string | null; to: string | null }[] {
  const now = new Map(table.columns.map((column) => [column.name.toLowerCase(), column.type]));
  const good = new Map((table.lastGoodColumns ?? []).map((column) => [column.name.toLowerCase(), column.type]));
  return [...new Set([...now.keys(), ...good.keys()])]
    .map((name) => ({ name, from: now.get(name) ?? null, to: good.get(name) ?? null }))
    .filter((change) => change.from !== change.to);
}
