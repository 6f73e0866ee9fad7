import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { prove } from '../../../cli/commands/prove.ts';
import { rulesHash } from '../../../functions/check-safety/rules-hash.ts';
import { shippedProof } from '../../../functions/propose-action/policy-proof.ts';
import { shippedWarmStart } from '../../../functions/propose-action/warm-start.ts';
import { RELEASE } from '../../../functions/shared/release.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prove-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(positionals: string[], values: Record<string, string> = {}, json = true) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const exitCode = await prove.run({ positionals, values, json, io: { stdin, stdout, stderr, isTerminal: false } });
  stdout.end();
  return { exitCode, output: await text(stdout) };
}

/** The deployed machine, but acting before it asks. */
async function plantedMachine(): Promise<string> {
  const definition = JSON.parse(await readFile(new URL('../../../statemachine/glue-medic.asl.json', import.meta.url), 'utf8'));
  definition.States.ProposeAction.Next = 'WaitBeforeAction';
  const file = join(folder, 'planted.asl.json');
  await writeFile(file, JSON.stringify(definition));
  return file;
}

describe('glue-medic prove', () => {
  it('R19 R20 R26 all 1,920 states: nothing unsafe, exit 0, one JSON object, which is what the shipped proof says', async () => {
    const { exitCode, output } = await run([]);
    const proof = JSON.parse(output);
    expect(proof).toMatchObject({ states: 1920, unsafe: 0, counterexamples: [], rulesHash: rulesHash() });
    expect(proof.combinations).toBeGreaterThan(1_000_000);
    expect(exitCode).toBe(0);
    expect(output.trim().split('\n')).toHaveLength(1);
    // Where this fails, the shipped proof is of something else: `npm run medic -- prove --policy warm-start --out functions/propose-action/warm-start-proof.json`.
    const { policy, release, ...shipped } = shippedProof();
    expect(proof).toMatchObject(shipped);
    expect({ policy, release }).toEqual({
      policy: { version: shippedWarmStart().version, hash: shippedWarmStart().hash },
      release: RELEASE,
    });
  }, 120_000);

  it('exit 1 and the first counterexamples where a planted machine acts before it asks', async () => {
    const { exitCode, output } = await run([], { definition: await plantedMachine() }, false);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/UNSAFE: [\d,]+/);
    expect(output).toContain('executed-without-safety: {"stateId":');
    expect(output).toContain('mutation-guarded: ExecuteAction');
  }, 120_000);

  it.each([
    ['a file that is not there', 'missing.json', null, /^E_FILE/],
    ['a file that is not JSON', 'text.json', 'States:', /^E_JSON/],
    ['a machine that it cannot follow', 'map.json', '{"StartAt":"A","States":{"A":{"Type":"Map"}}}', /^E_DEFINITION/],
  ])('refuses %s', async (_what, name, content, message) => {
    const file = join(folder, name);
    if (content !== null) await writeFile(file, content);
    await expect(run([], { definition: file })).rejects.toThrow(message);
  });

  it('takes no arguments', async () => {
    await expect(run(['everything'])).rejects.toThrow(/^E_USAGE/);
  });
});
