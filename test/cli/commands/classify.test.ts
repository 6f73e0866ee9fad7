import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { classify } from '../../../cli/commands/classify.ts';
import { InputError } from '../../../functions/shared/errors.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'classify-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function run(
  positionals: readonly string[],
  { input = '', json = true, signatures }: { input?: string | Buffer; json?: boolean; signatures?: string } = {},
) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = text(stdout);
  const io = { stdin: Readable.from([Buffer.from(input)]), stdout, stderr, isTerminal: false };
  const exitCode = await classify.run({ positionals, values: signatures === undefined ? {} : { signatures }, json, io });
  stdout.end();
  return { exitCode, output: await output };
}

const parsed = (output: string): unknown[] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('glue-medic classify', () => {
  it('answers each record on a line of its own, in order', async () => {
    const input = [
      { id: 'a', errorMessage: 'No space left on device', log: '' },
      { id: 7, errorMessage: null, log: '24/01/31 10:00:00 INFO Main: all well' },
    ];
    const { exitCode, output } = await run(['-'], { input: input.map((record) => `${JSON.stringify(record)}\n`).join('') });
    expect(exitCode).toBe(0);
    expect(parsed(output)).toEqual([
      { id: 'a', family: 'resource_exhaustion', confidence: 0.97, signature: 'disk-full', evidenceLine: 'No space left on device' },
      { id: 7, family: 'none', confidence: 0.9, signature: null, evidenceLine: null },
    ]);
  });

  it('puts an error in the place of a bad line and ends with exit code 2', async () => {
    const { exitCode, output } = await run(['-'], {
      input: 'nonsense\n\n{"id":"b","log":5}\n[]\n{"id":"c","errorMessage":1,"log":""}\n{"id":"d","log":""}',
    });
    expect(exitCode).toBe(2);
    expect(parsed(output)).toMatchObject([
      { id: null, error: { code: 'E_JSON', message: expect.stringContaining('nonsense') } },
      { id: 'b', error: { code: 'E_RECORD', message: expect.stringContaining('log: expected a string, got "5"') } },
      { id: null, error: { code: 'E_RECORD' } },
      { id: 'c', error: { code: 'E_RECORD', message: expect.stringContaining('errorMessage') } },
      { id: 'd', family: 'unknown' },
    ]);
  });

  it('B19 takes a plain log as one log, with bytes that are no UTF-8', async () => {
    const file = join(directory, 'driver.log');
    await writeFile(
      file,
      Buffer.concat([Buffer.from([0xff, 0xfe, 10]), Buffer.from('{"level":"ERROR","message":"java.net.UnknownHostException: db"}\n')]),
    );
    const { output } = await run([file]);
    expect(parsed(output)).toMatchObject([{ id: 'driver.log', family: 'connectivity', signature: 'name-not-resolved' }]);
  });

  it.each<[string, Buffer]>([
    ['noise', Buffer.from(Uint8Array.from({ length: 20_000 }, (_, index) => ((index * 2654435761) >>> 13) & 0xff))],
    ['zeros', Buffer.alloc(5000)],
    ['blank lines', Buffer.from('  \n\n\t\n')],
    [
      'a gzip file',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.from(Uint8Array.from({ length: 3000 }, (_, index) => (index * 7919) >> 3))]),
    ],
  ])('has nothing to say of %s: no text that reports no failure', async (_what, bytes) => {
    const file = join(directory, 'driver.log');
    await writeFile(file, bytes);
    expect(parsed((await run([file])).output)).toMatchObject([{ family: 'unknown', confidence: 0.3, signature: null, evidenceLine: null }]);
    const input = JSON.stringify({ id: 'a', errorMessage: null, log: bytes.toString('latin1') });
    expect(parsed((await run(['-'], { input })).output)).toMatchObject([{ id: 'a', family: 'unknown' }]);
  });

  it('tells records from a plain log by the first line', async () => {
    const file = join(directory, 'records');
    await writeFile(file, '{"id":"a","errorMessage":null,"log":"ERROR java.lang.StackOverflowError"}\n');
    expect(parsed((await run([file])).output)).toMatchObject([{ id: 'a', signature: 'stack-overflow' }]);
  });

  it('writes for people without --json', async () => {
    const { output } = await run(['-'], {
      json: false,
      input: '{"id":"a","errorMessage":"No space left on device","log":""}\n{"id":"b"}\n',
    });
    expect(output).toMatch(/^a +resource_exhaustion +0\.97 {2}disk-full\n +No space left on device\nb +E_RECORD: log/);
  });

  it('asks the signatures of a team first', async () => {
    const signatures = join(directory, 'own.json');
    const rule = {
      id: 'SOUP',
      family: 'configuration',
      confidence: 0.9,
      says: ['no soup today'],
      match: ['no soup today'],
      noMatch: ['soup'],
    };
    await writeFile(signatures, JSON.stringify([rule]));
    const { output } = await run(['-'], { signatures, input: '{"id":1,"errorMessage":"no soup today","log":""}' });
    expect(parsed(output)).toMatchObject([{ signature: 'SOUP' }]);
  });

  it('refuses bad signatures, a missing file and a wrong number of files by name', async () => {
    const signatures = join(directory, 'bad.json');
    await writeFile(
      signatures,
      JSON.stringify([{ id: 'X', family: 'configuration', confidence: 0.9, pattern: '(?=a)', match: ['a'], noMatch: ['b'] }]),
    );
    await expect(run(['-'], { signatures })).rejects.toThrow('E_RULE_REGEX: rule X: lookahead not supported by RE2');
    for (const name of ['absent.log', 'absent.jsonl', '']) await expect(run([join(directory, name)])).rejects.toThrow(InputError);
    await expect(run([])).rejects.toThrow(InputError);
  });
});
