/** `glue-medic replay` as a user runs it: through the real server, over an incident that the deployed machine has healed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { replay } from '../../../cli/commands/replay.ts';
import { main } from '../../../cli/main.ts';
import { type ControlServer, startControlServer } from '../../../local/control-server.ts';
import { forgedTrail, withWeighed } from '../../support/forged-trail.ts';
import { type HealingWorld, healingWorld } from '../../support/healing-world.ts';
import { endTheRerun, runMachine, throttleTheRun } from '../../support/machine-run.ts';
import { INCIDENT_ID } from '../../support/sample-incident.ts';

const TOKEN = 'a-token-of-this-test';

let world: HealingWorld;
let server: ControlServer;
let directory: string;
beforeAll(async () => {
  world = await healingWorld();
  throttleTheRun(world);
  const ended = async (_visit: number, step: () => Promise<unknown>) => {
    endTheRerun(world);
    return step();
  };
  await runMachine(world, { around: { ValidateOutcome: ended } });
  directory = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterAll(() => {
  world.remove();
  rmSync(directory, { recursive: true });
});
beforeEach(() => serve(world.ports));
afterEach(() => server.stop());

async function serve(ports: HealingWorld['ports']): Promise<void> {
  server = await startControlServer(ports, TOKEN, 0);
  writeFileSync(join(directory, 'process.json'), JSON.stringify({ pid: process.pid, port: server.port, token: TOKEN }));
}

async function run(args: readonly string[], stdin = ''): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdin: Readable.from([stdin]), stdout, stderr } as unknown as Parameters<typeof main>[1];
  const code = await main(['replay', ...args, '--data-directory', directory], streams);
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}
function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe('glue-medic replay', () => {
  it('exit 0 where every decision is the same to the byte, told for people', async () => {
    const { code, out, err } = await run([INCIDENT_ID]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^orders {2}inc-\w+\n {2}\d+ entries, hash chain intact; replayed by release \d/);
    for (const step of ['DetectAnomalies', 'ProposeAction', 'CheckSafety', 'CheckCapability']) {
      expect(out).toMatch(new RegExp(`\\n {2}${step}#1 +same\\n`));
    }
    expect(out).toMatch(/\n {2}verdict: same\n$/);
  });

  it('one JSON object with --json', async () => {
    const { code, out } = await run([INCIDENT_ID, '--json']);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ incidentId: INCIDENT_ID, job: 'orders', verdict: 'same', counterfactual: null });
  });

  it('exit 1 and the place with both values, where a decision comes out differently', async () => {
    await server.stop();
    const copy = { ...world.ports, operations: world.ports.operations };
    const head = await copy.operations.get({ pk: `INCIDENT#${INCIDENT_ID}`, sk: 'AUDIT_HEAD' });
    await serve(
      await forgedTrail(copy, INCIDENT_ID, withWeighed('CheckSafety#1', { killSwitch: { engaged: true, reason: '\u001b[31mstop' } })),
    );
    const { code, out } = await run([INCIDENT_ID]);
    const changed = await copy.operations.get(head ?? { pk: '', sk: '' });
    await copy.operations.replace(head ?? { pk: '', sk: '' }, head?.attributes ?? {}, changed?.revision ?? 0);
    expect(code).toBe(1);
    expect(out).toMatch(/CheckSafety#1 +different\n {4}action\n {6}recorded {2}"RETRY"\n {6}replayed {2}"ESCALATE"\n/);
    expect(out).toContain('verdict: different');
    expect(out).not.toContain('\u001b');
  });

  it('exit 1 and both sides, where another limit would have decided otherwise; from a file or standard input', async () => {
    const limits = '{"confidenceFloor": 1}';
    const { code, out } = await run([INCIDENT_ID, '--limits', file('limits.json', limits)]);
    expect(code).toBe(1);
    expect(out).toContain('under limits {"confidenceFloor":1}');
    expect(out).toMatch(/CheckSafety#1 +allow RETRY auto \w+ +needs-approval RETRY auto \w+ +<- here they part\n/);
    expect(out).toMatch(/otherwise: confidence-floor: .*limit 1/);
    expect(out).toContain('it would have: a person is asked: needs-approval, RETRY');
    const piped = await run([INCIDENT_ID, '--limits', '-', '--json'], limits);
    expect([piped.code, JSON.parse(piped.out).counterfactual]).toMatchObject([
      1,
      { partsAt: 'CheckSafety#1', limits: { confidenceFloor: 1 } },
    ]);
  });

  it('exit 0 where another policy and the other guardrails would have decided the same', async () => {
    const { code, out } = await run([INCIDENT_ID, '--policy', 'rules', '--guardrails', 'guardrails-1', '--json']);
    expect([code, JSON.parse(out).counterfactual]).toMatchObject([0, { policy: 'rules', guardrails: 'guardrails-1', partsAt: null }]);
  });

  it.each([
    ['no id', [], 'E_USAGE'],
    ['two ids', ['inc-1', 'inc-2'], 'E_USAGE'],
    ['an option that there is not', [INCIDENT_ID, '--none-of', 'x'], 'E_USAGE'],
    ['an unknown incident', ['inc-nothing'], 'E_INCIDENT_ID'],
    ['an unknown policy', [INCIDENT_ID, '--policy', 'v-9'], 'E_VERSION'],
    ['an endless name', [INCIDENT_ID, '--policy', 'v'.repeat(500)], 'E_BODY'],
    ['an unknown guardrail set', [INCIDENT_ID, '--guardrails', '__proto__'], 'E_VERSION'],
    ['a file that is not there', [INCIDENT_ID, '--limits', 'no-such.json'], 'E_FILE'],
    ['standard input that is no JSON', [INCIDENT_ID, '--limits', '-'], 'E_JSON'],
  ])('exit 2 and one line for %s', async (_what, args, code) => {
    expect(await run(args)).toEqual({ code: 2, out: '', err: expect.stringMatching(new RegExp(`^${code}: [^\\n]+\\n$`)) });
  });

  it('exit 2 for limits that are none, naming the limit', async () => {
    const { code, err } = await run([INCIDENT_ID, '--limits', file('bad.json', '{"confidenceFloor": "high"}')]);
    expect([code, err]).toEqual([2, expect.stringMatching(/^E_CONFIG: limits\.confidenceFloor: /)]);
  });

  it('exit 4 where the chain is broken, and nothing is replayed', async () => {
    await server.stop();
    await serve(await forgedTrail(world.ports, INCIDENT_ID, withWeighed('CheckSafety#1', { storm: null }), 'as it was'));
    const { code, out, err } = await run([INCIDENT_ID]);
    expect([code, out]).toEqual([4, '']);
    expect(err).toMatch(/^E_AUDIT: entry #\d+ of inc-\w+ was changed after it was written/);
  });

  it('exit 3 where no process is running', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'replay-none-'));
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const invocation = { positionals: [INCIDENT_ID], values: { 'data-directory': empty }, json: false };
    await expect(replay.run({ ...invocation, io: { stdin, stdout, stderr, isTerminal: false } })).rejects.toMatchObject({
      name: 'EnvironmentError',
      code: 'E_NOT_RUNNING',
    });
    rmSync(empty, { recursive: true });
  });
});
