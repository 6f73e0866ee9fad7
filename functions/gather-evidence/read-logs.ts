/**
 * Reads a run's logs within budgets for bytes, events, pages and time: the last seconds first, then what led to them. Pages come oldest
 * first, so that a talkative run would otherwise use the budget up before its end. Empty pages are not the end.
 */
import { isNotFound } from '../shared/aws-errors.ts';
import type { JobRun, LogReader } from '../shared/ports.ts';
import { boundedText } from './bounded-text.ts';
import type { Gaps } from './gaps.ts';
import { type LogLocation, logLocations } from './log-layouts.ts';

export interface LogBudget {
  readonly bytes: number;
  readonly events: number;
  readonly pages: number;
  readonly milliseconds: number;
}
export const LOG_BUDGET: LogBudget = { bytes: 4 * 1024 * 1024, events: 40_000, pages: 40, milliseconds: 45_000 };

/** The end of a run says most: this much before it, from the end backwards; the whole run only where all of that is silent. */
const WINDOWS_MS = [15_000, 2 * 60_000, 15 * 60_000];
const LINE_LIMIT = 4096;

export interface RunLog {
  readonly text: string;
  readonly lines: number;
  readonly bytes: number;
  readonly truncated: boolean;
  readonly groups: string[];
}

/** Lines in the order of their groups, errors first, and of time in each; an unreadable or missing group is a gap. */
export async function readLogs(
  run: JobRun,
  logs: LogReader,
  clock: () => Date,
  gaps: Gaps,
  budget: LogBudget = LOG_BUDGET,
): Promise<RunLog> {
  const reader = new BudgetedReader(logs, clock, budget);
  const groups: string[] = [];
  const missing: string[] = [];
  const locations = logLocations(run);
  for (const [index, location] of locations.entries()) {
    // what the script prints must not be lost to a storm of errors, nor the other way round
    reader.allow(index + 1 < locations.length ? 1 / 2 : 1);
    const found = await gaps.attempt(`logs ${location.group}`, 0, () =>
      readTail(reader, location, run).catch((error) => absent(error, location, missing)),
    );
    if (found > 0) groups.push(location.group);
    if (reader.isSpent()) break;
  }
  if (groups.length === 0)
    gaps.add('logs', missing.length > 0 ? `no lines; missing groups: ${missing.join(', ')}` : 'no lines in any group');
  if (reader.exhausted) gaps.add('logs', `stopped at the budget: ${reader.exhausted}`);
  return { text: reader.lines.join('\n'), lines: reader.lines.length, bytes: reader.bytes, truncated: reader.exhausted !== null, groups };
}

async function readTail(reader: BudgetedReader, location: LogLocation, run: JobRun): Promise<number> {
  const started = Date.parse(run.startedOn);
  const end = Date.parse(run.completedOn ?? run.startedOn);
  const windows: string[][] = [];
  const read = (from: number, until: number) => {
    const lines: string[] = [];
    windows.unshift(lines);
    return reader.read(location, from, until, lines);
  };
  let until = Number.POSITIVE_INFINITY;
  try {
    for (const window of WINDOWS_MS) {
      const from = Math.max(started, end - window);
      if (from >= until || reader.isShareSpent()) break;
      await read(from, until);
      until = from;
    }
    const isSilent = windows.every((lines) => lines.length === 0);
    if (isSilent && until > started && !reader.isShareSpent()) await read(started, until);
  } finally {
    // what was read before an error is evidence too
    for (const lines of windows) for (const line of lines) reader.lines.push(line);
  }
  return windows.reduce((sum, lines) => sum + lines.length, 0);
}

function absent(error: unknown, location: LogLocation, missing: string[]): number {
  if (!isNotFound(error)) throw error;
  missing.push(location.group);
  return 0;
}

class BudgetedReader {
  /** Of all locations that were read to their end. */
  readonly lines: string[] = [];
  bytes = 0;
  exhausted: keyof LogBudget | null = null;
  readonly #logs: LogReader;
  readonly #clock: () => Date;
  readonly #budget: LogBudget;
  readonly #deadline: number;
  /** How far bytes, events and pages may grow for now. */
  #share: Omit<LogBudget, 'milliseconds'>;
  #events = 0;
  #pages = 0;

  constructor(logs: LogReader, clock: () => Date, budget: LogBudget) {
    this.#logs = logs;
    this.#clock = clock;
    this.#budget = budget;
    this.#share = budget;
    this.#deadline = clock().getTime() + budget.milliseconds;
  }

  /** Of what is left of the budget, this part is for what is read next. */
  allow(part: number): void {
    const share = (used: number, all: number) => used + Math.ceil((all - used) * part);
    const { bytes, events, pages } = this.#budget;
    this.#share = { bytes: share(this.bytes, bytes), events: share(this.#events, events), pages: share(this.#pages, pages) };
  }

  /** Adds the lines of this location from `startTime` on and before `endTime`. */
  async read(location: LogLocation, startTime: number, endTime: number, lines: string[]): Promise<void> {
    let nextToken: string | undefined;
    do {
      const page = await this.#logs.filterLogEvents({
        logGroupName: location.group,
        logStreamNamePrefix: location.streamPrefix,
        startTime,
        limit: Math.min(10_000, this.#share.events - this.#events),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      this.#pages += 1;
      for (const event of page.events) if (event.timestamp < endTime) this.#take(event.message, lines);
      // events come in the order of time: the rest is known
      nextToken = page.events.some((event) => event.timestamp >= endTime) ? undefined : page.nextToken;
      const spent = this.#exhaustion(this.#share);
      if (spent !== null) this.exhausted ??= spent;
      if (spent !== null) break;
    } while (nextToken !== undefined);
  }

  isShareSpent(): boolean {
    return this.#exhaustion(this.#share) !== null;
  }

  isSpent(): boolean {
    return this.#exhaustion(this.#budget) !== null;
  }

  #take(message: string, lines: string[]): void {
    for (const line of message.split('\n')) {
      if (this.#events >= this.#share.events || this.bytes >= this.#share.bytes) return;
      const bounded = line.length > LINE_LIMIT ? `${boundedText(line, LINE_LIMIT)}…` : line.toWellFormed();
      lines.push(bounded);
      this.#events += 1;
      this.bytes += Buffer.byteLength(bounded) + 1;
    }
  }

  #exhaustion(limits: Omit<LogBudget, 'milliseconds'>): keyof LogBudget | null {
    if (this.bytes >= limits.bytes) return 'bytes';
    if (this.#events >= limits.events) return 'events';
    if (this.#pages >= limits.pages) return 'pages';
    return this.#clock().getTime() >= this.#deadline ? 'milliseconds' : null;
  }
}
