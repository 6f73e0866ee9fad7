/** The shipped warm start: what was learned in simulation, not in the world, before the first real incident. */
import * as z from 'zod';
import { ACTIONS } from '../shared/actions.ts';
import { InputError, IntegrityError } from '../shared/errors.ts';
import { parseStateId } from '../shared/rl-state.ts';
import { emptyRow, parseRow, type QRow, type QTable, rowHashesOf, tableHash } from './q-table.ts';
import shipped from './warm-start.json' with { type: 'json' };

/** One cell as [q, visits, m2]. */
const CellSchema = z.tuple([z.number(), z.number(), z.number()]);

export const WarmStartSchema = z.strictObject({
  kind: z.literal('warm-start'),
  note: z.string(),
  /** Named after its content, so that two warm starts never share a name. */
  version: z.string(),
  hash: z.string().length(64),
  trainedWith: z.strictObject({
    command: z.string(),
    seed: z.number().int().nonnegative(),
    episodes: z.number().int().positive(),
    /** A simulated cell counts for at most so many real visits. */
    trust: z.number().int().positive(),
    simulatorVersion: z.string(),
  }),
  actions: z.array(z.string()),
  /** State id → one cell per action, in the order of `actions`. */
  rows: z.record(z.string(), z.array(CellSchema)),
});
export type WarmStart = z.infer<typeof WarmStartSchema>;

export interface WarmStartPolicy {
  readonly version: string;
  readonly hash: string;
  readonly trainedWith: WarmStart['trainedWith'];
  readonly table: QTable;
}

/** Reads and verifies a warm start. E_POLICY: InputError where it is none, IntegrityError where it is not what was trained. */
export function readWarmStart(content: unknown): WarmStartPolicy {
  const parsed = WarmStartSchema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError(
      'E_POLICY',
      `no warm start: ${issue?.path.join('.') || 'the file'}: ${issue?.message}; train it again with \`policy train\``,
    );
  }
  const { version, hash, trainedWith, actions, rows } = parsed.data;
  if (actions.join() !== ACTIONS.join()) throw new InputError('E_POLICY', `its actions are ${actions.join()}, expected ${ACTIONS.join()}`);
  const table = new Map(Object.entries(rows).map(([stateId, cells]) => [stateId, rowOf(stateId, cells)]));
  const actual = tableHash(rowHashesOf(table));
  if (actual !== hash)
    throw new IntegrityError(
      'E_POLICY',
      `the rows of ${version} hash to ${actual}, expected ${hash}; train it again with \`policy train\``,
    );
  return { version, hash, trainedWith, table };
}

/** The warm start that comes with this release. */
export function shippedWarmStart(): WarmStartPolicy {
  return readWarmStart(shipped);
}

function rowOf(id: string, cells: readonly z.infer<typeof CellSchema>[]): QRow {
  parseStateId(id);
  const row = Object.fromEntries(ACTIONS.map((action, column) => [action, cellOf(cells[column])]));
  return parseRow(id, row);
}

function cellOf(cell: z.infer<typeof CellSchema> | undefined) {
  if (!cell) return emptyRow().RETRY;
  const [q, visits, m2] = cell;
  return { q, visits, m2 };
}
