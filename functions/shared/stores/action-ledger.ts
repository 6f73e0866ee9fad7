/**
 * The ledger of mutations: INTENT before, RESULT after, one row per incident and call. Replayed after a crash, a call with a RESULT
 * is not made again; one with only an INTENT is reconciled first.
 */
import * as z from 'zod';
import type { ItemTable } from '../ports.ts';
import { modify, parseStored, read } from './compare-and-set.ts';

const RowSchema = z.strictObject({
  call: z.string(),
  target: z.string(),
  intentAt: z.iso.datetime(),
  /** What the inverse needs, recorded before the effect. */
  before: z.unknown(),
  resultAt: z.iso.datetime().nullable(),
  result: z.unknown(),
});
export type LedgerRow = z.infer<typeof RowSchema>;

export class ActionLedger {
  readonly #table: ItemTable;
  readonly #clock: () => Date;
  readonly #incidentId: string;

  constructor(ports: { operations: ItemTable; clock: () => Date }, incidentId: string) {
    this.#table = ports.operations;
    this.#clock = ports.clock;
    this.#incidentId = incidentId;
  }

  async get(call: string): Promise<LedgerRow | undefined> {
    return read(this.#table, this.#key(call), RowSchema);
  }

  /** Records what is about to be done; an earlier INTENT for the same call stays as it is and is returned. */
  async intend(call: string, target: string, before: unknown): Promise<LedgerRow> {
    const row: LedgerRow = { call, target, intentAt: this.#clock().toISOString(), before: before ?? null, resultAt: null, result: null };
    const { value } = await modify(this.#table, this.#key(call), RowSchema, (current) => (current ? undefined : row));
    return value ?? row;
  }

  async conclude(call: string, result: unknown): Promise<void> {
    const resultAt = this.#clock().toISOString();
    await modify(this.#table, this.#key(call), RowSchema, (current) =>
      current && current.resultAt === null ? { ...current, resultAt, result: result ?? null } : undefined,
    );
  }

  /** Every row of the incident, in the order of the calls' names. */
  async rows(): Promise<LedgerRow[]> {
    const rows: LedgerRow[] = [];
    let after: string | undefined;
    do {
      const page = await this.#table.query(`INCIDENT#${this.#incidentId}`, {
        prefix: 'LEDGER#',
        ...(after === undefined ? {} : { after }),
      });
      rows.push(...page.items.map((item) => parseStored(RowSchema, item)));
      after = page.next;
    } while (after !== undefined);
    return rows;
  }

  #key(call: string) {
    return { pk: `INCIDENT#${this.#incidentId}`, sk: `LEDGER#${call}` };
  }
}
