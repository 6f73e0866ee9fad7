/** One compare-and-set change of a table's columns, and its inverse: what COERCE_SCHEMA and ROLLBACK_SCHEMA share. */
import type { Column } from '../../shared/actions.ts';
import { isServiceError } from '../../shared/aws-errors.ts';
import { canonicalJson } from '../../shared/canonical-hash.ts';
import { MedicError } from '../../shared/errors.ts';
import type { CatalogTable } from '../../shared/ports.ts';
import type { LedgerRow } from '../../shared/stores/action-ledger.ts';
import type { ReadingPorts } from '../guarded-writers.ts';
import type { Mutations } from '../mutations.ts';
import type { Postcondition } from './action.ts';

/** The table is not at the version that was planned for: the plan is void, people look again. */
export class TableChangedError extends MedicError {}

interface TableRef {
  readonly database: string;
  readonly table: string;
}
export interface Shape {
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
}
interface Change extends TableRef {
  readonly fromVersionId: string;
  /** From the shape that INTENT has recorded: what is there by now may be our own doing. */
  target(before: Shape): Shape;
}

const callOf = (ref: TableRef) => `UpdateTable:${ref.database}.${ref.table}`;
const inverseOf = (ref: TableRef) => `RestoreTable:${ref.database}.${ref.table}`;

/** Writes the target over the table where it is still at `fromVersionId`. Error: TableChangedError, without a blind retry. */
export async function changeTable(change: Change, mutations: Mutations, ports: ReadingPorts): Promise<void> {
  await compareAndSet(callOf(change), change, mutations, ports);
}

/** Restores the shape recorded with the INTENT where the table is still at the version we made. */
export async function restoreTable(
  ref: TableRef,
  ledger: readonly LedgerRow[],
  mutations: Mutations,
  ports: ReadingPorts,
): Promise<boolean> {
  const row = ledger.find((each) => each.call === callOf(ref));
  if (!row || row.resultAt === null) return false;
  const before = row.before as Shape;
  const { versionId } = row.result as { versionId: string };
  await compareAndSet(inverseOf(ref), { ...ref, fromVersionId: versionId, target: () => before }, mutations, ports);
  return true;
}

async function compareAndSet(call: string, change: Change, mutations: Mutations, ports: ReadingPorts): Promise<void> {
  const current = await ports.catalog.getTable(change.database, change.table);
  // Void before anything is written down, unless something was begun: then the table may have moved on by our own update.
  if (!(await mutations.ledger.get(call))) assertVersion(current, change);
  await mutations.make<{ versionId: string }>({
    call,
    target: `${change.database}.${change.table}`,
    before: { versionId: change.fromVersionId, columns: current.columns, partitionKeys: current.partitionKeys },
    effect: async ({ catalogWriter }, unsettled) => {
      const target = change.target((unsettled?.before as Shape | undefined) ?? current);
      if (unsettled && isOurs(current, change, target)) return { versionId: current.versionId };
      assertVersion(current, change);
      try {
        return { versionId: await catalogWriter.updateTableColumns(current, target.columns, target.partitionKeys) };
      } catch (error) {
        if (!isServiceError(error, 'ConcurrentModificationException')) throw error;
        // The client may have sent our own update twice, the first answer having been lost.
        const now = await ports.catalog.getTable(change.database, change.table);
        if (isOurs(now, change, target)) return { versionId: now.versionId };
        throw changedMeanwhile(now, change, error);
      }
    },
  });
}

/** One version on, in the shape that was meant: that update was ours. Further on, somebody else has written since. */
function isOurs(table: CatalogTable, { fromVersionId }: Change, target: Shape): boolean {
  return Number(table.versionId) === Number(fromVersionId) + 1 && sameShape(table, target);
}

function assertVersion(table: CatalogTable, change: Change): void {
  if (table.versionId !== change.fromVersionId) throw changedMeanwhile(table, change);
}

function changedMeanwhile(table: CatalogTable, { database, table: name, fromVersionId }: Change, cause?: unknown): TableChangedError {
  return new TableChangedError(
    'E_PLAN_CHANGED',
    `${database}.${name} is at version ${table.versionId}, planned for ${fromVersionId}; gather evidence again`,
    { cause },
  );
}

/** The table has the shape that was meant. */
export async function tableHasShape(ref: TableRef, target: Shape, ports: ReadingPorts): Promise<Postcondition> {
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
