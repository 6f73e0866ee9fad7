/** Authority changed from the command line, through the real server, on tables in memory: what people see, and what the trail keeps. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { main } from '../../cli/main.ts';
import { shippedProof } from '../../functions/propose-action/policy-proof.ts';
import { PolicyStore } from '../../functions/propose-action/policy-store.ts';
import { keepProof } from '../../functions/propose-action/promote-policy.ts';
import { seedPolicy } from '../../functions/seed-policy/handler.ts';
import { AuditTrail } from '../../functions/shared/stores/audit-trail.ts';
import { listAuthorityChanges } from '../../functions/shared/stores/authority-changes.ts';
import { freezeJob, readJobFreeze } from '../../functions/shared/stores/frozen-jobs.ts';
import { IncidentStore } from '../../functions/shared/stores/incidents.ts';
import { type ControlServer, startControlServer } from '../../local/control-server.ts';
import { type MemoryPorts, memoryPorts, secondsAgo } from '../support/memory-ports.ts';
import { aCapability, anIncident, aRegistration, aSafety } from '../support/sample-incident.ts';

const TOKEN = 'a-token-of-this-test';
const STATE = 'missing_input|low|0|none|good';
const ME = userInfo().username;

let ports: MemoryPorts;
let server: ControlServer;
let directory: string;
beforeEach(async () => {
  ports = memoryPorts();
  await seedPolicy(() => ports)();
  server = await startControlServer(ports, TOKEN, 0);
  directory = mkdtempSync(join(tmpdir(), 'authority-'));
  writeFileSync(join(directory, 'process.json'), JSON.stringify({ pid: process.pid, port: server.port, token: TOKEN }));
});
afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

async function glueMedic(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdin: Readable.from([]), stdout, stderr } as unknown as Parameters<typeof main>[1];
  const code = await main([...argv, '--data-directory', directory], streams);
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}
async function lines(...argv: string[]): Promise<Record<string, unknown>[]> {
  const { out } = await glueMedic(...argv, '--json');
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
const changes = async () => (await listAuthorityChanges(ports, 1)).map(({ change, subject, by, reason }) => [change, subject, by, reason]);

async function learn(): Promise<void> {
  const store = new PolicyStore(ports);
  for (let seen = 0; seen < 60; seen += 1) {
    await store.updateCandidate(STATE, 'RETRY', -0.7, `retried-${seen}`);
    await store.updateCandidate(STATE, 'QUARANTINE', 0.9, `quarantined-${seen}`);
  }
}

describe('glue-medic policy', () => {
  it('R26 R35 freezes, refuses without a proof, promotes with one, and rolls back', async () => {
    await learn();
    expect(await glueMedic('policy', 'freeze', '--as', 'v2')).toMatchObject({ code: 0, out: expect.stringContaining('v2 frozen') });
    const refused = await glueMedic('policy', 'promote', 'v2', '--yes', '--reason', 'learned');
    expect(refused).toMatchObject({ code: 1, out: expect.stringMatching(/FAIL {2}proof .*no proof is stored with v2/) });
    expect(refused.out).toContain('refused by proof, ');

    const hash = (await new PolicyStore(ports).description('v2'))?.hash ?? '';
    await keepProof({ ...shippedProof(), policy: { version: 'v2', hash } }, { by: ME, identity: '', reason: '' }, ports);
    expect(await glueMedic('policy', 'promote', 'v2', '--dry-run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('pass  proof-rules'),
    });
    expect((await new PolicyStore(ports).active()).version).toMatch(/^warm-start/);
    const promoted = await glueMedic('policy', 'promote', 'v2', '--yes', '--reason', 'learned');
    expect(promoted).toMatchObject({ code: 0, out: expect.stringContaining('v2 is active') });

    const listed = await lines('policy', 'list');
    expect(listed.map(({ version, active }) => [version, active])).toEqual([
      ['rules', false],
      ['v2', true],
      [expect.stringMatching(/^warm-start/), false],
    ]);
    expect((await glueMedic('policy', 'list')).out).toContain(`by ${ME}: learned; before: warm-start`);

    expect(await glueMedic('policy', 'rollback', '--reason', 'worse')).toMatchObject({ code: 0 });
    expect((await new PolicyStore(ports).active()).version).toMatch(/^warm-start/);
    expect((await changes()).slice(-2)).toEqual([
      ['policy-promotion', 'v2', ME, 'learned'],
      ['policy-rollback', expect.stringMatching(/^warm-start/), ME, 'worse'],
    ]);
  });

  it('exits 4 where the version is not what was frozen', async () => {
    await learn();
    await glueMedic('policy', 'freeze', '--as', 'v2');
    const stored = await ports.qTable.get({ pk: 'POLICY#v2', sk: 'META' });
    await ports.qTable.replace({ pk: 'POLICY#v2', sk: 'META' }, {}, stored?.revision ?? 0);
    expect(await glueMedic('policy', 'promote', 'v2', '--yes', '--reason', 'x')).toMatchObject({
      code: 4,
      out: expect.stringContaining('FAIL  intact'),
    });
    expect((await glueMedic('policy', 'list')).out).toContain('DAMAGED: E_STORED');
  });

  it('shows and compares what the process has: a version, the candidate', async () => {
    await learn();
    const changed = await lines('policy', 'diff', 'warm-start', 'candidate');
    expect(changed.map(({ stateId }) => stateId)).toEqual([STATE]);
    await glueMedic('policy', 'freeze', '--as', 'v2');
    expect(await lines('policy', 'diff', 'candidate', 'v2')).toEqual([]);
    expect(await glueMedic('policy', 'show', 'v9')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^E_POLICY: "v9" cannot be read/),
    });
  });

  it('R53 four-eyes: whoever froze it may not promote it', async () => {
    await learn();
    await glueMedic('policy', 'freeze', '--as', 'v2');
    const hash = (await new PolicyStore(ports).description('v2'))?.hash ?? '';
    await keepProof({ ...shippedProof(), policy: { version: 'v2', hash } }, { by: ME, identity: '', reason: '' }, ports);
    expect((await glueMedic('policy', 'four-eyes', 'on', '--reason', 'two people')).out).toMatch(/^on: .*turned on by .*: two people/);
    expect(await glueMedic('policy', 'promote', 'v2', '--yes', '--reason', 'x')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^E_SELF_APPROVAL: v2 cannot be promoted by/),
    });
    expect((await new PolicyStore(ports).active()).version).toMatch(/^warm-start/);
  });
});

describe('glue-medic jobs', () => {
  const file = (registration: unknown) => {
    const path = join(directory, 'job.json');
    writeFileSync(path, typeof registration === 'string' ? registration : JSON.stringify(registration));
    return path;
  };

  it('F32 shows that a job is frozen, and lifts it with a reason that is kept', async () => {
    await glueMedic('jobs', 'register', file(aRegistration()), '--reason', 'first');
    await freezeJob(ports.operations, {
      jobName: 'orders',
      incidentId: 'inc-7',
      reason: 'inverse failed: AccessDenied',
      at: secondsAgo(60),
    });
    expect((await glueMedic('jobs', 'list')).out).toContain(`FROZEN since ${secondsAgo(60)} by inc-7: inverse failed: AccessDenied`);
    expect(await lines('jobs', 'list')).toMatchObject([{ jobName: 'orders', frozen: { incidentId: 'inc-7' } }]);
    expect(await glueMedic('jobs', 'unfreeze', 'orders')).toMatchObject({ code: 2, err: expect.stringContaining('needs --reason') });
    expect(await glueMedic('jobs', 'unfreeze', 'other', '--reason', 'x')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^E_NOT_FROZEN/),
    });
    expect(await glueMedic('jobs', 'unfreeze', 'orders', '--reason', 'restored by hand')).toMatchObject({ code: 0 });
    expect(await readJobFreeze(ports.operations, 'orders')).toBeNull();
    expect(await lines('jobs', 'list')).toMatchObject([{ jobName: 'orders', frozen: null }]);
    expect(await changes()).toEqual([
      ['job-registration', 'orders', ME, 'first'],
      ['job-freeze', 'orders', ME, 'restored by hand'],
    ]);
  });

  it.each([
    ['a mode that is none', { modes: { RETRY: 'actve' } }, 'modes.RETRY'],
    ['a negative limit', { limits: { retriesPerLineage: -1 } }, 'limits.retriesPerLineage'],
    ['a limit that is missing its number', { limits: { cooldownSeconds: null } }, 'limits.cooldownSeconds'],
    ['a key that nobody knows', { mode: 'auto' }, 'registration'],
    ['four eyes for an action that changes nothing', { fourEyes: ['LOG_EVENT'] }, 'fourEyes.0'],
  ])('B24 B25 refuses %s, saying where, and keeps nothing', async (_what, changed, field) => {
    const refused = await glueMedic('jobs', 'register', file({ ...aRegistration(), ...changed }));
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(`E_CONFIG: ${field}: `) });
    expect(await lines('jobs', 'list')).toEqual([]);
    expect(await changes()).toEqual([]);
  });

  it.each(['{"limits": {"cooldownSeconds": NaN}}', '[]', 'null', ''])('B25 refuses a file that holds %j', async (text) => {
    expect(await glueMedic('jobs', 'register', file(text))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^E_CONFIG: .*job\.json/),
    });
  });

  it('R31 B24 shows a stored registration that cannot be read, in shadow, by its mode', async () => {
    await ports.operations.create({ pk: 'JOBS', sk: 'orders' }, { ...aRegistration(), modes: { RETRY: 'actve' }, protected: 'yes' });
    expect((await glueMedic('jobs', 'list')).out).toMatch(
      /^orders +shadow +E_MODE: modes\.RETRY: .*in shadow until it is registered again/,
    );
  });

  it('notes who has changed a registration, whatever the file says', async () => {
    await glueMedic('jobs', 'register', file({ ...aRegistration(), changedBy: 'somebody else' }));
    expect(await lines('jobs', 'list')).toMatchObject([{ jobName: 'orders', changedBy: ME, changedAt: secondsAgo(0) }]);
  });
});

describe('glue-medic kill-switch', () => {
  it('keeps every turn of it with who and why', async () => {
    await glueMedic('kill-switch', 'on', '--reason', 'stop');
    expect((await glueMedic('kill-switch', 'off', '--reason', 'go on')).out).toBe('off: not engaged\n');
    expect(await changes()).toEqual([
      ['kill-switch', 'installation', ME, 'stop'],
      ['kill-switch', 'installation', ME, 'go on'],
    ]);
    expect(await glueMedic('verify', 'authority-2026-11')).toMatchObject({ code: 0, out: 'authority-2026-11  intact, 2 entries\n' });
  });
});

describe('glue-medic report', () => {
  async function lose(incidentId: string): Promise<void> {
    const incidents = new IncidentStore(ports);
    await incidents.claim({
      incidentId,
      jobName: 'orders',
      runId: incidentId,
      attempt: 0,
      lineage: 'l',
      retryCount: 0,
      owner: 'e',
      trigger: {},
    });
    const trail = new AuditTrail(ports);
    await trail.append(incidentId, 'ClaimIncident#1', anIncident({ id: incidentId }));
    await trail.append(incidentId, 'CheckSafety#1', aSafety('allow', 'COERCE_SCHEMA'));
    const check = { capability: 'coercion-declared', verdict: 'unavailable' as const, reason: 'no', remedy: 'declare the coercion' };
    await trail.append(incidentId, 'CheckCapability#1', aCapability('unavailable', { checks: [check] }));
    const closure = { outcome: 'HandedOver', reason: 'rejected', closedAt: secondsAgo(0), minutes: 1, nextIncident: null };
    await trail.append(incidentId, 'CloseIncident#1', closure);
    await incidents.close(incidentId, 'HandedOver', 'rejected');
  }

  it('capability: says what missing capability has cost, and what would make it available', async () => {
    await lose('inc-1');
    await lose('inc-2');
    const { code, out } = await glueMedic('report', 'capability');
    expect(code).toBe(0);
    expect(out).toMatch(/^2 of 2 closed incidents lost an action to what the environment cannot do\n/);
    expect(out).toMatch(
      /coercion-declared +2 \(2\) +2\.0 +2\.\d\d +0 \(0\) +0\.0 +0\.00 +COERCE_SCHEMA\n +→ declare the coercion\n +jobs: orders/,
    );
    expect(await lines('report', 'capability', '--minutes', '90', '--days', '7')).toMatchObject([
      { closedIncidents: 2, incidents: 2, rows: [{ capability: 'coercion-declared', live: { incidents: 2, humanMinutes: 180 } }] },
    ]);
  });

  it('authority: says who has changed what', async () => {
    expect((await glueMedic('report', 'authority')).out).toBe('no authority was changed\n');
    await glueMedic('kill-switch', 'on', '--reason', 'stop');
    expect(await lines('report', 'authority')).toMatchObject([
      { change: 'kill-switch', status: 'done', by: ME, reason: 'stop', detail: { engaged: true } },
    ]);
  });

  it.each([
    [['report'], 'E_USAGE'],
    [['report', 'weather'], 'E_USAGE'],
    [['report', 'capability', '--months', '1'], 'E_USAGE'],
    [['report', 'capability', '--days', '0'], 'E_USAGE'],
    [['report', 'capability', '--days', '9999'], 'E_RANGE'],
  ])('refuses %j', async (argv, error) => {
    expect(await glueMedic(...argv)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(new RegExp(`^${error}: `)) });
  });
});
