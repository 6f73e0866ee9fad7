/** What every log reader promises, whatever is behind it: run against the twin on files and against CloudWatch Logs. */
import type { LogReader } from '../../functions/shared/ports.ts';

export interface LogsUnderTest {
  readonly logs: LogReader;
  /** The name of a group that does not exist until something is appended. */
  readonly group: string;
  /** Epoch milliseconds, recent enough for events to be taken. */
  readonly startTime: number;
  /** Returns when the events can be read. */
  append(stream: string, events: { timestamp: number; message: string }[]): Promise<void>;
  close?(): Promise<void>;
}

export function describeLogsContract(name: string, open: () => Promise<LogsUnderTest>): void {
  describe(`${name}: the contract of logs`, () => {
    let world: LogsUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close?.();
    });

    const readAll = async (prefix: string, { limit = 10_000, startTime = world.startTime } = {}) => {
      const pages: { timestamp: number; message: string; logStreamName: string }[][] = [];
      let nextToken: string | undefined;
      do {
        const page = await world.logs.filterLogEvents({
          logGroupName: world.group,
          logStreamNamePrefix: prefix,
          startTime,
          limit,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        pages.push(page.events);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return pages;
    };
    const messages = async (prefix: string, options?: { limit?: number; startTime?: number }) =>
      (await readAll(prefix, options)).flat().map((event) => event.message);
    const at = (offset: number, message: string) => ({ timestamp: world.startTime + offset, message });

    it('says that a group does not exist', async () => {
      await expect(readAll('jr_1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    it('gives the events of all streams with the prefix, and of no other, in the order of time', async () => {
      await world.append('jr_1-driver', [at(1, 'driver starts'), at(30, 'driver ends')]);
      await world.append('jr_1-1', [at(20, 'executor')]);
      await world.append('jr_2-driver', [at(10, 'another run')]);
      const events = (await readAll('jr_1')).flat();
      expect(events.map(({ message, logStreamName }) => [logStreamName, message])).toEqual([
        ['jr_1-driver', 'driver starts'],
        ['jr_1-1', 'executor'],
        ['jr_1-driver', 'driver ends'],
      ]);
    });

    it('gives nothing for a prefix without streams', async () => {
      await world.append('jr_1-driver', [at(1, 'x')]);
      expect(await messages('jr_9')).toEqual([]);
    });

    it('starts where it is told to', async () => {
      await world.append('jr_1-driver', [at(1, 'early'), at(100, 'late')]);
      expect(await messages('jr_1', { startTime: world.startTime + 100 })).toEqual(['late']);
    });

    it('gives every event exactly once, however small the pages', async () => {
      const written = Array.from({ length: 25 }, (_, index) => at(index, `line ${index}`));
      await world.append('jr_1-driver', written);
      const pages = await readAll('jr_1', { limit: 4 });
      expect(pages.flat().map((event) => event.message)).toEqual(written.map((event) => event.message));
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(4);
    });

    it('keeps several lines of one event together', async () => {
      await world.append('jr_1-driver', [at(1, 'Traceback:\n  File "x.py"\nKeyError: ä')]);
      expect(await messages('jr_1')).toEqual(['Traceback:\n  File "x.py"\nKeyError: ä']);
    });
  });
}
