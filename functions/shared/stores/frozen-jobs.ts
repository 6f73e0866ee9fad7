/**
 * Jobs on which nothing active is done until a person says so: an inverse of theirs was not completed, so catalog or input may be in a
 * state that nobody has chosen. Steps freeze, people lift.
 */
import * as z from 'zod';
import type { ItemReader, ItemTable, StoredItem } from '../ports.ts';
import { modify } from './compare-and-set.ts';

const PARTITION = 'FROZEN_JOBS';
const REASON_LIMIT = 500;

export const JobFreezeSchema = z.strictObject({
  jobName: z.string(),
  /** Whose inverse was not completed. */
  incidentId: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
});
export type JobFreeze = z.infer<typeof JobFreezeSchema>;

const StoredFreezeSchema = z.strictObject({
  ...JobFreezeSchema.shape,
  /** Who has lifted it; null while it holds. */
  lifted: z.strictObject({ by: z.string(), at: z.iso.datetime(), reason: z.string() }).nullable(),
});
type StoredFreeze = z.infer<typeof StoredFreezeSchema>;

const key = (jobName: string) => ({ pk: PARTITION, sk: jobName });

/** The freeze that holds, null where none does. One that cannot be read holds. */
export async function readJobFreeze(table: ItemReader, jobName: string): Promise<JobFreeze | null> {
  const stored = await table.get(key(jobName));
  return stored ? freezeIn(stored) : null;
}

export async function listJobFreezes(table: ItemReader): Promise<JobFreeze[]> {
  const freezes: JobFreeze[] = [];
  let after: string | undefined;
  do {
    const page = await table.query(PARTITION, after === undefined ? {} : { after });
    freezes.push(...page.items.map(freezeIn).filter((freeze) => freeze !== null));
    after = page.next;
  } while (after !== undefined);
  return freezes;
}

/** The first freeze stands until it is lifted; a later one says nothing new. */
export async function freezeJob(table: ItemTable, freeze: JobFreeze): Promise<void> {
  const reason = freeze.reason.slice(0, REASON_LIMIT);
  await modify(table, key(freeze.jobName), AnyItemSchema, (current) =>
    current && isHeld(current) ? undefined : { ...freeze, reason, lifted: null },
  );
}

/** Lifts the freeze that holds, also one that cannot be read. `not-frozen`: there was none. */
export async function liftJobFreeze(
  table: ItemTable,
  jobName: string,
  lifted: NonNullable<StoredFreeze['lifted']>,
): Promise<'lifted' | 'not-frozen'> {
  const { written } = await modify(table, key(jobName), AnyItemSchema, (current) => {
    if (!current || !isHeld(current)) return undefined;
    const { data: freeze } = StoredFreezeSchema.safeParse(current);
    return { ...(freeze ?? unreadable(jobName)), lifted };
  });
  return written ? 'lifted' : 'not-frozen';
}

/** What is stored may be damaged: that must neither hide a freeze nor keep it from being lifted. */
const AnyItemSchema = z.record(z.string(), z.unknown());

function isHeld(attributes: Record<string, unknown>): boolean {
  const parsed = StoredFreezeSchema.safeParse(attributes);
  return !parsed.success || parsed.data.lifted === null;
}

function freezeIn({ sk: jobName, attributes }: StoredItem): JobFreeze | null {
  const parsed = StoredFreezeSchema.safeParse(attributes);
  if (!parsed.success) return unreadable(jobName);
  const { lifted, ...freeze } = parsed.data;
  return lifted === null ? freeze : null;
}

function unreadable(jobName: string): JobFreeze {
  return { jobName, incidentId: 'unknown', reason: 'the freeze is unreadable, which counts as frozen', at: new Date(0).toISOString() };
}
