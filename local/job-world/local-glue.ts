/**
 * Glue's job runs: states, limits, retries of its own, bookmarks, logs and events. The programs behind the jobs are real; their
 * outcome is the run's outcome. A job's definition is set when it is created and never changed by a run.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { Job, JobRun, JobRunReader, JobRunStarter, StartJobRun } from '../../functions/shared/ports.ts';
import { capacityOf } from '../../functions/shared/worker-types.ts';
import type { LocalLogs } from '../twins/local-logs.ts';
import { RunStopped } from './failures.ts';
import { type GlueEvent, stateChange } from './glue-event.ts';
import type { JobProgram, ProgramRun } from './job-program.ts';
import { RunLog } from './run-log.ts';
import { type Bookmark, RunStore } from './run-store.ts';
import { capacityFor, refuseFixedArguments } from './start-request.ts';
import { tellFailure } from './tell-failure.ts';
import { sleep, Timers } from './timers.ts';

/** Milliseconds. Runs are short, but take time: one sees them start, run and end. */
export interface GluePace {
  readonly starting: number;
  /** A run is at least this long in RUNNING. */
  readonly running: number;
  /** Between a failed attempt and Glue's own retry. */
  readonly retry: number;
}
const PACE: GluePace = { starting: 120, running: 350, retry: 2500 };

export interface LocalGlueOptions {
  readonly directory: string;
  readonly clock: () => Date;
  readonly logs: LocalLogs;
  readonly pace?: Partial<GluePace>;
}

type Listener = (event: GlueEvent) => void;
type Outcome = Pick<JobRun, 'state' | 'errorMessage'>;

const LIVE: readonly string[] = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'];
const PAGE_LIMIT = 200;
const DEFAULT_TIMEOUT_MINUTES = 480;
const TIMED_OUT = new RunStopped('the run took longer than its timeout');
const LOST = 'Error Category: UNCLASSIFIED_ERROR; The container of the run was lost: the process that ran it ended before the run did.';

export class LocalGlue implements JobRunReader, JobRunStarter {
  readonly #options: LocalGlueOptions;
  readonly #pace: GluePace;
  readonly #store: RunStore;
  readonly #programs = new Map<string, JobProgram>();
  readonly #timers = new Timers();
  /** What stops a live run, and what has been asked of it. */
  readonly #live = new Map<string, { abort: AbortController; done: Promise<void> }>();
  #retriesDue = 0;
  readonly #listeners = new Set<Listener>();
  /** Events from before anybody listened. */
  #unheard: GlueEvent[] = [];

  constructor(options: LocalGlueOptions) {
    this.#options = options;
    this.#pace = { ...PACE, ...options.pace };
    this.#store = new RunStore(options.directory);
    for (const run of this.#store.allRuns()) if (LIVE.includes(run.state)) this.#end(run, { state: 'FAILED', errorMessage: LOST });
  }

  /** Creates the job, or gives a job from before its program back. Another definition under the same name is refused. */
  createJob(job: Job, program: JobProgram): void {
    const stored = this.#store.job(job.name);
    if (stored && !isDeepStrictEqual(stored.job, job)) {
      throw new ServiceError('InvalidInputException', `Job ${job.name} exists with another definition`);
    }
    if (!stored) this.#store.saveJob({ job, bookmark: null });
    this.#programs.set(job.name, program);
    // Glue's own retry of a run from before a restart is still due.
    const last = this.#store.runs(job.name).at(-1);
    if (last) this.#retryLater(job, last);
  }

  /** Starts a run as a trigger or a caller would. */
  async runJob(jobName: string, args: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.startJobRun({ jobName, arguments: args });
  }

  /** The run in its final state. */
  async finished(jobName: string, runId: string): Promise<JobRun> {
    await this.#live.get(runId)?.done;
    return this.getJobRun(jobName, runId);
  }

  /** Runs that are under way, and those that Glue is about to start by itself. */
  get liveRuns(): number {
    return this.#live.size + this.#retriesDue;
  }

  /** Also hears, at once, of what happened before anybody listened. Returns how to stop listening. */
  onEvent(listener: Listener): () => void {
    this.#listeners.add(listener);
    const unheard = this.#unheard;
    this.#unheard = [];
    for (const event of unheard) listener(event);
    return () => this.#listeners.delete(listener);
  }

  /** Ends timers and programs; runs that are live now are found lost at the next start. */
  async stop(): Promise<void> {
    this.#timers.end();
    this.#listeners.clear();
    const live = [...this.#live.values()];
    for (const { abort } of live) abort.abort(new RunStopped('the job world stops'));
    await Promise.all(live.map(({ done }) => done));
  }

  async getJob(jobName: string): Promise<Job> {
    return this.#stored(jobName).job;
  }

  async getJobRun(jobName: string, runId: string): Promise<JobRun> {
    const run = this.#store.runs(jobName).find((each) => each.id === runId);
    if (!run) throw new ServiceError('EntityNotFoundException', `Job Run not found: ${runId} of ${jobName}`);
    return run;
  }

  async listJobRuns(jobName: string, page: { limit: number; nextToken?: string }): Promise<{ runs: JobRun[]; nextToken?: string }> {
    this.#stored(jobName);
    const newestFirst = this.#store.runs(jobName).toReversed();
    const from = page.nextToken === undefined ? 0 : newestFirst.findIndex((run) => run.id === page.nextToken) + 1;
    const runs = newestFirst.slice(from, from + Math.min(page.limit, PAGE_LIMIT));
    const last = runs.at(-1);
    return last && from + runs.length < newestFirst.length ? { runs, nextToken: last.id } : { runs };
  }

  async getJobBookmark(jobName: string): Promise<Bookmark | null> {
    return this.#stored(jobName).bookmark;
  }

  async startJobRun(request: StartJobRun): Promise<string> {
    const { job } = this.#stored(request.jobName);
    if (!this.#programs.has(job.name)) throw new ServiceError('EntityNotFoundException', `The script of job ${job.name} is not there`);
    const capacity = capacityFor(job, request);
    refuseFixedArguments(job, request);
    const live = this.#store.runs(job.name).filter((run) => LIVE.includes(run.state)).length;
    if (live >= job.maxConcurrentRuns) {
      throw new ServiceError('ConcurrentRunsExceededException', `Concurrent runs exceeded for ${job.name}`);
    }
    return this.#begin(job, { ...capacity, arguments: { ...request.arguments }, attempt: 0, previousRunId: null });
  }

  async stopJobRun(jobName: string, runId: string): Promise<void> {
    const run = await this.getJobRun(jobName, runId);
    const live = this.#live.get(runId);
    if (!live || !LIVE.includes(run.state)) {
      throw Object.assign(new Error(`JobRun ${runId} is not in a state that can be stopped: ${run.state}`), {
        name: 'JobRunInvalidStateTransitionException',
      });
    }
    this.#store.saveRun({ ...run, state: 'STOPPING' });
    live.abort.abort(new RunStopped('stopped by request'));
  }

  #stored(jobName: string) {
    const stored = this.#store.job(jobName);
    if (!stored) throw new ServiceError('EntityNotFoundException', `Failed to start job run due to missing metadata: ${jobName}`);
    return stored;
  }

  #begin(job: Job, from: Pick<JobRun, 'arguments' | 'attempt' | 'previousRunId' | 'workerType' | 'numberOfWorkers'>): string {
    const run: JobRun = {
      id: `jr_${randomBytes(32).toString('hex')}`,
      jobName: job.name,
      triggerName: null,
      state: 'STARTING',
      stateDetail: null,
      errorMessage: null,
      startedOn: this.#options.clock().toISOString(),
      completedOn: null,
      executionTimeSeconds: 0,
      timeoutMinutes: this.#programs.get(job.name)?.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES,
      dpuSeconds: null,
      maxCapacity: job.maxCapacity,
      glueVersion: job.glueVersion,
      logGroupName: '/aws-glue/jobs',
      securityConfiguration: job.securityConfiguration,
      executionClass: 'STANDARD',
      ...from,
    };
    this.#store.saveRun(run);
    const abort = new AbortController();
    const done = this.#perform(job, run, abort).finally(() => this.#live.delete(run.id));
    this.#live.set(run.id, { abort, done });
    return run.id;
  }

  /** Never throws. */
  async #perform(job: Job, run: JobRun, abort: AbortController): Promise<void> {
    const outcome = await this.#outcomeOf(job, run, abort);
    if (outcome === null) return;
    this.#retryLater(job, this.#end(run, outcome));
  }

  #retryLater(job: Job, { id, state, attempt, arguments: given, workerType, numberOfWorkers }: JobRun): void {
    if (state !== 'FAILED' || attempt >= job.maxRetries) return;
    const next = { arguments: given, workerType, numberOfWorkers, attempt: attempt + 1, previousRunId: id };
    this.#retriesDue += 1;
    this.#timers.after(this.#pace.retry, () => {
      this.#retriesDue -= 1;
      this.#begin(job, next);
    });
  }

  /** Null where the job world itself stops: then the run has no end yet. */
  async #outcomeOf(job: Job, run: JobRun, abort: AbortController): Promise<Outcome | null> {
    const program = this.#programs.get(job.name);
    const log = new RunLog(this.#options.logs, run.id, this.#options.clock);
    const programRun = this.#programRun(job, run, log, abort.signal);
    const timeout = setTimeout(() => abort.abort(TIMED_OUT), (run.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES) * 60_000);
    try {
      if (!program) throw new Error(`the script of ${job.name} is gone`);
      await sleep(this.#pace.starting, abort.signal);
      this.#store.saveRun({ ...run, state: 'RUNNING' });
      // The slower of the two: what the program needs, and what is to be seen. Both have ended before the run has.
      const [ran] = await Promise.allSettled([program.run(programRun), sleep(this.#pace.running, abort.signal)]);
      if (ran.status === 'rejected') throw ran.reason;
      abort.signal.throwIfAborted();
      return { state: 'SUCCEEDED', errorMessage: null };
    } catch (error) {
      if (abort.signal.reason === TIMED_OUT) return { state: 'TIMEOUT', errorMessage: null };
      if (abort.signal.aborted) return this.#timers.ended ? null : { state: 'STOPPED', errorMessage: null };
      const errorMessage = tellFailure(error, { ...programRun.call, script: programRun.script, line: failedLine(error) }, log);
      return { state: 'FAILED', errorMessage };
    } finally {
      clearTimeout(timeout);
    }
  }

  #programRun(job: Job, run: JobRun, log: RunLog, signal: AbortSignal): ProgramRun {
    const { bookmark } = this.#stored(job.name);
    let pending: string | null = null;
    return {
      jobName: job.name,
      runId: run.id,
      script: this.#programs.get(job.name)?.script ?? 'script.py',
      role: job.role,
      args: { ...job.defaultArguments, ...run.arguments, ...job.nonOverridableArguments },
      workerType: run.workerType ?? 'Standard',
      numberOfWorkers: run.numberOfWorkers ?? Math.max(Math.floor(run.maxCapacity ?? 2), 2),
      log,
      signal,
      bookmark: bookmark?.value ?? null,
      setBookmark: (value) => {
        pending = value;
      },
      commit: () => {
        if (pending === null) return;
        const before = this.#stored(job.name).bookmark;
        const next = { run: (before?.run ?? 0) + 1, attempt: run.attempt, version: (before?.version ?? 0) + 1, value: pending };
        this.#store.saveJob({ job, bookmark: next });
      },
      call: { py4jCall: 'o40.load', stage: 0, task: 0, executor: 1 },
    };
  }

  #end(started: JobRun, outcome: Outcome): JobRun {
    const now = this.#options.clock();
    const seconds = Math.max((now.getTime() - Date.parse(started.startedOn)) / 1000, 0);
    const dpu = capacityOf(started);
    const run: JobRun = {
      ...started,
      ...outcome,
      completedOn: now.toISOString(),
      executionTimeSeconds: Math.round(seconds),
      dpuSeconds: dpu === null ? null : Math.round(dpu * seconds * 1000) / 1000,
    };
    this.#store.saveRun(run);
    const event = stateChange(run, randomUUID(), now);
    if (event && this.#listeners.size === 0) this.#unheard.push(event);
    if (event) for (const listener of this.#listeners) listener(event);
    return run;
  }
}

/** The line of the job's own program where it failed: programs live in `jobs/`. */
function failedLine(error: unknown): number | null {
  const match = /\/jobs\/[^/\s]+\.ts:(\d{1,6})/.exec(error instanceof Error ? (error.stack ?? '').slice(0, 10_000) : '');
  return match ? Number(match[1]) : null;
}
