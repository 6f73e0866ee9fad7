import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { main } from '../../../cli/main.ts';
import { corrupt, type Row, saleRows } from '../../functions/detect-anomalies/quality-analyzer/seeded-rows.ts';

let folder = '';
let [good, later, bad, rules] = ['', '', '', ''];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quality-'));
  good = await file('good.csv', csv(saleRows(600, 1)));
  later = await file('later.csv', csv(saleRows(600, 2)));
  bad = await file('bad.csv', csv(corrupt(saleRows(600, 2), 'status', 0.3, 3, (cell) => cell.toUpperCase()).rows));
  rules = await file('rules.dqdl', 'Rules = [ IsUnique "sale_id", ColumnValues "status" in ["paid", "open", "returned"] ]');
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

function csv(rows: readonly Row[]): string {
  return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map((cells) => `${cells.join(',')}\n`).join('');
}

/** Runs the command line as a user would, with its streams in memory. */
async function medic(args: readonly string[], input = '') {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exit = await main(['quality', ...args], { stdin: Readable.from([input]), stdout, stderr } as unknown as Parameters<typeof main>[1]);
  stdout.end();
  stderr.end();
  const text = async (stream: PassThrough) => (await stream.toArray()).join('');
  return { exit, out: await text(stdout), err: await text(stderr) };
}

const lines = (out: string): unknown[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('glue-medic quality BASELINE CURRENT', () => {
  it('answers one JSON object and exits 0 where the data is good', async () => {
    const { exit, out } = await medic([good, later, '--json']);
    expect(exit).toBe(0);
    expect(lines(out)).toMatchObject([
      { condition: 'good', columns: expect.arrayContaining([expect.objectContaining({ name: 'city', degraded: false, reasons: [] })]) },
    ]);
  });

  it('exits 1 and names the degraded column and why', async () => {
    const { exit, out } = await medic([good, bad, '--json']);
    expect(exit).toBe(1);
    expect(lines(out)).toMatchObject([
      {
        condition: 'degraded',
        score: expect.any(Number),
        columns: expect.arrayContaining([expect.objectContaining({ name: 'status', degraded: true, completeness: 1 })]),
      },
    ]);
  });

  it('prints lines for people without --json', async () => {
    const { out } = await medic([good, bad]);
    expect(out).toMatch(/^quality: degraded, score 0\.\d{4}, 600 rows against 600\ncolumn\tcomplete\t/);
    expect(out).toContain('known ones are one of open, paid, returned');
  });

  it('evaluates a ruleset on the current data, with and without a baseline', async () => {
    expect(await medic([later, '--ruleset', rules])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('ruleset: passed, score 1.0000'),
    });
    const { exit, out } = await medic([good, bad, '--ruleset', rules, '--json']);
    expect(exit).toBe(1);
    expect(lines(out)).toMatchObject([{ condition: 'degraded', ruleset: { outcome: 'failed', score: 0.5 } }]);
  });

  it('says what is wrong with the call, the file or the ruleset, and exits 2', async () => {
    expect(await medic([good])).toMatchObject({ exit: 2, err: expect.stringContaining('E_USAGE: seen 1 files') });
    expect((await medic([good, join(folder, 'none.csv')])).err).toMatch(/^E_FILE: .*none\.csv/);
    const broken = await file('broken.dqdl', 'Rules = [ IsComplete ');
    expect(await medic([good, '--ruleset', broken])).toMatchObject({ exit: 2, err: expect.stringContaining('E_DQDL: line 1:22') });
  });
});

it('tells columns of one name apart', async () => {
  const rows = (from: number) => Array.from({ length: 60 }, (_, row) => `${from + row},${['a', 'b', 'c'][row % 3]},${row % 7}\n`).join('');
  const [before, after] = [await file('twice.csv', `id,name,id\n${rows(1)}`), await file('twice2.csv', `id,name,id\n${rows(61)}`)];
  const { out } = await medic([before, after, '--json']);
  expect(JSON.parse(out).columns.map((column: { name: string }) => column.name)).toEqual(['id', 'name', 'id_1']);
});

describe('glue-medic quality --batch', () => {
  it('answers each line in its place, bad ones by their error, and exits 2 for them', async () => {
    const input = [
      JSON.stringify({ id: 'a', baseline: good, current: later }),
      'no json',
      '',
      JSON.stringify({ id: 'c', baseline: good }),
      JSON.stringify({ id: 'd', baseline: good, current: join(folder, 'none.csv') }),
      JSON.stringify({ id: 'e', baseline: good, current: bad }),
    ];
    const { exit, out } = await medic(['--batch', '-', '--json'], `${input.join('\n')}\n`);
    expect(exit).toBe(2);
    expect(lines(out)).toMatchObject([
      { id: 'a', condition: 'good' },
      { id: 'line 2', error: { code: 'E_JSON' } },
      { id: 'c', error: { code: 'E_LINE' } },
      { id: 'd', error: { code: 'E_FILE' } },
      { id: 'e', condition: 'degraded' },
    ]);
  });

  it('exits 0 where every line was answered, whatever the condition', async () => {
    const batch = await file('batch.jsonl', `${JSON.stringify({ id: 'e', baseline: good, current: bad })}\n`);
    expect(await medic(['--batch', batch, '--json'])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('"id":"e","condition":"degraded"'),
    });
    expect(await medic(['--batch', join(folder, 'none.jsonl')])).toMatchObject({ exit: 2, err: expect.stringContaining('E_FILE') });
  });
});
