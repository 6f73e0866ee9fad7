import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { profile } from '../../../cli/commands/profile.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(positionals: string[], { json = true, stdin = '', format }: { json?: boolean; stdin?: string; format?: string } = {}) {
  const out: string[] = [];
  const collect = () =>
    new Writable({
      write(chunk, _, done) {
        out.push(String(chunk));
        done();
      },
    });
  const io = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: collect(),
    stderr: new Writable({ write: (_c, _e, done) => done() }),
    isTerminal: false,
  };
  const exitCode = await profile.run({ positionals, values: format === undefined ? {} : { format }, json, io });
  return { exitCode, text: out.join('') };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('glue-medic profile', () => {
  it('answers each file on a line of its own, in order, a bad one by its error, and exits 2 then', async () => {
    const good = await file('good.csv', 'id,name\n1,x\n2,\n');
    const bad = await file('bad.csv', 'id,name\n1,"x\n');
    const { exitCode, text } = await run([good, bad, join(folder, 'missing.csv'), good]);
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exitCode).toBe(2);
    expect(answers.map((answer) => [answer.file, answer.error?.code])).toEqual([
      [good, undefined],
      [bad, 'E_CSV'],
      [join(folder, 'missing.csv'), 'E_FILE'],
      [good, undefined],
    ]);
    expect(answers[0]).toMatchObject({ format: 'csv', rows: 2 });
    expect(answers[0].columns[1]).toMatchObject({ path: 'name', type: 'string', nulls: 1, distinct: 1, min: 'x', max: 'x' });
  });

  it('reads standard input', async () => {
    const { exitCode, text } = await run(['-'], { stdin: '{"a":1}\n{"a":2}\n' });
    expect(exitCode).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ file: '-', format: 'jsonl', rows: 2 });
  });

  it('prints a table that no cell of the file can disturb', async () => {
    const path = await file('evil.csv', 'id,na\u001b[31mme\n1,x\u0007\n');
    const { text } = await run([path], { json: false });
    expect(text).toContain('id\tbigint\t0\t1\t1\t1');
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u0007');
  });

  it('takes the format that it is told, and refuses one that it does not know', async () => {
    const path = await file('data.txt', '{"a":1}\n');
    expect(JSON.parse((await run([path], { format: 'csv' })).text)).toMatchObject({ format: 'csv' });
    await expect(run([path], { format: 'xml' })).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(run([])).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});
