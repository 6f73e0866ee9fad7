import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { JobRegistrationSchema } from '../../../functions/shared/job-registration.ts';
import { createJobWorld, type JobWorld } from '../../../local/job-world/job-world.ts';
import { createYourFilesJob, yourFiles } from '../../../local/job-world/jobs/your-files.ts';
import { csvOf, Dice, parquetOf } from '../../../local/job-world/make-data.ts';
import { DATABASE } from '../../../local/job-world/scenario.ts';
import { scratchDirectory } from '../scratch-directory.ts';

const worlds: JobWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

const dice = new Dice('your files');
const rows = (first: number, count = 300) =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, city: dice.pick(['Bern', 'Graz', 'Linz']), price: dice.amount(50) }));

function written(name: string, content: string | Uint8Array): string {
  const path = join(scratchDirectory(), name);
  writeFileSync(path, content);
  return path;
}

async function runOn(paths: { baseline: string; current: string; log?: string }) {
  const scenario = await yourFiles(paths);
  const world = await createJobWorld({ directory: scratchDirectory(), pace: { starting: 1, running: 1 } });
  worlds.push(world);
  await scenario.prepare(world);
  const good = await scenario.goodRun(world);
  const run = await world.glue.finished(scenario.name, await scenario.upset(world));
  return { scenario, world, good, run };
}

describe("the job of the user's own files", () => {
  const baseline = () => written('day1.csv', csvOf(rows(1)));

  it("reads the next file by the first one's schema, and succeeds where it is as good", async () => {
    const paths = { baseline: baseline(), current: written('day2.csv', csvOf(rows(301))) };
    const before = [readFileSync(paths.baseline), readFileSync(paths.current)];
    const { run, world, scenario } = await runOn(paths);
    expect(run).toMatchObject({ state: 'SUCCEEDED', errorMessage: null });
    expect((await world.catalog.getTable(DATABASE, 'your_files')).columns).toEqual([
      { name: 'id', type: 'bigint' },
      { name: 'city', type: 'string' },
      { name: 'price', type: 'double' },
    ]);
    expect(() => JobRegistrationSchema.parse({ ...scenario.registration, registeredAt: '2026-11-02T00:00:00.000Z' })).not.toThrow();
    expect([readFileSync(paths.baseline), readFileSync(paths.current)]).toEqual(before);
  });

  it('fails on values that are not of the type', async () => {
    const { run } = await runOn({
      baseline: baseline(),
      current: written('day2.csv', csvOf(rows(301).map((row) => ({ ...row, id: `A-${row.id}` })))),
    });
    expect(run.errorMessage).toContain(`[CAST_INVALID_INPUT] The value 'A-301' of the type "STRING" cannot be cast to "BIGINT"`);
  });

  it('fails on a column that is gone', async () => {
    const { run } = await runOn({
      baseline: baseline(),
      current: written('day2.csv', csvOf(rows(301).map(({ id, price }) => ({ id, price })))),
    });
    expect(run.errorMessage).toContain('A column or function parameter with name `city` cannot be resolved');
  });

  it('fails on worse data, and names the rules', async () => {
    const { run } = await runOn({
      baseline: baseline(),
      current: written('day2.csv', csvOf(rows(301).map((row, index) => ({ ...row, city: index % 2 ? null : row.city })))),
    });
    expect(run.errorMessage).toMatch(
      /AssertionError: The job failed due to failing DQ rules for node: your_files\. Completeness "city" >= [\d.]+: Value: 0\.5/,
    );
  });

  it('fails on a file without rows, and says what it expected', async () => {
    for (const text of ['id,city,price\n', 'id,city,price']) {
      const { run } = await runOn({ baseline: baseline(), current: written('day2.csv', text) });
      expect(run.errorMessage).toContain('due to failing DQ rules for node: your_files. RowCount > 0: Value: 0');
    }
  });

  it.each<[string, string, string, string]>([
    ['none of them', 'day2.csv', `id,city,price\n${'1,Bern\n'.repeat(300)}`, 'of 300 records'],
    ['a tenth of them', 'day2.csv', csvOf(rows(301)).replace(/^(\d+0),.*$/gm, '$1,Bern'), '30 of 300 records'],
    ['no JSON at all', 'day2.jsonl', 'oops\n'.repeat(300), ''],
  ])('fails on records that are no rows of the table: %s', async (_what, name, text, counts) => {
    const good = name.endsWith('csv')
      ? baseline()
      : written(
          'day1.jsonl',
          rows(1)
            .map((row) => `${JSON.stringify(row)}\n`)
            .join(''),
        );
    const { run } = await runOn({ baseline: good, current: written(name, text) });
    expect(run.state).toBe('FAILED');
    expect(run.errorMessage).toMatch(/malformed/i);
    expect(run.errorMessage).toContain(counts);
  });

  it('fails on a file that cannot be read, compressed or not', async () => {
    const packed = new Uint8Array(gzipSync(csvOf(rows(301, 2000))));
    const { run } = await runOn({ baseline: baseline(), current: written('day2.csv.gz', packed.slice(0, packed.length / 2)) });
    expect(run.errorMessage).toContain('Unexpected end of input stream');
  });

  it('takes Parquet, and JSON lines', async () => {
    const types = { id: 'INT64', city: 'STRING', price: 'DOUBLE' } as const;
    const whole = parquetOf(rows(301), types);
    const { run } = await runOn({
      baseline: written('day1.parquet', parquetOf(rows(1), types)),
      current: written('day2.parquet', whole.slice(0, 500)),
    });
    expect(run.errorMessage).toContain('day2.parquet is not a Parquet file');
    const lines = (first: number) =>
      rows(first)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join('');
    const jsonl = await runOn({ baseline: written('day1.jsonl', lines(1)), current: written('day2.jsonl', lines(301)) });
    expect(jsonl.run.state).toBe('SUCCEEDED');
  });

  it('takes the delimiter that the file has', async () => {
    const semicolons = (first: number) => csvOf(rows(first)).replaceAll(',', ';');
    const { run } = await runOn({ baseline: written('day1.csv', semicolons(1)), current: written('day2.csv', semicolons(301)) });
    expect(run.state).toBe('SUCCEEDED');
  });

  it('shows a given log as the log of the failed run; a rerun is up to the data, over a restart too', async () => {
    const log = written('driver.log', 'INFO start\nERROR java.lang.OutOfMemoryError: Java heap space\n');
    const { run, world } = await runOn({ baseline: baseline(), current: written('day2.csv', csvOf(rows(301))), log });
    expect(run).toMatchObject({ state: 'FAILED', errorMessage: null });
    const request = { logGroupName: '/aws-glue/jobs/error', logStreamNamePrefix: run.id, startTime: 0, limit: 100 };
    const { nextToken = '' } = await world.logs.filterLogEvents(request);
    const { events } = await world.logs.filterLogEvents({ ...request, nextToken });
    expect(events.map((event) => event.message)).toEqual(['INFO start', 'ERROR java.lang.OutOfMemoryError: Java heap space', '']);
    createYourFilesJob(world);
    const rerun = await world.glue.finished(run.jobName, await world.glue.startJobRun({ jobName: run.jobName, arguments: run.arguments }));
    expect(rerun.state).toBe('SUCCEEDED');
  });

  it('says in one line which file is missing, empty, or no data', async () => {
    const current = written('day2.csv', csvOf(rows(301)));
    await expect(yourFiles({ baseline: '/no/such/file.csv', current })).rejects.toMatchObject({
      code: 'E_INPUT_FILE',
      message: expect.stringMatching(/"\/no\/such\/file\.csv" cannot be read: ENOENT/),
    });
    await expect(yourFiles({ baseline: baseline(), current: written('empty.csv', '') })).rejects.toMatchObject({
      code: 'E_INPUT_FILE',
      message: expect.stringContaining('empty.csv" is empty'),
    });
    await expect(yourFiles({ baseline: written('day1.parquet', 'PAR1 but not really'), current })).rejects.toMatchObject({
      code: 'E_INPUT_FILE',
    });
    await expect(yourFiles({ baseline: scratchDirectory(), current })).rejects.toMatchObject({ code: 'E_INPUT_FILE' });
  });
});
