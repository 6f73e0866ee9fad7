import { parseTrigger } from '../../../functions/claim-incident/parse-trigger.ts';
import { PythonFailure } from '../../../local/job-world/failures.ts';
import type { GlueEvent } from '../../../local/job-world/glue-event.ts';
import type { ProgramRun } from '../../../local/job-world/job-program.ts';
import { LocalGlue } from '../../../local/job-world/local-glue.ts';
import { jobOf } from '../../../local/job-world/scenario.ts';
import { sleep } from '../../../local/job-world/timers.ts';
import { LocalLogs } from '../../../local/twins/local-logs.ts';
import { describeJobRunsContract } from '../../contract/job-runs.contract.ts';
import { scratchDirectory } from '../scratch-directory.ts';

const PACE = { starting: 1, running: 1, retry: 20 };
const opened: LocalGlue[] = [];

function open(directory = scratchDirectory()): LocalGlue {
  const glue = new LocalGlue({
    directory: `${directory}/glue`,
    clock: () => new Date(),
    logs: new LocalLogs({ directory: `${directory}/logs` }),
    pace: PACE,
  });
  opened.push(glue);
  return glue;
}
afterEach(async () => {
  for (const glue of opened.splice(0)) await glue.stop();
});

const PROGRAMS = {
  succeeds: async () => {},
  fails: async () => {
    throw new PythonFailure('KeyError', "'amount'");
  },
  waits: (run: ProgramRun) => sleep(600_000, run.signal),
};
const program = (behaviour: keyof typeof PROGRAMS) => ({ script: 'orders.py', run: PROGRAMS[behaviour] });

describeJobRunsContract('the job world', async () => {
  const glue = open();
  return {
    jobRuns: glue,
    createJob: async (name, behaviour, changes = {}) => glue.createJob(jobOf(name, changes), program(behaviour)),
  };
});

describe('runs of the job world', () => {
  const oneRun = async (glue: LocalGlue) => glue.finished('orders', await glue.runJob('orders'));

  it('are announced as Glue announces them, and such an event is understood', async () => {
    const glue = open();
    const events: GlueEvent[] = [];
    glue.onEvent((event) => events.push(event));
    glue.createJob(jobOf('orders'), program('fails'));
    const run = await oneRun(glue);
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Glue Job State Change',
        source: 'aws.glue',
        account: '000000000000',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'local-1',
        resources: [],
        detail: { jobName: 'orders', severity: 'ERROR', state: 'FAILED', jobRunId: run.id, message: run.errorMessage },
      },
    ]);
    expect(parseTrigger(events[0], { accountId: '000000000000', region: 'local-1', now: new Date() })).toMatchObject({
      kind: 'run',
      jobName: 'orders',
      runId: run.id,
    });
  });

  it('are announced to a later listener as well, and to none that has left', async () => {
    const glue = open();
    glue.createJob(jobOf('orders'), program('succeeds'));
    await oneRun(glue);
    const heard: string[] = [];
    const leave = glue.onEvent((event) => heard.push(event.detail.state));
    expect(heard).toEqual(['SUCCEEDED']);
    leave();
    await oneRun(glue);
    expect(heard).toEqual(['SUCCEEDED']);
  });

  it('survive a restart; a run that was live then has failed, and says why', async () => {
    const directory = scratchDirectory();
    const before = open(directory);
    before.createJob(jobOf('orders', { maxConcurrentRuns: 2 }), program('waits'));
    const lost = await before.runJob('orders', { '--day': '1' });
    while ((await before.getJobRun('orders', lost)).state !== 'RUNNING') await new Promise((resolve) => setTimeout(resolve, 2));
    await before.stop();

    const after = open(directory);
    const events: GlueEvent[] = [];
    after.onEvent((event) => events.push(event));
    const run = await after.getJobRun('orders', lost);
    expect(run).toMatchObject({ state: 'FAILED', arguments: { '--day': '1' } });
    expect(run.errorMessage).toContain('container of the run was lost');
    expect(events.map((event) => event.detail.jobRunId)).toEqual([lost]);
    expect(await after.getJob('orders')).toEqual(jobOf('orders', { maxConcurrentRuns: 2 }));
    after.createJob(jobOf('orders', { maxConcurrentRuns: 2 }), program('succeeds'));
    expect((await oneRun(after)).state).toBe('SUCCEEDED');
  });

  it("get Glue's own retry even where a restart came in between", async () => {
    const directory = scratchDirectory();
    const job = jobOf('orders', { maxRetries: 1 });
    const before = open(directory);
    before.createJob(job, program('fails'));
    const failed = await oneRun(before);
    expect(before.liveRuns).toBe(1);
    await before.stop();
    const after = open(directory);
    const retried = new Promise<GlueEvent>((resolve) => after.onEvent(resolve));
    after.createJob(job, program('succeeds'));
    const { detail } = await retried;
    expect(await after.getJobRun('orders', detail.jobRunId)).toMatchObject({ state: 'SUCCEEDED', attempt: 1, previousRunId: failed.id });
  });

  it('never change the definition of their job', async () => {
    const glue = open();
    glue.createJob(jobOf('orders'), program('succeeds'));
    expect(() => glue.createJob(jobOf('orders', { maxRetries: 3 }), program('succeeds'))).toThrow(
      expect.objectContaining({ name: 'InvalidInputException' }),
    );
    await glue.startJobRun({ jobName: 'orders', arguments: {}, workerType: 'G.2X', numberOfWorkers: 5 });
    expect(await glue.getJob('orders')).toEqual(jobOf('orders'));
  });

  it('see defaults, arguments and what cannot be overridden, in this order', async () => {
    const glue = open();
    let seen: unknown;
    const job = jobOf('orders', { defaultArguments: { '--a': '1', '--b': '1', '--c': '1' }, nonOverridableArguments: { '--c': '3' } });
    glue.createJob(job, {
      script: 'orders.py',
      run: async (run) => {
        seen = run.args;
      },
    });
    const run = await glue.finished('orders', await glue.runJob('orders', { '--b': '2' }));
    expect(seen).toEqual({ '--a': '1', '--b': '2', '--c': '3' });
    expect(run.arguments).toEqual({ '--b': '2' });
    await expect(glue.runJob('orders', { '--c': '4' })).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('leave a bookmark only when they commit', async () => {
    const glue = open();
    glue.createJob(jobOf('orders'), {
      script: 'orders.py',
      run: async (run) => {
        run.setBookmark(`${Number(run.bookmark ?? 0) + 1}`);
        if (run.args['--commit'] === 'true') run.commit();
      },
    });
    await glue.finished('orders', await glue.runJob('orders'));
    expect(await glue.getJobBookmark('orders')).toBeNull();
    await glue.finished('orders', await glue.runJob('orders', { '--commit': 'true' }));
    await glue.finished('orders', await glue.runJob('orders', { '--commit': 'true' }));
    expect(await glue.getJobBookmark('orders')).toEqual({ run: 2, attempt: 0, version: 2, value: '2' });
  });

  it('time out', async () => {
    const glue = open();
    glue.createJob(jobOf('orders'), { ...program('waits'), timeoutMinutes: 0.0005 });
    expect((await oneRun(glue)).state).toBe('TIMEOUT');
  });

  it('take neither a job without MaxCapacity to workers nor half a capacity', async () => {
    const glue = open();
    glue.createJob(jobOf('orders', { workerType: null, numberOfWorkers: null, maxCapacity: 10 }), program('succeeds'));
    const refused = { name: 'InvalidInputException' };
    await expect(glue.startJobRun({ jobName: 'orders', arguments: {}, workerType: 'G.2X', numberOfWorkers: 5 })).rejects.toMatchObject(
      refused,
    );
    await expect(glue.startJobRun({ jobName: 'orders', arguments: {}, workerType: 'G.2X' })).rejects.toMatchObject(refused);
    expect((await oneRun(glue)).dpuSeconds).toBeGreaterThan(0);
  });

  it('show an error of the job world itself as such', async () => {
    const glue = open();
    glue.createJob(jobOf('orders'), {
      script: 'orders.py',
      run: async () => {
        throw new TypeError('x is not a function');
      },
    });
    expect((await oneRun(glue)).errorMessage).toContain('the local job world failed: TypeError: x is not a function');
  });
});
