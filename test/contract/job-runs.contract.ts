/** What Glue's job runs promise, whatever is behind them: run against the job world and against the AWS adapters. */
import type { Job, JobRun, JobRunReader, JobRunStarter } from '../../functions/shared/ports.ts';

export interface JobRunsUnderTest {
  readonly jobRuns: JobRunReader & JobRunStarter;
  /** A job whose runs do what `behaviour` says: `waits` until it is stopped. */
  createJob(name: string, behaviour: 'succeeds' | 'fails' | 'waits', changes?: Partial<Job>): Promise<void>;
  close?(): Promise<void>;
}

const TERMINAL = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT'];

export function describeJobRunsContract(name: string, open: () => Promise<JobRunsUnderTest>): void {
  describe(`${name}: the contract of job runs`, () => {
    let world: JobRunsUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close?.();
    });

    const start = (jobName: string, args: Record<string, string> = {}) => world.jobRuns.startJobRun({ jobName, arguments: args });
    const until = async (jobName: string, runId: string, states: readonly string[]): Promise<JobRun> => {
      for (;;) {
        const run = await world.jobRuns.getJobRun(jobName, runId);
        if (states.includes(run.state)) return run;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };

    it('runs a job and tells how it went', async () => {
      await world.createJob('orders', 'succeeds');
      const runId = await start('orders', { '--day': '2026-11-02' });
      expect(runId).toMatch(/^jr_[0-9a-f]{64}$/);
      const run = await until('orders', runId, TERMINAL);
      expect(run).toMatchObject({ id: runId, state: 'SUCCEEDED', attempt: 0, previousRunId: null, errorMessage: null });
      expect(run.arguments).toMatchObject({ '--day': '2026-11-02' });
      expect(run).toMatchObject({ workerType: 'G.1X', numberOfWorkers: 2, maxCapacity: null });
      expect(Date.parse(run.completedOn ?? '')).toBeGreaterThanOrEqual(Date.parse(run.startedOn));
      expect(run.dpuSeconds).toBeGreaterThan(0);
    });

    it('keeps the error message of a failed run', async () => {
      await world.createJob('orders', 'fails');
      const run = await until('orders', await start('orders'), TERMINAL);
      expect(run.state).toBe('FAILED');
      expect(run.errorMessage).not.toBe('');
      expect(run.errorMessage).not.toBeNull();
    });

    it('starts no more runs at a time than MaxConcurrentRuns', async () => {
      await world.createJob('orders', 'waits');
      const first = await start('orders');
      await expect(start('orders')).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
      await until('orders', first, ['RUNNING']);
      await world.jobRuns.stopJobRun('orders', first);
      expect((await until('orders', first, TERMINAL)).state).toBe('STOPPED');
      const second = await start('orders');
      await world.jobRuns.stopJobRun('orders', second);
      await until('orders', second, TERMINAL);
    });

    it('does not stop a run that is over', async () => {
      await world.createJob('orders', 'succeeds');
      const runId = await start('orders');
      await until('orders', runId, TERMINAL);
      await expect(world.jobRuns.stopJobRun('orders', runId)).rejects.toMatchObject({ name: expect.stringContaining('Exception') });
      expect((await world.jobRuns.getJobRun('orders', runId)).state).toBe('SUCCEEDED');
    });

    it('retries a failed run as often as MaxRetries says', async () => {
      await world.createJob('orders', 'fails', { maxRetries: 1 });
      const first = await start('orders', { '--day': '1' });
      await until('orders', first, TERMINAL);
      let runs: JobRun[] = [];
      while (runs.length < 2) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        ({ runs } = await world.jobRuns.listJobRuns('orders', { limit: 10 }));
      }
      const second = await until('orders', runs[0]?.id ?? '', TERMINAL);
      expect(second).toMatchObject({ attempt: 1, previousRunId: first, state: 'FAILED' });
      expect(second.arguments).toMatchObject({ '--day': '1' });
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect((await world.jobRuns.listJobRuns('orders', { limit: 10 })).runs).toHaveLength(2);
    });

    it('takes another capacity for one run only, and only one that exists', async () => {
      await world.createJob('orders', 'succeeds');
      const runId = await world.jobRuns.startJobRun({ jobName: 'orders', arguments: {}, workerType: 'G.2X', numberOfWorkers: 3 });
      expect(await until('orders', runId, TERMINAL)).toMatchObject({ workerType: 'G.2X', numberOfWorkers: 3 });
      expect(await world.jobRuns.getJob('orders')).toMatchObject({ workerType: 'G.1X', numberOfWorkers: 2 });
      const wrong = { jobName: 'orders', arguments: {}, workerType: 'G.025X', numberOfWorkers: 3 };
      await expect(world.jobRuns.startJobRun(wrong)).rejects.toMatchObject({ name: 'InvalidInputException' });
    });

    it('lists runs newest first, page by page', async () => {
      await world.createJob('orders', 'succeeds', { maxConcurrentRuns: 3 });
      const started: string[] = [];
      for (let index = 0; index < 3; index += 1) {
        started.push(await start('orders'));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const first = await world.jobRuns.listJobRuns('orders', { limit: 2 });
      expect(first.runs.map((run) => run.id)).toEqual([started[2], started[1]]);
      const second = await world.jobRuns.listJobRuns('orders', { limit: 2, nextToken: first.nextToken ?? '' });
      expect(second.runs.map((run) => run.id)).toEqual([started[0]]);
      expect(second.nextToken).toBeUndefined();
      for (const runId of started) await until('orders', runId, TERMINAL);
    });

    it('has no bookmark before a run has left one', async () => {
      await world.createJob('orders', 'succeeds');
      expect(await world.jobRuns.getJobBookmark('orders')).toBeNull();
    });

    it('names what is missing as Glue does', async () => {
      const missing = { name: 'EntityNotFoundException' };
      await expect(world.jobRuns.getJob('nothing')).rejects.toMatchObject(missing);
      await expect(start('nothing')).rejects.toMatchObject(missing);
      await world.createJob('orders', 'succeeds');
      await expect(world.jobRuns.getJobRun('orders', `jr_${'0'.repeat(64)}`)).rejects.toMatchObject(missing);
    });
  });
}
