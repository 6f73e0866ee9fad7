/** Reads the end of a run's logs within budgets for bytes, events, pages and time. Empty pages are not the end. */
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

/** The end of a run says most: first this much before its end, and all of it only where that is empty. */
const TAIL_MS = 15 * 60_000;
const LINE_LIMIT = 4096;

export interface RunLog {
  readonly text: string;
  readonly lines: number;
  readonly bytes: number;
  readonly truncated: boolean;
  readonly groups: string[];
}

/** Lines in the order of their groups; an unreadable or missing group is a gap. */
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
  for (const location of logLocations(run)) {
    const found = await gaps.attempt(`logs ${location.group}`, 0, () =>
      readTail(reader, location, run).catch((error) => absent(error, location, missing)),
    );
    if (found > 0) groups.push(location.group);
    if (reader.exhausted) break;
  }
  if (groups.length === 0)
    gaps.add('logs', missing.length > 0 ? `no lines; missing groups: ${missing.join(', ')}` : 'no lines in any group');
  if (reader.exhausted) gaps.add('logs', `stopped at the budget: ${reader.exhausted}`);
  return { text: reader.lines.join('\n'), lines: reader.lines.length, bytes: reader.bytes, truncated: reader.exhausted !== null, groups };
}

async function readTail(reader: BudgetedReader, location: LogLocation, run: JobRun): Promise<number> {
  const started = Date.parse(run.startedOn);
  const tail = Math.max(started, Date.parse(run.completedOn ?? run.startedOn) - TAIL_MS);
  const found = await reader.read(location, tail);
  return found > 0 || tail === started || reader.exhausted ? found : reader.read(location, started);
}

function absent(error: unknown, location: LogLocation, missing: string[]): number {
  if (!isNotFound(error)) throw error;
  missing.push(location.group);
  return 0;
}

class BudgetedReader {
  readonly lines: string[] = [];
  bytes = 0;
  exhausted: keyof LogBudget | null = null;
  readonly #logs: LogReader;
  readonly #clock: () => Date;
  readonly #budget: LogBudget;
  readonly #deadline: number;
  #pages = 0;

  constructor(logs: LogReader, clock: () => Date, budget: LogBudget) {
    this.#logs = logs;
    this.#clock = clock;
    this.#budget = budget;
    this.#deadline = clock().getTime() + budget.milliseconds;
  }

  /** How many lines this location gave. */
  async read(location: LogLocation, startTime: number): Promise<number> {
    const before = this.lines.length;
    let nextToken: string | undefined;
    do {
      const page = await this.#logs.filterLogEvents({
        logGroupName: location.group,
        logStreamNamePrefix: location.streamPrefix,
        startTime,
        limit: Math.min(10_000, this.#budget.events - this.lines.length),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      this.#pages += 1;
      for (const event of page.events) this.#take(event.message);
      nextToken = page.nextToken;
      this.exhausted = this.#exhaustion();
    } while (nextToken !== undefined && this.exhausted === null);
    return this.lines.length - before;
  }

  #take(message: string): void {
    for (const line of message.split('\n')) {
      if (this.lines.length >= this.#budget.events || this.bytes >= this.#budget.bytes) return;
      const bounded = line.length > LINE_LIMIT ? `${boundedText(line, LINE_LIMIT)}…` : line.toWellFormed();
      this.lines.push(bounded);
      this.bytes += Buffer.byteLength(bounded) + 1;
    }
  }

  #exhaustion(): keyof LogBudget | null {
    if (this.bytes >= this.#budget.bytes) return 'bytes';
    if (this.lines.length >= this.#budget.events) return 'events';
    if (this.#pages >= this.#budget.pages) return 'pages';
    return this.#clock().getTime() >= this.#deadline ? 'milliseconds' : null;
  }
}
