/**
 * COERCE_SCHEMA: makes catalog and data agree by widening. Where every change is a widening the catalog's columns are updated;
 * else the job may coerce by arguments that it has declared it understands; else a person gets the patch.
 */
import { compareTypes } from '../../detect-anomalies/drift-detector/compare-types.ts';
import type { Column, PlanOf } from '../../shared/actions.ts';
import type { FindingsSection } from '../../shared/incident.ts';
import type { ActionDefinition, Planned, PlanningFacts, Postcondition } from './action.ts';
import { changeTable, restoreTable, type Shape, tableHasShape } from './catalog-change.ts';
import { planRerun } from './plan-rerun.ts';
import { suggestPatch } from './suggest-patch.ts';

type Change = FindingsSection['drift'][number]['changes'][number];
type TableEvidence = PlanningFacts['evidence']['tables'][number];
type Coercion = PlanOf<'COERCE_SCHEMA'>['changes'][number];

/** The kind of coercion that a change of date format asks of the job. */
export const DATETIME_FORMAT = 'datetime-format';
const TYPE = 'type';

export const coerceSchema: ActionDefinition<'COERCE_SCHEMA'> = {
  action: 'COERCE_SCHEMA',

  plan(facts): Planned<'COERCE_SCHEMA'> {
    const drifted = facts.findings.drift.find((drift) => drift.subject === 'data' && drift.changes.some(isCoercible));
    if (!drifted) return { plan: null, reason: 'no changed type or format of the data that coercion could bridge' };
    const changes = drifted.changes.filter(isCoercible);
    const table = tableOfInput(facts, drifted.name);
    const widenings = table && widenedColumns(table, changes);
    return { plan: widenings ? planCatalog(facts, table, widenings) : planArguments(facts, changes) };
  },

  async execute(plan, mutations, ports) {
    const { mode, database, table, fromVersionId, changes } = plan;
    if (mode !== 'catalog' || database === null || table === null || fromVersionId === null) return;
    const target = (before: Shape) => ({ columns: widen(before.columns, changes), partitionKeys: before.partitionKeys });
    await changeTable({ database, table, fromVersionId, target }, mutations, ports);
  },

  async postconditions(plan, ledger, ports) {
    if (plan.mode !== 'catalog' || plan.database === null || plan.table === null) return [];
    const row = ledger.find((each) => each.call.startsWith('UpdateTable:'));
    if (!row) return [notWidened(plan)];
    const before = row.before as Shape;
    const target = { columns: widen(before.columns, plan.changes), partitionKeys: before.partitionKeys };
    return [await tableHasShape({ database: plan.database, table: plan.table }, target, ports)];
  },

  async undo(plan, ledger, mutations, ports) {
    if (plan.database === null || plan.table === null) return false;
    return restoreTable({ database: plan.database, table: plan.table }, ledger, mutations, ports);
  },
};

/** A rename, an addition or a removal is not bridged by coercing values. */
function isCoercible(change: Change): change is Change & { kind: Coercion['kind'] } {
  return change.kind === 'type_changed' || change.kind === 'format_changed';
}

function tableOfInput(facts: PlanningFacts, inputName: string): TableEvidence | undefined {
  const reference = facts.registration?.inputs.find((input) => input.name === inputName)?.table;
  return reference
    ? facts.evidence.tables.find((table) => table.database === reference.database && table.name === reference.name)
    : undefined;
}

/** The catalog's columns that have to be wider, or null where one change is not a widening of what the catalog says. */
function widenedColumns(table: TableEvidence, changes: readonly Change[]): Coercion[] | null {
  const widened = changes.map((change) => {
    const column = table.columns.find((each) => each.name.toLowerCase() === change.path.toLowerCase());
    const to = change.to;
    return change.kind === 'type_changed' && column && to !== null && compareTypes(column.type, to) === 'widening'
      ? ({ name: column.name, kind: change.kind, from: column.type, to } as const)
      : null;
  });
  return widened.length > 0 && widened.every((each) => each !== null) ? widened : null;
}

function planCatalog(facts: PlanningFacts, table: TableEvidence, changes: Coercion[]): PlanOf<'COERCE_SCHEMA'> {
  return {
    action: 'COERCE_SCHEMA',
    reason:
      `widen ${changes.map((change) => `${change.name} ${change.from} → ${change.to}`).join(', ')} in ${table.database}.${table.name}`.slice(
        0,
        500,
      ),
    mode: 'catalog',
    database: table.database,
    table: table.name,
    fromVersionId: table.versionId,
    changes,
    suggestedPatch: null,
    delaySeconds: 0,
    rerun: planRerun(facts),
  };
}

function planArguments(facts: PlanningFacts, changes: readonly (Change & { kind: Coercion['kind'] })[]): PlanOf<'COERCE_SCHEMA'> {
  const coercions = facts.registration?.coercions ?? {};
  const argumentChanges: Record<string, string> = {};
  for (const change of changes) {
    const argument = coercions[coercionOf(change)];
    if (argument !== undefined && change.to !== null) argumentChanges[argument] = change.to;
  }
  return {
    action: 'COERCE_SCHEMA',
    reason:
      `the job would have to read ${changes.map((change) => `${change.path} as ${change.to ?? '?'} instead of ${change.from ?? '?'}`).join(', ')}`.slice(
        0,
        500,
      ),
    mode: 'arguments',
    database: null,
    table: null,
    fromVersionId: null,
    changes: changes.map((change) => ({ name: change.path, kind: change.kind, from: change.from ?? '', to: change.to ?? '' })),
    suggestedPatch: suggestPatch(changes),
    delaySeconds: 0,
    rerun: planRerun(facts, { argumentChanges }),
  };
}

/** Which declared coercion a change needs. */
export function coercionOf(change: Pick<Coercion, 'kind'>): string {
  return change.kind === 'format_changed' ? DATETIME_FORMAT : TYPE;
}

function notWidened(plan: PlanOf<'COERCE_SCHEMA'>): Postcondition {
  return {
    postcondition: `${plan.database}.${plan.table} has the target schema`.slice(0, 200),
    verdict: 'fails',
    value: 'the ledger knows of no update',
    expected: `${plan.changes.length} columns widened`,
  };
}

function widen(columns: readonly Column[], changes: readonly { name: string; to: string }[]): Column[] {
  return columns.map((column) => {
    const change = changes.find((each) => each.name.toLowerCase() === column.name.toLowerCase());
    return change ? { name: column.name, type: change.to } : column;
  });
}
