/** Glue's jobs and runs by the SDK. */
import {
  BatchStopJobRunCommand,
  GetJobBookmarkCommand,
  GetJobCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  type GlueClient,
  type Job as GlueJob,
  type JobRun as GlueJobRun,
  type JobBookmarkEntry,
  StartJobRunCommand,
  type StartJobRunCommandInput,
  type WorkerType,
} from '@aws-sdk/client-glue';
import { isServiceError, ServiceError } from '../aws-errors.ts';
import { EnvironmentError, quoteForMessage } from '../errors.ts';
import type { Job, JobRun, JobRunReader, JobRunStarter, JobRunState, StartJobRun } from '../ports.ts';
import { instantOf, isWithoutAnswer, required } from './aws-response.ts';

/** The most that GetJobRuns gives in one page. */
const PAGE_LIMIT = 200;

const RUN_STATES: Readonly<Record<JobRunState, true>> = {
  STARTING: true,
  RUNNING: true,
  STOPPING: true,
  WAITING: true,
  SUCCEEDED: true,
  FAILED: true,
  TIMEOUT: true,
  STOPPED: true,
  ERROR: true,
  EXPIRED: true,
};

export class AwsJobRuns implements JobRunReader {
  readonly #glue: GlueClient;

  constructor(glue: GlueClient) {
    this.#glue = glue;
  }

  async getJob(jobName: string): Promise<Job> {
    const { Job } = await this.#glue.send(new GetJobCommand({ JobName: jobName }));
    return toJob(required(Job, 'Job'));
  }

  async getJobRun(jobName: string, runId: string): Promise<JobRun> {
    const { JobRun } = await this.#glue.send(new GetJobRunCommand({ JobName: jobName, RunId: runId }));
    return toJobRun(required(JobRun, 'JobRun'));
  }

  async listJobRuns(jobName: string, page: { limit: number; nextToken?: string }): Promise<{ runs: JobRun[]; nextToken?: string }> {
    const { JobRuns = [], NextToken } = await this.#glue.send(
      new GetJobRunsCommand({ JobName: jobName, MaxResults: Math.min(page.limit, PAGE_LIMIT), NextToken: page.nextToken }),
    );
    return { runs: JobRuns.map(toJobRun), ...(NextToken ? { nextToken: NextToken } : {}) };
  }

  async getJobBookmark(jobName: string): ReturnType<JobRunReader['getJobBookmark']> {
    try {
      const { JobBookmarkEntry } = await this.#glue.send(new GetJobBookmarkCommand({ JobName: jobName }));
      return JobBookmarkEntry ? toBookmark(JobBookmarkEntry) : null;
    } catch (error) {
      if (isServiceError(error, 'EntityNotFoundException')) return null;
      throw error;
    }
  }
}

export class AwsJobStarter implements JobRunStarter {
  readonly #glue: GlueClient;

  /** `glue` must not retry: see `AwsClients.glueOnce`. */
  constructor(glue: GlueClient) {
    this.#glue = glue;
  }

  async startJobRun(request: StartJobRun): Promise<string> {
    try {
      const { JobRunId } = await this.#glue.send(new StartJobRunCommand(toStartInput(request)));
      return required(JobRunId, 'JobRunId');
    } catch (error) {
      if (!isWithoutAnswer(error)) throw error;
      throw new ServiceError(
        'OperationTimeoutException',
        `StartJobRun of ${quoteForMessage(request.jobName)} got no answer; it may have started`,
      );
    }
  }

  async stopJobRun(jobName: string, runId: string): Promise<void> {
    const { Errors = [] } = await this.#glue.send(new BatchStopJobRunCommand({ JobName: jobName, JobRunIds: [runId] }));
    const detail = Errors[0]?.ErrorDetail;
    if (!detail) return;
    const error = new Error(detail.ErrorMessage ?? `run ${quoteForMessage(runId)} could not be stopped`);
    throw Object.assign(error, { name: detail.ErrorCode ?? 'InternalServiceException' });
  }
}

export function toJob(job: GlueJob): Job {
  return {
    name: required(job.Name, 'Job.Name'),
    command: job.Command?.Name ?? 'glueetl',
    glueVersion: job.GlueVersion ?? null,
    maxRetries: job.MaxRetries ?? 0,
    maxConcurrentRuns: job.ExecutionProperty?.MaxConcurrentRuns ?? 1,
    ...toCapacity(job),
    defaultArguments: job.DefaultArguments ?? {},
    nonOverridableArguments: job.NonOverridableArguments ?? {},
    securityConfiguration: job.SecurityConfiguration ?? null,
    role: job.Role ?? '',
  };
}

export function toJobRun(run: GlueJobRun): JobRun {
  return {
    id: required(run.Id, 'JobRun.Id'),
    jobName: required(run.JobName, 'JobRun.JobName'),
    attempt: run.Attempt ?? 0,
    previousRunId: run.PreviousRunId ?? null,
    triggerName: run.TriggerName ?? null,
    state: toRunState(run.JobRunState),
    stateDetail: run.StateDetail ?? null,
    errorMessage: run.ErrorMessage ?? null,
    startedOn: required(instantOf(run.StartedOn ?? run.LastModifiedOn ?? run.CompletedOn), 'JobRun.StartedOn'),
    completedOn: instantOf(run.CompletedOn),
    executionTimeSeconds: run.ExecutionTime ?? 0,
    timeoutMinutes: run.Timeout ?? null,
    dpuSeconds: run.DPUSeconds ?? null,
    arguments: run.Arguments ?? {},
    ...toCapacity(run),
    glueVersion: run.GlueVersion ?? null,
    logGroupName: run.LogGroupName ?? null,
    securityConfiguration: run.SecurityConfiguration ?? null,
    executionClass: run.ExecutionClass ?? null,
  };
}

/** Glue also fills MaxCapacity in for jobs sized by workers; only without a worker type is it how the job is sized. */
function toCapacity(sized: { WorkerType?: string | undefined; NumberOfWorkers?: number | undefined; MaxCapacity?: number | undefined }) {
  const workerType = sized.WorkerType ?? null;
  return {
    workerType,
    numberOfWorkers: sized.NumberOfWorkers ?? null,
    maxCapacity: workerType === null ? (sized.MaxCapacity ?? null) : null,
  };
}

function toRunState(state: string | undefined): JobRunState {
  if (state !== undefined && Object.hasOwn(RUN_STATES, state)) return state as JobRunState;
  throw new EnvironmentError(
    'E_AWS_RESPONSE',
    `JobRunState is ${quoteForMessage(state)}, expected one of ${Object.keys(RUN_STATES).join(', ')}`,
  );
}

export function toBookmark(entry: JobBookmarkEntry): { run: number; attempt: number; version: number; value: string } {
  return { run: entry.Run ?? 0, attempt: entry.Attempt ?? 0, version: entry.Version ?? 0, value: entry.JobBookmark ?? '' };
}

/** The SDK's list of worker types ends before Glue's does: the type goes through as it is. */
export function toStartInput(request: StartJobRun): StartJobRunCommandInput {
  return {
    JobName: request.jobName,
    Arguments: { ...request.arguments },
    ...(request.workerType === undefined ? {} : { WorkerType: request.workerType as WorkerType }),
    ...(request.numberOfWorkers === undefined ? {} : { NumberOfWorkers: request.numberOfWorkers }),
  };
}
