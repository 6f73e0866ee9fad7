import { Gaps } from '../../../functions/gather-evidence/gaps.ts';
import { LOG_BUDGET, type LogBudget, readLogs } from '../../../functions/gather-evidence/read-logs.ts';
import { ServiceError } from '../../../functions/shared/aws-errors.ts';
import type { JobRun, LogReader } from '../../../functions/shared/ports.ts';
import { healingWorld } from '../../support/healing-world.ts';
import { aRun, FakeClock, secondsAgo } from '../../support/memory-ports.ts';

type Page = Awaited<ReturnType<LogReader['filterLogEvents']>>;
const event = (message: string) => ({ timestamp: Date.parse(secondsAgo(605)), message, logStreamName: 'jr_1-driver' });

/** Answers by group; what is not named does not exist. */
function logsOf(pages: Readonly<Record<string, readonly Page[]>>, clock?: FakeClock): LogReader & { calls: number; startTimes: number[] } {
  return {
    calls: 0,
    startTimes: [],
    async filterLogEvents({ logGroupName, nextToken, limit, startTime }) {
      this.calls += 1;
      this.startTimes.push(startTime);
      clock?.advance(10);
      if (limit < 1 || limit > 10_000) throw new ServiceError('ValidationException', `limit ${limit}`);
      const group = pages[logGroupName];
      if (!group) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
      const index = Number(nextToken ?? 0);
      const page = group[Math.min(index, group.length - 1)] ?? { events: [] };
      const events = page.events.filter(({ timestamp }) => timestamp >= startTime).slice(0, limit);
      return { events, ...(page.nextToken === undefined ? {} : { nextToken: String(index + 1) }) };
    },
  };
}

async function read(
  logs: LogReader,
  { budget = {}, clock = new FakeClock(), run = {} }: { budget?: Partial<LogBudget>; clock?: FakeClock; run?: Partial<JobRun> } = {},
) {
  const gaps = new Gaps();
  const log = await readLogs(aRun(run), logs, clock.read, gaps, { ...LOG_BUDGET, ...budget });
  return { log, gaps: gaps.list };
}
const ERROR = '/aws-glue/jobs/error';
const OUTPUT = '/aws-glue/jobs/output';

describe('readLogs', () => {
  it('R12: an empty page with a token is not the end', async () => {
    const logs = logsOf({
      [ERROR]: [{ events: [], nextToken: '1' }, { events: [], nextToken: '2' }, { events: [event('Rate exceeded')] }],
    });
    const { log } = await read(logs);
    expect(log).toMatchObject({ text: 'Rate exceeded', lines: 1, truncated: false, groups: [ERROR] });
  });

  it('R12: reads the layouts that a twin of CloudWatch holds', async () => {
    const world = await healingWorld();
    const timestamp = Date.parse(secondsAgo(650));
    world.logs.append(ERROR, 'jr_1-driver', [{ timestamp, message: 'Caused by: it' }]);
    world.logs.append(ERROR, 'jr_10', [{ timestamp, message: 'another run' }]);
    world.logs.append('/teams/sales/output', 'nightly-driver', [{ timestamp, message: 'printed' }]);
    const run = { arguments: { '--custom-logGroup-prefix': '/teams/sales', '--custom-logStream-prefix': 'nightly' } };
    expect((await read(world.logs, { run })).log.text.split('\n')).toEqual(expect.arrayContaining(['printed', 'Caused by: it']));
    world.remove();
  });

  it('looks at the whole run only where its end is silent', async () => {
    const logs = logsOf({ [ERROR]: [{ events: [] }], [OUTPUT]: [{ events: [event('x')] }] });
    await read(logs, { run: { startedOn: secondsAgo(7200), completedOn: secondsAgo(600) } });
    const windows = [15, 120, 900].map((seconds) => Date.parse(secondsAgo(600 + seconds)));
    expect(logs.startTimes).toEqual([...windows, Date.parse(secondsAgo(7200)), ...windows]);
  });

  it('R12: a run that talks more than the budget holds is read from its end backwards, each line once and in order', async () => {
    const world = await healingWorld();
    const end = Date.parse(secondsAgo(600));
    const lines = Array.from({ length: 5000 }, (_, index) => ({ timestamp: end - 240_000 + index * 48, message: `line ${index}` }));
    world.logs.append(ERROR, 'jr_1-driver', lines.slice(0, 4998));
    world.logs.append(ERROR, 'jr_1-driver', [{ timestamp: end + 20_000, message: 'flushed late' }]);
    world.logs.append(OUTPUT, 'jr_1-driver', [{ timestamp: end - 500, message: 'Traceback' }]);
    const { log, gaps } = await read(world.logs, { budget: { events: 4000 } });
    const seen = log.text.split('\n');
    expect(seen).toContain('line 4997');
    expect(seen.indexOf('flushed late')).toBe(seen.indexOf('line 4997') + 1);
    expect(seen.at(-1)).toBe('Traceback');
    expect(new Set(seen).size).toBe(seen.length);
    const numbers = seen.flatMap((line) => (line.startsWith('line ') ? [Number(line.slice(5))] : []));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(gaps).toContainEqual({ source: 'logs', reason: 'stopped at the budget: events' });
    world.remove();
  });

  const many = (count: number): Page => ({
    events: Array.from({ length: count }, (_, index) => event(`line ${index}`)),
    nextToken: 'more',
  });
  it.each<[keyof LogBudget, Partial<LogBudget>]>([
    ['events', { events: 250 }],
    ['bytes', { bytes: 2000 }],
    ['pages', { pages: 3 }],
    ['milliseconds', { milliseconds: 35_000 }],
  ])('R12: stops at the budget of %s, says so, and asks for no page more', async (name, budget) => {
    const clock = new FakeClock();
    const logs = logsOf({ [ERROR]: [many(100)], [OUTPUT]: [many(100)] }, clock);
    const { log, gaps } = await read(logs, { budget, clock });
    expect(log.truncated).toBe(true);
    expect(gaps).toContainEqual({ source: 'logs', reason: `stopped at the budget: ${name}` });
    expect(log.lines).toBeLessThanOrEqual(budget.events ?? Number.POSITIVE_INFINITY);
    expect(log.bytes).toBeLessThanOrEqual((budget.bytes ?? Number.POSITIVE_INFINITY) + 4200);
    expect(logs.calls).toBeLessThanOrEqual(4);
  });

  it('R12: empty pages without end stop at the budget of pages, to the page', async () => {
    const logs = logsOf({ [ERROR]: [{ events: [], nextToken: 'more' }], [OUTPUT]: [{ events: [], nextToken: 'more' }] });
    const { log, gaps } = await read(logs, { budget: { pages: 7 }, run: { startedOn: secondsAgo(7200) } });
    expect(logs.calls).toBe(7);
    expect(log).toMatchObject({ lines: 0, truncated: true });
    expect(gaps.map((gap) => gap.reason)).toContain('stopped at the budget: pages');
  });

  it('R13: missing groups are no evidence, and no failure', async () => {
    const { log, gaps } = await read(logsOf({}));
    expect(log).toMatchObject({ text: '', lines: 0, groups: [] });
    expect(gaps).toEqual([{ source: 'logs', reason: expect.stringContaining(`missing groups: ${ERROR}`) }]);
  });

  it('R13 F8: no lines in any group is a gap', async () => {
    const { gaps } = await read(logsOf({ [ERROR]: [{ events: [] }], [OUTPUT]: [{ events: [] }] }));
    expect(gaps).toEqual([{ source: 'logs', reason: 'no lines in any group' }]);
  });

  it.each(['AccessDeniedException', 'ThrottlingException'])(
    'R13 F7: %s on one group is a gap, and the other group is read',
    async (name) => {
      const logs = logsOf({ [OUTPUT]: [{ events: [event('still here')] }] });
      const failing: LogReader = {
        filterLogEvents: async (request) => {
          if (request.logGroupName === ERROR) throw Object.assign(new Error('no'), { name });
          return logs.filterLogEvents(request);
        },
      };
      const { log, gaps } = await read(failing);
      expect(log.text).toBe('still here');
      expect(gaps).toEqual([{ source: `logs ${ERROR}`, reason: expect.stringContaining(name) }]);
    },
  );

  it('bounds a line of five megabytes and text that UTF-8 cannot carry', async () => {
    const { log } = await read(logsOf({ [ERROR]: [{ events: [event('😀'.repeat(2_500_000)), event('half \ud83d of it')] }] }));
    expect(log.text.length).toBeLessThan(4200);
    expect(log.text.isWellFormed()).toBe(true);
  });
});
