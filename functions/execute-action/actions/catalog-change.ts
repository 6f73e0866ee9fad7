/** One compare-and-set change of a table's columns, and its inverse: what COERCE_SCHEMA and ROLLBACK_SCHEMA share. */
import type { Column } from '../../shared/actions.ts';
import { isServiceError } from '../../shared/aws-errors.ts';
import { canonicalJson } from '../../shared/canonical-hash.ts';
import { MedicError } from '../../shared/errors.ts';
import type { CatalogTable, Ports } from '../../shared/ports.ts';
import type { LedgerRow } from '../../shared/stores/action-ledger.ts';
import type { Mutations } from '../mutations.ts';
import type { Postcondition } from './action.ts';

/** The table is not at the version that was planned for: the plan is void, people look again. */
export class TableChangedError extends MedicError {}

interface TableRef {
  readonly database: string;
  readonly table: string;
}
interface Shape {
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
}
interface Change extends TableRef {
  readonly fromVersionId: string;
  readonly target: Shape;
}

const callOf = (ref: TableRef) => `UpdateTable:${ref.database}.${ref.table}`;
const inverseOf = (ref: TableRef) => `RestoreTable:${ref.database}.${ref.table}`;

/** Writes `target` over the table where it is still at `fromVersionId`. Error: TableChangedError, without a blind retry. */
export async function changeTable(change: Change, mutations: Mutations, ports: Ports): Promise<void> {
  const current = await ports.catalog.getTable(change.database, change.table);
  await mutations.make<{ versionId: string }>({
    call: callOf(change),
    target: `${change.database}.${change.table}`,
    before: { versionId: change.fromVersionId, columns: current.columns, partitionKeys: current.partitionKeys },
    effect: (unsettled) => compareAndSet(change, unsettled ? adoptable(current, change.target) : null, current, ports),
  });
}

/** A crash after the update leaves the table with the target's shape, one version on: that update was ours. */
function adoptable(current: CatalogTable, target: Shape): string | null {
  return sameShape(current, target) ? current.versionId : null;
}

async function compareAndSet(change: Change, adopted: string | null, current: CatalogTable, ports: Ports): Promise<{ versionId: string }> {
  if (adopted !== null) return { versionId: adopted };
  if (current.versionId !== change.fromVersionId) {
    throw new TableChangedError(
      'E_PLAN_CHANGED',
      `${change.database}.${change.table} is at version ${current.versionId}, planned for ${change.fromVersionId}; gather evidence again`,
    );
  }
  try {
    return { versionId: await ports.catalogWriter.updateTableColumns(current, change.target.columns, change.target.partitionKeys) };
  } catch (error) {
    if (!isServiceError(error, 'ConcurrentModificationException')) throw error;
    throw new TableChangedError(
      'E_PLAN_CHANGED',
      `${change.database}.${change.table} was changed by another writer at the same moment; gather evidence again`,
      {
        cause: error,
      },
    );
  }
}

/** Restores the shape recorded with the INTENT where the table is still at the version we made. */
export async function restoreTable(ref: TableRef, ledger: readonly LedgerRow[], mutations: Mutations, ports: Ports): Promise<boolean> {
  const row = ledger.find((each) => each.call === callOf(ref));
  if (!row || row.resultAt === null) return false;
  const before = row.before as Shape;
  const ours = (row.result as { versionId: string }).versionId;
  const current = await ports.catalog.getTable(ref.database, ref.table);
  await mutations.make<{ versionId: string }>({
    call: inverseOf(ref),
    target: `${ref.database}.${ref.table}`,
    before: { versionId: ours },
    effect: (unsettled) =>
      compareAndSet({ ...ref, fromVersionId: ours, target: before }, unsettled ? adoptable(current, before) : null, current, ports),
  });
  return true;
}

/** The table has the shape that was meant. */
export async function tableHasShape(ref: TableRef, target: Shape, ports: Ports): Promise<Postcondition> {
  const current = await ports.catalog.getTable(ref.database, ref.table);
  const holds = sameShape(current, target);
  return {
    postcondition: `${ref.database}.${ref.table} has the target schema`.slice(0, 200),
    verdict: holds ? 'holds' : 'fails',
    value: `version ${current.versionId}, ${current.columns.length} columns`,
    expected: `${target.columns.length} columns as planned`,
  };
}

function sameShape(a: Shape, b: Shape): boolean {
  const shape = (side: Shape) =>
    canonicalJson(
      [side.columns, side.partitionKeys].map((columns) => columns.map(({ name, type }) => [name.toLowerCase(), type.toLowerCase()])),
    );
  return shape(a) === shape(b);
}
