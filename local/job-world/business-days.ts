/** The days of the small company whose jobs these are: each delivery belongs to the day after the last one that was delivered. */
import type { JobWorld } from './job-world.ts';
import { LAKE } from './scenario.ts';

const FIRST_DAY = '2026-11-02';
const DAY_MS = 86_400_000;

/** Folders below `prefix` are days. */
export async function nextDay(world: JobWorld, prefix: string): Promise<string> {
  let last: string | undefined;
  let nextToken: string | undefined;
  do {
    const page = await world.objects.listObjects(LAKE, prefix, { limit: 1000, ...(nextToken === undefined ? {} : { nextToken }) });
    last = page.objects.at(-1)?.key ?? last;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  const day = last?.slice(prefix.length, prefix.length + FIRST_DAY.length);
  return day === undefined ? FIRST_DAY : dayAfter(day);
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}

/** Days since the first one. */
export function dayNumber(day: string): number {
  return Math.round((Date.parse(day) - Date.parse(FIRST_DAY)) / DAY_MS);
}
