import { guardedWriters, type Writers } from '../../../functions/execute-action/guarded-writers.ts';
import type { CatalogTable, ObjectHead } from '../../../functions/shared/ports.ts';
import { MUTATING_CALLS } from '../../support/fault-injection.ts';

const table = { database: 'sales', name: 'orders', versionId: '7' } as CatalogTable;
const columns = [{ name: 'id', type: 'bigint' }];
const keys = [{ name: 'day', type: 'date' }];
const body = new Uint8Array([1, 2, 3]);
const run = { jobName: 'orders', arguments: {} };
const copy = { sourceBucket: 'lake', sourceKey: 'k', sourceVersionId: null, sourceIfMatch: 'e', bucket: 'quarantine', key: 'q/k' };

/** Every call that changes something, as an action would make it. */
const CALLS: readonly (readonly [string, (writers: Writers) => Promise<unknown>, readonly unknown[]])[] = [
  ['jobStarter.startJobRun', ({ jobStarter }) => jobStarter.startJobRun(run), [run]],
  ['jobStarter.stopJobRun', ({ jobStarter }) => jobStarter.stopJobRun('orders', 'jr_1'), ['orders', 'jr_1']],
  [
    'catalogWriter.updateTableColumns',
    ({ catalogWriter }) => catalogWriter.updateTableColumns(table, columns, keys),
    [table, columns, keys],
  ],
  [
    'objectWriter.putObject',
    ({ objectWriter }) => objectWriter.putObject('lake', 'k', body, { ifNoneMatch: '*' }),
    ['lake', 'k', body, { ifNoneMatch: '*' }],
  ],
  ['objectWriter.copyObject', ({ objectWriter }) => objectWriter.copyObject(copy), [copy]],
  [
    'objectWriter.deleteObject',
    ({ objectWriter }) => objectWriter.deleteObject('lake', 'k', { ifMatch: 'e' }),
    ['lake', 'k', { ifMatch: 'e' }],
  ],
];

/** Writers that note what reaches them, and answer with their own name. */
function notingWriters(log: unknown[][]): Writers {
  const note =
    <Answer>(op: string, answer: Answer) =>
    async (...given: unknown[]): Promise<Answer> => {
      log.push([op, ...given]);
      return answer;
    };
  return {
    jobStarter: { startJobRun: note('jobStarter.startJobRun', 'jr_2'), stopJobRun: note('jobStarter.stopJobRun', undefined) },
    catalogWriter: { updateTableColumns: note('catalogWriter.updateTableColumns', '8') },
    objectWriter: {
      putObject: note('objectWriter.putObject', { versionId: 'v2', etag: 'e2' }),
      copyObject: note('objectWriter.copyObject', { key: 'q/k', etag: 'e' } as ObjectHead),
      deleteObject: note('objectWriter.deleteObject', undefined),
    },
  };
}

describe('guardedWriters', () => {
  it('R32 knows every call that changes something', () => {
    const writers = guardedWriters(notingWriters([]), async () => undefined);
    const known = Object.entries(writers).flatMap(([port, calls]) => Object.keys(calls).map((op) => `${port}.${op}`));
    expect(known.toSorted()).toEqual(MUTATING_CALLS.toSorted());
    expect(CALLS.map(([name]) => name).toSorted()).toEqual(MUTATING_CALLS.toSorted());
  });

  it.each(CALLS)('R32 asks before each %s, then makes it just as it was asked for', async (name, make, given) => {
    const log: unknown[][] = [];
    const inner = notingWriters(log);
    const writers = guardedWriters(inner, async () => void log.push(['permit']));
    const answers = [await make(writers), await make(writers)];
    expect(log).toEqual([['permit'], [name, ...given], ['permit'], [name, ...given]]);
    const unguarded = await make(inner);
    expect(answers).toEqual([unguarded, unguarded]);
  });

  it.each(CALLS)('R32 does not make %s where it must not be made', async (_name, make) => {
    const log: unknown[][] = [];
    const writers = guardedWriters(notingWriters(log), async () => {
      throw new Error('stopped');
    });
    await expect(make(writers)).rejects.toThrow('stopped');
    expect(log).toEqual([]);
  });

  it('R32 waits for the answer: a permission that is still open is none', async () => {
    const log: unknown[][] = [];
    let refuse: (reason: Error) => void = () => undefined;
    const writers = guardedWriters(notingWriters(log), () => new Promise((_resolve, reject) => (refuse = reject)));
    const started = writers.jobStarter.startJobRun(run);
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual([]);
    refuse(new Error('stopped'));
    await expect(started).rejects.toThrow('stopped');
    expect(log).toEqual([]);
  });
});
