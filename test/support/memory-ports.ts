/** Ports for tests of steps that decide: tables in memory, a clock set by hand, and fakes that refuse what AWS refuses. */
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { Job, JobRun, JobRunReader, Notifier, Ports, TaskCallback, WorkflowStarter } from '../../functions/shared/ports.ts';
import { MemoryAppendOnlyTable, MemoryItemTable } from '../../local/twins/memory-item-table.ts';

export const NOW = new Date('2026-11-05T12:00:00.000Z');

export class FakeClock {
  #now = NOW.getTime();

  readonly read = (): Date => new Date(this.#now);

  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

/** The time `seconds` before (or, negative, after) the tests' noon. */
export const secondsAgo = (seconds: number): string => new Date(NOW.getTime() - seconds * 1000).toISOString();

export const aJob = (changes: Partial<Job> = {}): Job => ({
  name: 'orders',
  command: 'glueetl',
  glueVersion: '5.0',
  maxRetries: 0,
  maxConcurrentRuns: 1,
  workerType: 'G.1X',
  numberOfWorkers: 2,
  maxCapacity: null,
  defaultArguments: {},
  nonOverridableArguments: {},
  securityConfiguration: null,
  role: 'arn:aws:iam::111122223333:role/glue',
  ...changes,
});

export const aRun = (changes: Partial<JobRun> = {}): JobRun => ({
  id: 'jr_1',
  jobName: 'orders',
  attempt: 0,
  previousRunId: null,
  triggerName: null,
  state: 'FAILED',
  stateDetail: null,
  errorMessage: 'An error occurred',
  startedOn: secondsAgo(900),
  completedOn: secondsAgo(600),
  executionTimeSeconds: 300,
  timeoutMinutes: 480,
  dpuSeconds: 600,
  arguments: { '--day': '2026-11-05' },
  workerType: 'G.1X',
  numberOfWorkers: 2,
  maxCapacity: null,
  glueVersion: '5.0',
  logGroupName: null,
  securityConfiguration: null,
  executionClass: 'STANDARD',
  ...changes,
});

/** Job runs in memory, newest first, in pages. */
export class FakeJobRuns implements JobRunReader {
  readonly jobs = new Map<string, Job>();
  readonly runs: JobRun[] = [];
  pagesRead = 0;

  add(run: JobRun, job: Job = aJob({ name: run.jobName })): JobRun {
    if (!this.jobs.has(job.name)) this.jobs.set(job.name, job);
    this.runs.push(run);
    return run;
  }

  async getJob(jobName: string): Promise<Job> {
    const job = this.jobs.get(jobName);
    if (!job) throw new ServiceError('EntityNotFoundException', `Job ${jobName} not found`);
    return job;
  }

  async getJobRun(jobName: string, runId: string): Promise<JobRun> {
    const run = this.runs.findLast((each) => each.jobName === jobName && each.id === runId);
    if (!run) throw new ServiceError('EntityNotFoundException', `Job run ${runId} not found`);
    return run;
  }

  async listJobRuns(jobName: string, page: { limit: number; nextToken?: string }): Promise<{ runs: JobRun[]; nextToken?: string }> {
    await this.getJob(jobName);
    if (page.limit < 1 || page.limit > 200) throw new ServiceError('InvalidInputException', 'MaxResults is 1 to 200');
    this.pagesRead += 1;
    const newestFirst = this.runs.filter((run) => run.jobName === jobName).toSorted((a, b) => b.startedOn.localeCompare(a.startedOn));
    const from = Number(page.nextToken ?? 0);
    const runs = newestFirst.slice(from, from + page.limit);
    return from + page.limit < newestFirst.length ? { runs, nextToken: String(from + page.limit) } : { runs };
  }

  async getJobBookmark(): Promise<null> {
    return null;
  }
}

export class FakeNotifier implements Notifier {
  readonly sent: { subject: string; body: string; incidentId: string }[] = [];
  isDown = false;

  async notify(message: { subject: string; body: string; incidentId: string }): Promise<void> {
    if (this.isDown) throw new ServiceError('InternalServiceException', 'the topic does not answer');
    this.sent.push(message);
  }
}

/** Answers each open token once, as Step Functions does. */
export class FakeCallback implements TaskCallback {
  readonly open = new Set<string>();
  readonly answers: { taskToken: string; output: unknown }[] = [];
  isDown = false;

  async sendTaskSuccess(taskToken: string, output: unknown): Promise<void> {
    if (this.isDown) throw new ServiceError('InternalServiceException', 'Step Functions does not answer');
    if (!this.open.delete(taskToken)) throw new ServiceError('TaskTimedOut', 'the task has timed out or was answered before');
    this.answers.push({ taskToken, output });
  }
}

/** Starts nothing; refuses a name that was used before. */
export class FakeWorkflow implements WorkflowStarter {
  readonly started: { name: string; input: unknown }[] = [];

  async startExecution(name: string, input: unknown): Promise<void> {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw new ServiceError('ValidationException', `${name} is no name of an execution`);
    if (this.started.some((execution) => execution.name === name)) {
      throw new ServiceError('ExecutionAlreadyExists', `execution ${name} exists`);
    }
    this.started.push({ name, input });
  }
}

export interface MemoryPorts extends Ports {
  readonly operations: MemoryItemTable;
  readonly audit: MemoryAppendOnlyTable;
  readonly jobRuns: FakeJobRuns;
  readonly notifier: FakeNotifier;
  readonly callback: FakeCallback;
  readonly workflow: FakeWorkflow;
  readonly time: FakeClock;
  readonly published: { detailType: string; detail: Readonly<Record<string, unknown>> }[];
}

/** Every port that a deciding step has no business with throws when it is touched. */
export function memoryPorts(): MemoryPorts {
  const time = new FakeClock();
  const published: MemoryPorts['published'] = [];
  return {
    time,
    published,
    clock: time.read,
    settings: { artefactBucket: 'artefacts', quarantineBucket: 'quarantine', accountId: '111122223333', region: 'eu-central-1' },
    jobRuns: new FakeJobRuns(),
    notifier: new FakeNotifier(),
    callback: new FakeCallback(),
    workflow: new FakeWorkflow(),
    events: { publish: async (event) => void published.push(event) },
    operations: new MemoryItemTable(),
    qTable: new MemoryItemTable(),
    audit: new MemoryAppendOnlyTable(),
    jobStarter: untouchable('jobStarter'),
    catalog: untouchable('catalog'),
    catalogWriter: untouchable('catalogWriter'),
    logs: untouchable('logs'),
    objects: untouchable('objects'),
    objectWriter: untouchable('objectWriter'),
    artefacts: untouchable('artefacts'),
  };
}

function untouchable<Port extends object>(name: string): Port {
  return new Proxy({} as Port, {
    get(_target, property) {
      throw new Error(`${name}.${String(property)} was touched by a step that only decides`);
    },
  });
}

/** The same table, every call of which waits until `when` lets it go on: for schedulers and for crashes at a chosen call. */
export function gatedTable<Table extends object>(table: Table, when: (call: string) => Promise<void>): Table {
  return new Proxy(table, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        await when(String(property));
        return Reflect.apply(member, target, given) as unknown;
      };
    },
  });
}
