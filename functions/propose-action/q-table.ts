/** The Q-table's rows: per state and action the mean reward, how often it was seen, and how far rewards lay from it. */
import * as z from 'zod';
import { ACTIONS } from '../shared/actions.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import { IntegrityError, quoteForMessage } from '../shared/errors.ts';

/** The estimate is a plain mean over the first so many rewards and forgets slowly from there on, so that it follows a changing world. */
export const MEMORY = 200;

export const QCellSchema = z
  .strictObject({
    /** Estimated reward in [-1, 1]. */
    q: z.number().min(-1).max(1),
    visits: z.number().int().nonnegative(),
    /** Sum of squared deviations of the remembered rewards from `q`. */
    m2: z.number().nonnegative(),
  })
  .refine((cell) => cell.visits > 0 || (cell.q === 0 && cell.m2 === 0), 'a cell without visits has learned nothing: q and m2 must be 0');
export type QCell = z.infer<typeof QCellSchema>;

export const QRowSchema = z.strictObject({
  RETRY: QCellSchema,
  COERCE_SCHEMA: QCellSchema,
  ROLLBACK_SCHEMA: QCellSchema,
  QUARANTINE: QCellSchema,
  LOG_EVENT: QCellSchema,
  ESCALATE: QCellSchema,
});
export type QRow = z.infer<typeof QRowSchema>;

/** A table: state id → row. States that were never visited have none. */
export type QTable = ReadonlyMap<string, QRow>;

const UNSEEN: QCell = { q: 0, visits: 0, m2: 0 };

export function emptyRow(): QRow {
  return Object.fromEntries(ACTIONS.map((action) => [action, UNSEEN])) as QRow;
}

/** Reads a stored row. Throws IntegrityError E_POLICY naming the state and the first cell that is wrong. */
export function parseRow(stateId: string, stored: unknown): QRow {
  const parsed = QRowSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue ? `${issue.path.join('.')}: ${issue.message}` : 'not a row';
  throw new IntegrityError('E_POLICY', `state ${quoteForMessage(stateId)}, ${where}; expected q in [-1,1], visits and m2 per action`);
}

/** 128 bits are enough to notice a changed row. */
export function rowHash(row: QRow): string {
  return canonicalHash(row).slice(0, 32);
}

/** Identifies the whole table: the hash over the hashes of its rows. */
export function tableHash(rowHashes: Readonly<Record<string, string>>): string {
  return canonicalHash(rowHashes);
}

export function rowHashesOf(table: QTable): Record<string, string> {
  return Object.fromEntries([...table].map(([stateId, row]) => [stateId, rowHash(row)]));
}
