import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LocalLogs } from '../../../local/twins/local-logs.ts';
import { describeLogsContract } from '../../contract/logs.contract.ts';
import { scratchDirectory } from '../scratch-directory.ts';

describeLogsContract('logs on files', async () => {
  const logs = new LocalLogs({ directory: scratchDirectory() });
  const group = '/aws-glue/jobs/error';
  return { logs, group, startTime: 1_790_000_000_000, append: async (stream, events) => logs.append(group, stream, events) };
});

describe('logs on files', () => {
  const request = { logGroupName: '/g', logStreamNamePrefix: 'run', startTime: 0 };

  it('answer with an empty page and a token now and then', async () => {
    const logs = new LocalLogs({ directory: scratchDirectory() });
    logs.append('/g', 'run-driver', [{ timestamp: 1, message: 'x' }]);
    const first = await logs.filterLogEvents({ ...request, limit: 10 });
    expect(first.events).toEqual([]);
    const second = await logs.filterLogEvents({ ...request, limit: 10, nextToken: first.nextToken ?? '' });
    expect(second).toEqual({ events: [{ timestamp: 1, message: 'x', logStreamName: 'run-driver' }] });
  });

  it('survive a restart, and a line that was not written to its end spoils no other', async () => {
    const directory = scratchDirectory();
    new LocalLogs({ directory }).append('/g', 'run-driver', [{ timestamp: 1, message: 'x' }]);
    const [group = ''] = readdirSync(directory);
    const file = readdirSync(join(directory, group)).find((name) => name.endsWith('.jsonl')) ?? '';
    appendFileSync(join(directory, group, file), '\n{"timestamp":2,"mess');
    const logs = new LocalLogs({ directory });
    logs.append('/g', 'run-driver', [{ timestamp: 3, message: 'y' }]);
    const { nextToken = '' } = await logs.filterLogEvents({ ...request, limit: 10 });
    expect((await logs.filterLogEvents({ ...request, limit: 10, nextToken })).events.map((event) => event.message)).toEqual(['x', 'y']);
  });

  it('give at most a megabyte in one page', async () => {
    const logs = new LocalLogs({ directory: scratchDirectory() });
    logs.append(
      '/g',
      'run-driver',
      Array.from({ length: 9 }, (_, index) => ({ timestamp: index, message: 'x'.repeat(200_000) })),
    );
    const { nextToken = '' } = await logs.filterLogEvents({ ...request, limit: 10_000 });
    const page = await logs.filterLogEvents({ ...request, limit: 10_000, nextToken });
    expect(page.events).toHaveLength(5);
    expect(page.nextToken).toBeDefined();
  });

  it('split an event that is longer than CloudWatch takes', async () => {
    const logs = new LocalLogs({ directory: scratchDirectory() });
    logs.append('/g', 'run-driver', [{ timestamp: 1, message: 'x'.repeat(300_000) }]);
    const { nextToken = '' } = await logs.filterLogEvents({ ...request, limit: 10_000 });
    const { events } = await logs.filterLogEvents({ ...request, limit: 10_000, nextToken });
    expect(events.length).toBeGreaterThan(1);
    expect(events.map((event) => event.message).join('')).toHaveLength(300_000);
  });

  it('refuse a token that they have not given', async () => {
    const logs = new LocalLogs({ directory: scratchDirectory() });
    logs.append('/g', 'run-driver', [{ timestamp: 1, message: 'x' }]);
    await expect(logs.filterLogEvents({ ...request, limit: 1, nextToken: 'mine' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
