/**
 * Storms: many incidents of one signature within a window. The first ones may act, the rest wait for what becomes of the first.
 * One item per window and signature; a window that somebody waits in stays as it is until the reconciler has settled it.
 */
import * as z from 'zod';
import { EnvironmentError } from '../errors.ts';
import type { ItemReader, ItemTable } from '../ports.ts';
import { modify, parseStored, read } from './compare-and-set.ts';

/** A window with so many members is full: the next incident begins another one. */
const MEMBERS = 2000;
/** Whoever settles a storm has done so, or has died, by then: the reconciler's Lambda may not run for longer. */
const SETTLED_WITHIN_MS = 5 * 60_000;
/** Every attempt that fails means that a window was settled or filled at that moment. */
const ATTEMPTS = 10;

const StormSchema = z.strictObject({
  signature: z.string(),
  /** 1, and one more for each later window of this signature. */
  number: z.number().int().positive(),
  members: z.array(z.string()).max(MEMBERS),
  deferred: z.array(z.string()).max(MEMBERS),
  /** Settling takes time: `reopening` and `digesting` are taken up again after a crash, `reopened` and `digested` are over. */
  settled: z.enum(['pending', 'reopening', 'digesting', 'reopened', 'digested']),
  /** Since when somebody has been at it: reconcilers that run at once tell people once. */
  settlingSince: z.iso.datetime().nullable().default(null),
});
export type Storm = z.infer<typeof StormSchema>;

const WindowSchema = z.strictObject({ number: z.number().int().positive(), startedAt: z.iso.datetime() });
const IndexEntrySchema = z.strictObject({ signature: z.string(), number: z.number().int().positive() });

const INDEX = 'STORMS';
const windowKey = (signature: string) => ({ pk: 'STORM_WINDOWS', sk: signature });
const windowName = (number: number) => String(number).padStart(8, '0');
const stormKey = ({ signature, number }: Pick<Storm, 'signature' | 'number'>) => ({ pk: `STORM#${signature}`, sk: windowName(number) });

export interface Place {
  /** This incident's place in its window, the first being 1. */
  readonly place: number;
  /** From the `stormIncidents`-th place on: it waits, and is listed for the reconciler. */
  readonly deferred: boolean;
}

/** Joins the storm of this signature: one conditional write gives the place and lists who waits. Joined again, the place is the same. */
export async function joinStorm(
  ports: { operations: ItemTable; clock: () => Date },
  signature: string,
  incidentId: string,
  limits: { readonly stormIncidents: number; readonly stormWindowSeconds: number },
): Promise<Place> {
  let closedWindow = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const number = await windowOf(ports, signature, limits.stormWindowSeconds, closedWindow);
    const storm = await join(ports.operations, { signature, number }, incidentId, limits.stormIncidents);
    const place = storm.members.indexOf(incidentId) + 1;
    const deferred = storm.deferred.includes(incidentId);
    if (place > 0 && !(deferred && storm.settled !== 'pending')) {
      if (deferred) await ports.operations.create({ pk: INDEX, sk: `${signature}#${windowName(number)}` }, { signature, number });
      return { place, deferred };
    }
    closedWindow = number;
  }
  throw new EnvironmentError('E_CONFLICT', `no place in the storm of ${signature} after ${ATTEMPTS} attempts; try again later`);
}

async function join(table: ItemTable, id: Pick<Storm, 'signature' | 'number'>, incidentId: string, stormIncidents: number): Promise<Storm> {
  const empty: Storm = { ...id, members: [], deferred: [], settled: 'pending', settlingSince: null };
  const { value } = await modify(table, stormKey(id), StormSchema, (current = empty) => {
    if (current.settled !== 'pending' || current.members.includes(incidentId) || current.members.length >= MEMBERS) return undefined;
    const members = [...current.members, incidentId];
    return { ...current, members, deferred: members.length >= stormIncidents ? [...current.deferred, incidentId] : current.deferred };
  });
  return value ?? empty;
}

/** The number of the window that is open now; a new one where the last is over, settled or full. */
async function windowOf(
  ports: { operations: ItemTable; clock: () => Date },
  signature: string,
  windowSeconds: number,
  closedWindow: number,
): Promise<number> {
  const now = ports.clock();
  const oldest = new Date(now.getTime() - windowSeconds * 1000).toISOString();
  const { value } = await modify(ports.operations, windowKey(signature), WindowSchema, (current) =>
    current && current.startedAt >= oldest && current.number !== closedWindow
      ? undefined
      : { number: (current?.number ?? 0) + 1, startedAt: now.toISOString() },
  );
  return value?.number ?? 1;
}

/** Storms in which somebody still waits, in the order of their signatures. */
export async function listStorms(table: ItemReader): Promise<Storm[]> {
  const storms: Storm[] = [];
  let after: string | undefined;
  do {
    const page = await table.query(INDEX, after === undefined ? {} : { after });
    for (const item of page.items) {
      const storm = await read(table, stormKey(parseStored(IndexEntrySchema, item)), StormSchema);
      if (storm && (storm.settled === 'pending' || storm.settled === 'reopening' || storm.settled === 'digesting')) storms.push(storm);
    }
    after = page.next;
  } while (after !== undefined);
  return storms;
}

/**
 * From here on nobody joins, and the caller settles it, alone. False where the storm is not as it was seen, because somebody has joined, or
 * where somebody else is at it; one who has died at it is followed after some minutes.
 */
export async function beginSettling(
  ports: { operations: ItemTable; clock: () => Date },
  storm: Storm,
  how: 'reopening' | 'digesting',
): Promise<boolean> {
  const now = ports.clock();
  const lately = new Date(now.getTime() - SETTLED_WITHIN_MS).toISOString();
  const { written } = await modify(ports.operations, stormKey(storm), StormSchema, (current) => {
    if (!current) return undefined;
    const isAsSeen = current.settled === 'pending' && current.deferred.length === storm.deferred.length;
    const isLeftBehind = current.settled === how && (current.settlingSince ?? '') < lately;
    return isAsSeen || isLeftBehind ? { ...current, settled: how, settlingSince: now.toISOString() } : undefined;
  });
  return written;
}

/** All that was to be done about it is done. */
export async function finishSettling(table: ItemTable, storm: Storm): Promise<void> {
  await modify(table, stormKey(storm), StormSchema, (current) => {
    if (current?.settled === 'reopening') return { ...current, settled: 'reopened' as const };
    return current?.settled === 'digesting' ? { ...current, settled: 'digested' as const } : undefined;
  });
}
