/** Glue's runs in memory that can be started and stopped, refusing what Glue refuses; a run's end is told by the test. */
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { JobRun, JobRunStarter, StartJobRun } from '../../functions/shared/ports.ts';
import { aRun, FakeJobRuns } from './memory-ports.ts';

const LIVE = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'];

export class StartingGlue extends FakeJobRuns implements JobRunStarter {
  readonly #clock: () => Date;
  /** Seconds until a started run is listed. */
  visibleAfterSeconds = 0;

  constructor(clock: () => Date) {
    super();
    this.#clock = clock;
  }

  async startJobRun(request: StartJobRun): Promise<string> {
    const job = await this.getJob(request.jobName);
    const live = this.runs.filter((run) => run.jobName === request.jobName && LIVE.includes(run.state)).length;
    if (live >= job.maxConcurrentRuns)
      throw new ServiceError('ConcurrentRunsExceededException', `Concurrent runs exceeded for ${job.name}`);
    if ((request.workerType === undefined) !== (request.numberOfWorkers === undefined)) {
      throw new ServiceError('InvalidInputException', 'Please set both Worker Type and Number of Workers.');
    }
    const run = aRun({
      id: `jr_started_${this.runs.length}`,
      jobName: job.name,
      state: 'RUNNING',
      errorMessage: null,
      startedOn: this.#clock().toISOString(),
      completedOn: null,
      arguments: { ...request.arguments },
      workerType: request.workerType ?? job.workerType,
      numberOfWorkers: request.numberOfWorkers ?? job.numberOfWorkers,
    });
    this.runs.push(run);
    return run.id;
  }

  async stopJobRun(jobName: string, runId: string): Promise<void> {
    const run = await this.getJobRun(jobName, runId);
    if (!LIVE.includes(run.state)) {
      throw Object.assign(new Error(`${runId} is ${run.state}`), { name: 'JobRunInvalidStateTransitionException' });
    }
    this.end(runId, 'STOPPED');
  }

  override async listJobRuns(jobName: string, page: { limit: number; nextToken?: string }): ReturnType<FakeJobRuns['listJobRuns']> {
    const answer = await super.listJobRuns(jobName, page);
    const visible = new Date(this.#clock().getTime() - this.visibleAfterSeconds * 1000).toISOString();
    return { ...answer, runs: answer.runs.filter((run) => !run.id.startsWith('jr_started_') || run.startedOn <= visible) };
  }

  /** What a run has come to. */
  end(runId: string, state: JobRun['state'], changes: Partial<JobRun> = {}): void {
    const index = this.runs.findIndex((run) => run.id === runId);
    const run = this.runs[index];
    if (!run) throw new Error(`no run ${runId}`);
    this.runs[index] = { ...run, state, completedOn: this.#clock().toISOString(), executionTimeSeconds: 60, ...changes };
  }

  /** Runs that carry this remediation's id. */
  startedFor(remediationId: string): JobRun[] {
    return this.runs.filter((run) => run.arguments['--glue-medic-remediation-id'] === remediationId);
  }
}
