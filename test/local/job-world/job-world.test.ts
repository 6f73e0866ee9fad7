import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createJobWorld } from '../../../local/job-world/job-world.ts';
import { scratchDirectory } from '../scratch-directory.ts';

const run = promisify(execFile);

describe('the job world', () => {
  it('keeps nothing alive once it is stopped: no run, no retry, no delivery', async () => {
    const source = (file: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../../local/job-world', file)).href);
    const script = `
      const { createJobWorld } = await import(${source('job-world.ts')});
      const { jobOf } = await import(${source('scenario.ts')});
      const { sleep } = await import(${source('timers.ts')});
      const world = await createJobWorld({ directory: ${JSON.stringify(scratchDirectory())}, pace: { starting: 1, running: 1, retry: 600000 } });
      world.objects.createBucket('lake');
      world.deliveries.schedule({ dueAt: Date.now() + 600000, bucket: 'lake', key: 'late', text: 'x' });
      world.glue.createJob(jobOf('waits'), { script: 'a.py', run: (run) => sleep(600000, run.signal) });
      world.glue.createJob(jobOf('fails', { maxRetries: 1 }), { script: 'b.py', run: async () => { throw new Error('x'); } });
      await world.glue.runJob('waits');
      await world.glue.finished('fails', await world.glue.runJob('fails'));
      await world.stop();
      console.log('stopped');
    `;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', script], {
      timeout: 30_000,
    });
    expect(stdout.trim()).toBe('stopped');
  }, 40_000);

  it('keeps its services over a restart', async () => {
    const directory = scratchDirectory();
    const before = await createJobWorld({ directory });
    before.source('prices').setRecords([{ sku: 'a' }]);
    before.source('prices').drain(3600);
    await before.notifier.notify({ subject: 's', body: 'b', incidentId: 'i' });
    await before.stop();
    const after = await createJobWorld({ directory });
    expect(() => after.source('prices').page(0)).toThrow('Rate exceeded');
    expect(after.notifier.mails()).toHaveLength(1);
    await after.stop();
  });
});
