/** What a job's program is, and what it is given: the script of a Glue job, in TypeScript. */
import type { RunLog } from './run-log.ts';
import type { FailedCall } from './tell-failure.ts';

/** What a program is given. */
export interface ProgramRun {
  readonly jobName: string;
  readonly runId: string;
  readonly script: string;
  readonly role: string;
  /** The job's defaults, the caller's arguments over them, and what may not be overridden over all. */
  readonly args: Readonly<Record<string, string>>;
  readonly workerType: string;
  readonly numberOfWorkers: number;
  readonly log: RunLog;
  /** Aborted when the run is stopped or times out. */
  readonly signal: AbortSignal;
  /** What the last committed run left. */
  readonly bookmark: string | null;
  /** Kept only when the program commits. */
  setBookmark(value: string): void;
  commit(): void;
  /** Where the session stands, for the report of a failure. */
  call: Omit<FailedCall, 'script' | 'line'>;
}

export interface JobProgram {
  /** As tracebacks name it: `orders.py`. */
  readonly script: string;
  /** As set on the job; 480 where it is not. */
  readonly timeoutMinutes?: number;
  run(run: ProgramRun): Promise<void>;
}
