/** Storms: many incidents of one signature within a window. The first may act, the rest wait for what becomes of it. */
import * as z from 'zod';
import type { ItemTable } from '../ports.ts';
import { modify } from './compare-and-set.ts';

/** Members beyond this are counted by the caller's own deferral, not listed. */
const MEMBERS = 2000;

const StormSchema = z.strictObject({
  signature: z.string(),
  windowStart: z.iso.datetime(),
  members: z.array(z.string()).max(MEMBERS),
  deferred: z.array(z.string()).max(MEMBERS),
  settled: z.enum(['pending', 'reopened', 'digested']),
});
export type Storm = z.infer<typeof StormSchema>;

const PARTITION = 'STORMS';

/** Joins the storm of this signature; the answer is this incident's place in the window, the first being 1. */
export async function joinStorm(
  ports: { operations: ItemTable; clock: () => Date },
  signature: string,
  incidentId: string,
  windowSeconds: number,
): Promise<number> {
  const now = ports.clock();
  const windowStart = new Date(now.getTime() - windowSeconds * 1000).toISOString();
  const { value } = await modify(ports.operations, { pk: PARTITION, sk: signature }, StormSchema, (current) => {
    if (!current || current.windowStart < windowStart) {
      return { signature, windowStart: now.toISOString(), members: [incidentId], deferred: [], settled: 'pending' as const };
    }
    if (current.members.includes(incidentId) || current.members.length >= MEMBERS) return undefined;
    return { ...current, members: [...current.members, incidentId] };
  });
  const place = value?.members.indexOf(incidentId) ?? -1;
  return place >= 0 ? place + 1 : MEMBERS + 1;
}

export async function deferInStorm(ports: { operations: ItemTable }, signature: string, incidentId: string): Promise<void> {
  await modify(ports.operations, { pk: PARTITION, sk: signature }, StormSchema, (current) =>
    current && !current.deferred.includes(incidentId) && current.deferred.length < MEMBERS
      ? { ...current, deferred: [...current.deferred, incidentId] }
      : undefined,
  );
}

export async function listStorms(table: ItemTable): Promise<Storm[]> {
  const page = await table.query(PARTITION);
  return page.items.flatMap((item) => {
    const parsed = StormSchema.safeParse(item.attributes);
    return parsed.success && parsed.data.deferred.length > 0 ? [parsed.data] : [];
  });
}

/** Marks a storm as settled once; only the caller that did it may reopen or digest. */
export async function settleStorm(table: ItemTable, signature: string, settled: 'reopened' | 'digested'): Promise<boolean> {
  const { written } = await modify(table, { pk: PARTITION, sk: signature }, StormSchema, (current) =>
    current?.settled === 'pending' ? { ...current, settled } : undefined,
  );
  return written;
}
