/**
 * The audit trail: append only, one hash chain per incident. Count, head and which step wrote which entry are kept beside it in
 * the operations table, advanced after each append, so the chain may lead by one entry and truncation still shows.
 */
import * as z from 'zod';
import { canonicalHash } from '../canonical-hash.ts';
import { EnvironmentError, IntegrityError } from '../errors.ts';
import type { AppendOnlyTable, ItemTable, StoredItem } from '../ports.ts';
import { wellFormed } from '../well-formed.ts';
import { modify, parseStored, read } from './compare-and-set.ts';

const ATTEMPTS = 50;
const GENESIS = '0'.repeat(64);

const BasisSchema = z.strictObject({
  /** The execution whose document it was. */
  executionId: z.string(),
  /** What decided: the release, and the versions or hashes of the rules that it asked. */
  by: z.record(z.string(), z.string()),
  weighed: z.unknown(),
});
/** What a decision was made of besides the sections before it, and what made it: enough to make it again. */
export type Basis = z.infer<typeof BasisSchema>;

const EntrySchema = z.strictObject({
  incidentId: z.string(),
  sequence: z.number().int().positive(),
  /** `<Step>#<pass>`: a step that is run again finds what it wrote. */
  stepKey: z.string(),
  at: z.iso.datetime(),
  payload: z.unknown(),
  /** Of decisions only. */
  basis: BasisSchema.optional(),
  previousHash: z.string().length(64),
  hash: z.string().length(64),
});
export type AuditEntry = z.infer<typeof EntrySchema>;

const HeadSchema = z.strictObject({
  count: z.number().int().nonnegative(),
  head: z.string().length(64),
  steps: z.record(z.string(), z.number().int().positive()),
});
type Head = z.infer<typeof HeadSchema>;

export type ChainVerdict =
  | { readonly verdict: 'intact'; readonly entries: number; readonly head: string }
  | { readonly verdict: 'broken'; readonly entries: number; readonly firstBadEntry: number; readonly reason: string };

const sortKey = (sequence: number) => String(sequence).padStart(8, '0');
const headKey = (incidentId: string) => ({ pk: `INCIDENT#${incidentId}`, sk: 'AUDIT_HEAD' });

export class AuditTrail {
  readonly #audit: AppendOnlyTable;
  readonly #operations: ItemTable;
  readonly #clock: () => Date;

  constructor(ports: { audit: AppendOnlyTable; operations: ItemTable; clock: () => Date }) {
    this.#audit = ports.audit;
    this.#operations = ports.operations;
    this.#clock = ports.clock;
  }

  /** What a step has already recorded in this pass, undefined where it has not. */
  async recorded(incidentId: string, stepKey: string): Promise<AuditEntry | undefined> {
    const head = await this.#head(incidentId);
    const sequence = head.steps[stepKey];
    if (sequence !== undefined) return this.#entry(incidentId, sequence);
    const leading = await this.#entry(incidentId, head.count + 1);
    return leading?.stepKey === stepKey ? leading : undefined;
  }

  /** Appends once per step key: a second append of the same key returns the first one's entry and writes nothing. */
  async append(incidentId: string, stepKey: string, payload: unknown, basis?: Basis): Promise<AuditEntry> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const head = await this.#catchUp(incidentId);
      const known = head.steps[stepKey];
      if (known !== undefined) return this.#required(incidentId, known);
      const content = {
        incidentId,
        sequence: head.count + 1,
        stepKey,
        at: this.#clock().toISOString(),
        payload: wellFormed(payload),
        ...(basis === undefined ? {} : { basis: wellFormed(basis) }),
        previousHash: head.head,
      };
      const entry: AuditEntry = { ...content, hash: canonicalHash(content) };
      if ((await this.#audit.append({ pk: incidentId, sk: sortKey(entry.sequence) }, entry)) === 'appended') {
        await this.#advance(entry);
        return entry;
      }
    }
    throw new EnvironmentError('E_AUDIT', `no place in the chain of ${incidentId} after ${ATTEMPTS} attempts; try again`);
  }

  /** All entries, in order. */
  async entries(incidentId: string): Promise<AuditEntry[]> {
    return (await this.#items(incidentId)).map((item) => parseStored(EntrySchema, item));
  }

  /** Finds edit, insertion, deletion, swap and truncation. */
  async verify(incidentId: string): Promise<ChainVerdict> {
    let head = await this.#head(incidentId);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const verdict = await this.#verifyAgainst(head, incidentId);
      const after = await this.#head(incidentId);
      // A chain that grew while it was read is read again: that is no tampering.
      if (after.count === head.count && after.head === head.head) return verdict;
      head = after;
    }
    throw new EnvironmentError('E_AUDIT', `${incidentId} is being written to all the time; try again later`);
  }

  async #verifyAgainst(anchor: Head, incidentId: string): Promise<ChainVerdict> {
    const items = await this.#items(incidentId);
    const entries: AuditEntry[] = [];
    for (const item of items) {
      const parsed = EntrySchema.safeParse(item.attributes);
      if (!parsed.success) {
        const before = verifyChain(incidentId, entries, { count: entries.length, head: entries.at(-1)?.hash ?? GENESIS });
        if (before.verdict === 'broken') return { ...before, entries: items.length };
        const issue = parsed.error.issues[0];
        const reason = `is no entry of a trail at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`;
        return { verdict: 'broken', entries: items.length, firstBadEntry: entries.length + 1, reason };
      }
      entries.push(parsed.data);
    }
    return verifyChain(incidentId, entries, anchor);
  }

  async #items(incidentId: string): Promise<StoredItem[]> {
    const items: StoredItem[] = [];
    let after: string | undefined;
    do {
      const page = await this.#audit.query(incidentId, after === undefined ? {} : { after });
      items.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return items;
  }

  async #head(incidentId: string): Promise<Head> {
    return (await read(this.#operations, headKey(incidentId), HeadSchema)) ?? { count: 0, head: GENESIS, steps: {} };
  }

  async #entry(incidentId: string, sequence: number): Promise<AuditEntry | undefined> {
    const stored: StoredItem | undefined = await this.#audit.get({ pk: incidentId, sk: sortKey(sequence) });
    return stored && parseStored(EntrySchema, stored);
  }

  async #required(incidentId: string, sequence: number): Promise<AuditEntry> {
    const entry = await this.#entry(incidentId, sequence);
    if (!entry)
      throw new IntegrityError('E_AUDIT', `entry ${sequence} of ${incidentId} is missing; run \`glue-medic verify ${incidentId}\``);
    return entry;
  }

  /** A crash between append and advance leaves the chain one ahead of its head: the next writer takes it along. */
  async #catchUp(incidentId: string): Promise<Head> {
    const head = await this.#head(incidentId);
    const leading = await this.#entry(incidentId, head.count + 1);
    return leading ? await this.#advance(leading) : head;
  }

  async #advance(entry: AuditEntry): Promise<Head> {
    const { value } = await modify(this.#operations, headKey(entry.incidentId), HeadSchema, (current) => {
      const head = current ?? { count: 0, head: GENESIS, steps: {} };
      if (head.count >= entry.sequence) return undefined;
      return { count: entry.sequence, head: entry.hash, steps: { ...head.steps, [entry.stepKey]: entry.sequence } };
    });
    if (!value) throw new IntegrityError('E_AUDIT', `the head of ${entry.incidentId} could not be read back`);
    return value;
  }
}

/** Pure: the chain against its own hashes and against the anchored count and head. */
export function verifyChain(incidentId: string, entries: readonly AuditEntry[], anchor: { count: number; head: string }): ChainVerdict {
  const broken = (firstBadEntry: number, reason: string): ChainVerdict => ({
    verdict: 'broken',
    entries: entries.length,
    firstBadEntry,
    reason,
  });
  let previousHash = GENESIS;
  for (const [index, entry] of entries.entries()) {
    const sequence = index + 1;
    const { hash, ...content } = entry;
    if (entry.incidentId !== incidentId) return broken(sequence, `belongs to ${entry.incidentId}`);
    if (entry.sequence !== sequence) return broken(sequence, `has sequence ${entry.sequence}, expected ${sequence}`);
    if (entry.previousHash !== previousHash) return broken(sequence, 'does not follow the entry before it');
    if (canonicalHash(content) !== hash) return broken(sequence, 'was changed after it was written');
    if (sequence === anchor.count && hash !== anchor.head) return broken(sequence, 'differs from the anchored head');
    previousHash = hash;
  }
  if (entries.length < anchor.count) return broken(entries.length + 1, `is missing: ${anchor.count} entries were anchored`);
  if (entries.length > anchor.count + 1) return broken(anchor.count + 2, `was inserted: only ${anchor.count} entries were anchored`);
  return { verdict: 'intact', entries: entries.length, head: previousHash };
}
