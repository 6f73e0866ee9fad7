import type { Column } from '../../../functions/shared/actions.ts';
import type { ProgramRun } from '../../../local/job-world/job-program.ts';
import { createJobWorld, type JobWorld } from '../../../local/job-world/job-world.ts';
import { parquetOf } from '../../../local/job-world/make-data.ts';
import { parseDate } from '../../../local/job-world/parse-date.ts';
import { DATABASE, jobOf, LAKE, prepareTable } from '../../../local/job-world/scenario.ts';
import { Spark } from '../../../local/job-world/spark.ts';
import { scratchDirectory } from '../scratch-directory.ts';

const worlds: JobWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

/** Runs `script` as a job over the given objects of one table, and returns the run. */
async function runOver(
  objects: Record<string, string | Uint8Array>,
  columns: Record<string, string>,
  script: (spark: Spark, run: ProgramRun) => Promise<void>,
) {
  const world = await createJobWorld({ directory: scratchDirectory(), pace: { starting: 1, running: 1 } });
  worlds.push(world);
  await prepareTable(world, 'things', columns);
  for (const [key, content] of Object.entries(objects)) await world.objects.putObject(LAKE, `in/${key}`, Buffer.from(content));
  world.glue.createJob(jobOf('job'), { script: 'job.py', run: (run) => script(new Spark(world, run), run) });
  return { world, run: await world.glue.finished('job', await world.glue.runJob('job')) };
}
const input = (format: 'csv' | 'jsonl' | 'parquet') => ({ bucket: LAKE, prefix: 'in/', format });
const read = (format: 'csv' | 'jsonl' | 'parquet') => async (spark: Spark) =>
  void (await spark.readTable(DATABASE, 'things', input(format)));

describe('the very small Spark', () => {
  it('reads, joins, groups and writes, and leaves nothing of an earlier output', async () => {
    const { world, run } = await runOver(
      { 'a.csv': 'id,kind\n1,x\n2,y\n', 'b.csv': 'kind,id\nx,3\n', _SUCCESS: '' },
      { id: 'int', kind: 'string' },
      async (spark) => {
        const things = await spark.readTable(DATABASE, 'things', input('csv'));
        const doubled = things.select('kind').withColumn('twice', 'int', () => 2);
        const joined = things.join(
          doubled.filter((row) => row['kind'] === 'y'),
          'kind',
        );
        expect(joined.rows).toEqual([{ id: 2, kind: 'y', twice: 2 }]);
        const counted = things.groupBy(['kind'], { things: { type: 'bigint', of: (rows) => rows.length } });
        expect(counted.columns).toEqual<Column[]>([
          { name: 'kind', type: 'string' },
          { name: 'things', type: 'bigint' },
        ]);
        await counted.overwrite(LAKE, 'out/');
      },
    );
    expect(run.errorMessage).toBeNull();
    const { size } = await world.objects.headObject(LAKE, 'out/part-00000.csv');
    expect(Buffer.from(await world.objects.getRange(LAKE, 'out/part-00000.csv', 0, size)).toString()).toBe('kind,things\nx,2\ny,1\n');
  });

  it('fails on a column of the table that the data does not have', async () => {
    const { run } = await runOver({ 'a.csv': 'id\n1\n' }, { id: 'int', kind: 'string' }, read('csv'));
    expect(run.errorMessage).toContain(
      '[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `kind` cannot be resolved. Did you mean one of the following? [`id`].',
    );
  });

  it('fails on a table that the catalog does not have', async () => {
    const { run } = await runOver({}, { id: 'int' }, async (spark) => void (await spark.readTable(DATABASE, 'other', input('csv'))));
    expect(run.errorMessage).toContain('[TABLE_OR_VIEW_NOT_FOUND] The table or view `acme`.`other` cannot be found');
  });

  it('reads INT32 as bigint but not INT64 as int, as the vectorised reader does', async () => {
    const objects = { 'a.parquet': parquetOf([{ id: 1 }], { id: 'INT32' }) };
    expect((await runOver(objects, { id: 'bigint' }, read('parquet'))).run.state).toBe('SUCCEEDED');
    const { run } = await runOver({ 'a.parquet': parquetOf([{ id: 1 }], { id: 'INT64' }) }, { id: 'int' }, read('parquet'));
    expect(run.errorMessage).toContain(
      'Parquet column cannot be converted in file s3://acme-lake/in/a.parquet. Column: [id], Expected: int, Found: INT64',
    );
  });

  it('names the call, the task and the attempt of a value that cannot be cast', async () => {
    const { run } = await runOver({ 'a.csv': 'id\n1\n', 'b.csv': 'id\nx\n' }, { id: 'int' }, read('csv'));
    expect(run.errorMessage).toMatch(
      /^Error Category: UNCLASSIFIED_ERROR; An error occurred while calling o47\.getDynamicFrame\. \[CAST_INVALID_INPUT\] The value 'x'/,
    );
  });

  it('stops at the next step where the run is stopped', async () => {
    const world = await createJobWorld({ directory: scratchDirectory(), pace: { starting: 1, running: 1 } });
    worlds.push(world);
    await prepareTable(world, 'things', { id: 'int' });
    await world.objects.putObject(LAKE, 'in/a.csv', Buffer.from('id\n1\n'));
    let steps = 0;
    world.glue.createJob(jobOf('job'), {
      script: 'job.py',
      run: async (run) => {
        const things = await new Spark(world, run).readTable(DATABASE, 'things', input('csv'));
        for (;;) {
          things.count();
          steps += 1;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      },
    });
    const runId = await world.glue.runJob('job');
    while (steps === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await world.glue.stopJobRun('job', runId);
    expect((await world.glue.finished('job', runId)).state).toBe('STOPPED');
    const stoppedAt = steps;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(steps).toBe(stoppedAt);
  });
});

describe('to_date with a format', () => {
  it.each([
    ['2026-03-11', 'yyyy-MM-dd', '2026-03-11'],
    ['11/03/2026', 'dd/MM/yyyy', '2026-03-11'],
    [null, 'yyyy-MM-dd', null],
  ])('reads %p by %s', (text, format, expected) => {
    expect(parseDate(text, format)).toBe(expected);
  });

  it.each([
    ['11/03/2026', 'yyyy-MM-dd', 0],
    ['2026/03/11', 'yyyy-MM-dd', 4],
    ['2026-03-11T00', 'yyyy-MM-dd', 10],
    ['2026-13-01', 'yyyy-MM-dd', 0],
  ])('fails on %p by %s where it leaves the format', (text, format, index) => {
    expect(() => parseDate(text, format)).toThrow(`[CANNOT_PARSE_TIMESTAMP] Text '${text}' could not be parsed at index ${index}.`);
  });
});
