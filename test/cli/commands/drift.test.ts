import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { main } from '../../../cli/main.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drift-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

/** Runs the command line as a user would, with its streams in memory. */
async function medic(args: readonly string[], input = '') {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exit = await main(['drift', ...args], { stdin: Readable.from([input]), stdout, stderr } as unknown as Parameters<typeof main>[1]);
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

describe('glue-medic drift BASELINE CURRENT', () => {
  it('answers one JSON object and exits 1 where the drift is breaking', async () => {
    const before = await file('before.csv', 'id,name,note\n1,a,x\n2,b,y\n');
    const after = await file('after.csv', 'id,name\n1,a\n2,b\n');
    const { exit, out } = await medic([before, after, '--json']);
    expect(exit).toBe(1);
    expect(lines(out)).toMatchObject([
      { severity: 'breaking', changes: [{ path: 'note', kind: 'removed', to: null, verdict: 'breaking' }] },
    ]);
  });

  it('exits 0 where it is compatible or none', async () => {
    const before = await file('a.json', '[{"name":"id","type":"int"}]');
    const after = await file('b.json', '\uFEFF[{"name":"ID","type":"bigint"}]');
    expect(await medic([before, after, '--json'])).toMatchObject({ exit: 0, out: expect.stringContaining('"severity":"compatible"') });
    expect(await medic([before, before, '--json'])).toMatchObject({ exit: 0, out: '{"severity":"none","changes":[]}\n' });
  });

  it('compares a data file with the columns of the catalog', async () => {
    const catalog = await file('catalog.json', '[{"name":"id","type":"bigint"},{"name":"name","type":"string"}]');
    const data = await file('data.jsonl', '{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n');
    expect(await medic([catalog, data, '--json'])).toMatchObject({ exit: 0, out: '{"severity":"none","changes":[]}\n' });
  });

  it('reads gzip', async () => {
    const plain = await file('e.csv', 'id,name\n1,a\n2,b\n');
    await writeFile(join(folder, 'e.csv.gz'), gzipSync('id,name\n1,a\n2,b\n'));
    expect(await medic([plain, join(folder, 'e.csv.gz'), '--json'])).toMatchObject({ exit: 0, out: '{"severity":"none","changes":[]}\n' });
  });

  it('prints a readable table without --json', async () => {
    const before = await file('c.json', '[{"name":"vendor-id","type":"int"}]');
    const after = await file('d.json', '[{"name":"vendorId","type":"int"}]');
    const { exit, out } = await medic([before, after]);
    expect(exit).toBe(1);
    expect(out).toMatch(/^severity: breaking\n.*\nrenamed\tvendor-id\tvendor-id\tvendorId\tbreaking\tscore 1\.00/);
  });

  it.each([
    [['one'], 'E_USAGE'],
    [['a', 'b', 'c'], 'E_USAGE'],
    [['a', '--batch', '-'], 'E_USAGE'],
    [[], 'E_USAGE'],
    [['--types', '-', '--engine', 'oracle'], 'E_USAGE'],
    [['/nowhere/a.json', '/nowhere/b.json'], 'E_FILE'],
  ])('refuses %j with exit 2 and %s', async (args, code) => {
    const { exit, err } = await medic(args);
    expect(exit).toBe(2);
    expect(err).toContain(code);
    expect(err).not.toContain('    at ');
  });

  it('refuses a list that is no list of columns', async () => {
    const bad = await file('bad.json', '[{"name":"id"}]');
    expect(await medic([bad, bad])).toMatchObject({ exit: 2, err: expect.stringContaining('E_SIDE') });
  });
});

describe('glue-medic drift --batch', () => {
  it('answers paths and inline lists in order, a bad line in its place, exit 2 at the end', async () => {
    const path = await file('side.csv', 'id\n1\n2\n');
    const inline = [{ name: 'id', type: 'bigint' }];
    const input = [
      JSON.stringify({ id: 'p1', baseline: path, current: inline }),
      'no json',
      JSON.stringify({ id: 'p3', baseline: inline, current: 7 }),
      JSON.stringify({ id: 'p4', baseline: inline, current: [] }),
      JSON.stringify({ id: 'gone', baseline: inline, current: '/nowhere/x.csv' }),
      JSON.stringify({ id: 'p5', baseline: inline, current: [{ name: 'x', type: 'date' }] }),
    ].join('\n');
    const { exit, out } = await medic(['--batch', '-', '--json'], input);
    expect(exit).toBe(2);
    expect(lines(out)).toMatchObject([
      { id: 'p1', severity: 'none' },
      { id: 'line 2', error: { code: 'E_JSON' } },
      { id: 'p3', error: { code: 'E_SIDE' } },
      { id: 'p4', severity: 'unmeasured' },
      { id: 'gone', error: { code: 'E_FILE' } },
      { id: 'p5', severity: 'breaking' },
    ]);
  });

  it('exits 0 on breaking drift: the answers say so', async () => {
    const input = JSON.stringify({ id: 'p', baseline: [{ name: 'a', type: 'int' }], current: [{ name: 'a', type: 'date' }] });
    const path = await file('batch.jsonl', `${input}\n`);
    expect(await medic(['--batch', path, '--json'])).toMatchObject({ exit: 0 });
  });
});

describe('glue-medic drift --types', () => {
  const input = [
    { id: '1', from: 'int', to: 'bigint' },
    { id: '2', from: 'int', to: 'double' },
    { id: '3', from: 'struct<a:int', to: 'int' },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n');

  it('answers verdicts, a type that cannot be read in its place', async () => {
    const { exit, out } = await medic(['--types', '-', '--json'], input);
    expect(exit).toBe(2);
    expect(lines(out)).toMatchObject([
      { id: '1', verdict: 'widening' },
      { id: '2', verdict: 'breaking' },
      { id: '3', error: { code: 'E_TYPE' } },
    ]);
  });

  it('answers for one engine', async () => {
    const { out } = await medic(['--types', '-', '--json', '--engine', 'spark'], input);
    expect(lines(out)).toMatchObject([{ verdict: 'widening' }, { verdict: 'widening' }, {}]);
  });
});
