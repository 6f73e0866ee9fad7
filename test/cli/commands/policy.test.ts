import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { policy } from '../../../cli/commands/policy.ts';
import { DEFAULT_TRAINING, trainWarmStart, warmStartText } from '../../../evaluation/train-warm-start.ts';
import { RULES_HASH } from '../../../functions/propose-action/rules-policy.ts';
import { shippedWarmStart } from '../../../functions/propose-action/warm-start.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policy-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(positionals: string[], values: Record<string, string> = {}, json = true) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const exitCode = await policy.run({
    positionals,
    values: { 'data-directory': folder, ...values },
    json,
    io: { stdin, stdout, stderr, isTerminal: false },
  });
  stdout.end();
  const output = await text(stdout);
  return {
    exitCode,
    output,
    lines: json
      ? output
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [],
  };
}

describe('glue-medic policy', () => {
  it('lists the rules and the warm start, marked as learned in simulation', async () => {
    const { exitCode, lines } = await run(['list']);
    const shipped = shippedWarmStart();
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      { version: 'rules', kind: 'rules', hash: RULES_HASH, states: 0, note: expect.any(String) },
      {
        version: shipped.version,
        kind: 'warm-start',
        hash: shipped.hash,
        states: shipped.table.size,
        note: expect.stringContaining('not in the world'),
      },
    ]);
  });

  it('shows every state of a policy with its choice and what is known of it', async () => {
    const { lines } = await run(['show', 'warm-start']);
    expect(lines).toHaveLength(shippedWarmStart().table.size);
    expect(lines.find(({ stateId }) => stateId === 'schema_drift|medium|0|compatible|good')).toEqual({
      stateId: 'schema_drift|medium|0|compatible|good',
      decidedBy: 'rules',
      action: 'COERCE_SCHEMA',
      value: expect.any(Number),
      plusMinus: expect.any(Number),
      visits: DEFAULT_TRAINING.trust,
    });
  });

  it('shows one state with all six actions, best first', async () => {
    const { lines } = await run(['show'], { state: 'missing_input|low|1|none|good' });
    expect(lines[0]).toMatchObject({ action: 'LOG_EVENT', decidedBy: 'rules' });
    expect(lines[0].ranking).toHaveLength(6);
  });

  it('trains: the same options write the same bytes', async () => {
    const file = join(folder, 'trained.json');
    const { lines, exitCode } = await run(['train'], { seed: '7', episodes: '2000', trust: '12', out: file });
    const expected = trainWarmStart({ seed: 7, episodes: 2000, trust: 12 });
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      {
        version: expected.version,
        hash: expected.hash,
        states: Object.keys(expected.rows).length,
        trainedWith: expected.trainedWith,
        file,
      },
    ]);
    expect(await readFile(file, 'utf8')).toBe(warmStartText(expected));
  });

  it('tells which states would act otherwise under another policy, with the values of both actions', async () => {
    const file = join(folder, 'trusted.json');
    await writeFile(file, warmStartText(trainWarmStart({ seed: 42, episodes: 20_000, trust: 200 })));
    const { lines } = await run(['diff', 'rules', file]);
    expect(lines.length).toBeGreaterThan(0);
    for (const { from, to, estimates } of lines) {
      expect(to).not.toBe(from);
      expect(estimates.to.value).toBeGreaterThan(estimates.from.value);
    }
    expect((await run(['diff', file, file], {}, false)).output).toMatch(/^no state changes their action/);
  });

  it('the warm start changes no action of the rules', async () => {
    expect((await run(['diff', 'rules', 'warm-start'])).lines).toEqual([]);
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['no subcommand', [], {}, /E_USAGE: expected list, show, diff, freeze, promote, rollback, four-eyes, train, got nothing/],
    ['an unknown subcommand', ['drop'], {}, /E_USAGE: .*got "drop"/],
    ['one policy where two are needed', ['diff', 'rules'], {}, /E_USAGE: `policy diff` takes 2 to 2 arguments, got 1/],
    ['a flag of another subcommand', ['list'], { seed: '1' }, /E_USAGE: `policy list` has no --seed/],
    ['a promotion without a reason', ['promote', 'v2'], {}, /E_USAGE: `policy promote` needs --reason TEXT/],
    ['a rollback without a reason', ['rollback'], {}, /E_USAGE: `policy rollback` needs --reason TEXT/],
    ['a promotion with nobody to confirm it', ['promote', 'v2'], { reason: 'x' }, /E_USAGE: there is no terminal to confirm on; add --yes/],
    ['a freeze without a name', ['freeze'], {}, /E_USAGE: `policy freeze` needs --as NAME/],
    ['four eyes, or three', ['four-eyes', 'three'], {}, /E_USAGE: expected on or off, got "three"/],
    ['a version where no process runs', ['rollback'], { reason: 'x' }, /E_NOT_RUNNING/],
    ['no place to write to', ['train'], {}, /E_USAGE: `policy train` needs --out FILE/],
    ['a seed that is no number', ['train'], { out: 'x', seed: '1e3' }, /E_CONFIG: --seed is "1e3"/],
    ['no episodes', ['train'], { out: 'x', episodes: '0' }, /E_CONFIG: episodes is 0/],
    ['a policy that is not there', ['show', '/no/such/file'], {}, /E_POLICY: "\/no\/such\/file" cannot be read \(ENOENT\)/],
    ['a state that is none', ['show'], { state: 'hot' }, /E_STATE: "hot"/],
    ['a folder that cannot be written to', ['train'], { out: '/no/such/folder/x.json', episodes: '10' }, /E_OUTPUT: .*ENOENT/],
  ])('refuses %s with one clear line', async (_name, positionals, values, message) => {
    await expect(run(positionals, values)).rejects.toThrow(message);
  });

  it('refuses files that are no policy', async () => {
    const file = join(folder, 'other.json');
    await writeFile(file, '{"rows": {}}');
    await expect(run(['show', file])).rejects.toThrow(/E_POLICY: no warm start/);
    await writeFile(file, 'not json');
    await expect(run(['show', file])).rejects.toThrow(/E_POLICY: .* is not JSON/);
  });

  it('refuses a policy whose numbers were changed after training, as an integrity error', async () => {
    const file = join(folder, 'changed.json');
    const trained = trainWarmStart({ seed: 7, episodes: 2000, trust: 12 });
    await writeFile(file, warmStartText({ ...trained, hash: '0'.repeat(64) }));
    await expect(run(['show', file])).rejects.toMatchObject({ name: 'IntegrityError', code: 'E_POLICY' });
  });
});
