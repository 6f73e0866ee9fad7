/** What loopback answers: with the token and without it, to what is no decision, and to the command that verifies a chain. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { main } from '../../cli/main.ts';
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import { ApprovalStore } from '../../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../../functions/shared/stores/audit-trail.ts';
import { type ControlServer, startControlServer } from '../../local/control-server.ts';
import { MemoryAppendOnlyTable } from '../../local/twins/memory-item-table.ts';
import { type MemoryPorts, memoryPorts, secondsAgo } from '../support/memory-ports.ts';
import { INCIDENT_ID, somePlans } from '../support/sample-incident.ts';
import { scratchDirectory } from './scratch-directory.ts';

const TOKEN = 'a-token-of-this-test';
const ID = 'apr-0123456789abcdef';
const planHash = canonicalHash(somePlans.RETRY);
const DECISION = { approvalId: ID, decision: 'approved', planHash, by: 'ada', identity: 'os:ada', channel: 'command-line', reason: '' };

let ports: MemoryPorts;
let server: ControlServer;
beforeEach(async () => {
  ports = memoryPorts();
  await new ApprovalStore(ports).open({
    ...{ approvalId: ID, incidentId: INCIDENT_ID, jobName: 'orders', kind: 'needs-approval', reason: 'asks' },
    deadline: secondsAgo(-3600),
    options: [{ action: 'RETRY', planHash, plan: somePlans.RETRY }],
    suggestedPatch: null,
    taskToken: 'the-task-token',
  });
});
afterEach(() => server.stop());

const listen = async (of: MemoryPorts = ports) => {
  server = await startControlServer(of, TOKEN, 0);
};
async function call(path: string, init: RequestInit = {}): Promise<{ status: number; code: unknown; text: string }> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers };
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { ...init, headers });
  const text = await response.text();
  return { status: response.status, code: text.startsWith('{') ? (JSON.parse(text) as { code?: unknown }).code : undefined, text };
}
const decide = (body: string, headers: Record<string, string> = {}) => call('/decisions', { method: 'POST', body, headers });
const status = async () => (await new ApprovalStore(ports).get(ID))?.status;

describe('the control server', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['no JSON', 'approve it', {}, 400, 'E_BODY'],
    ['nothing', '', {}, 400, 'E_BODY'],
    ['no decision', JSON.stringify({ ...DECISION, decision: undefined }), {}, 400, 'E_DECISION'],
    ['both decisions', JSON.stringify({ ...DECISION, decision: ['approved', 'rejected'] }), {}, 400, 'E_DECISION'],
    ['an unknown decision', JSON.stringify({ ...DECISION, decision: 'yes' }), {}, 400, 'E_DECISION'],
    ['a megabyte', JSON.stringify({ ...DECISION, reason: 'x'.repeat(1_000_000) }), {}, 413, 'E_BODY'],
    ['a form', `approvalId=${ID}`, { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'E_CONTENT_TYPE'],
    ['JSON that says it is text', JSON.stringify(DECISION), { 'content-type': 'text/plain' }, 415, 'E_CONTENT_TYPE'],
    ['a page of another origin', JSON.stringify(DECISION), { authorization: '', origin: 'https://evil.example' }, 401, 'E_TOKEN'],
    ['another token', JSON.stringify(DECISION), { authorization: `Bearer ${TOKEN}x` }, 401, 'E_TOKEN'],
  ])('B28 takes no decision from %s, and says so by name', async (_what, body, headers, expected, code) => {
    await listen();
    expect(await decide(body, headers)).toMatchObject({ status: expected, code });
    expect(await status()).toBe('pending');
  });

  it('R46 decides nothing on GET, HEAD or OPTIONS, a hundred times, and shows no task token', async () => {
    await listen();
    for (let time = 0; time < 34; time += 1) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const path of ['/decisions', `/decisions?approvalId=${ID}&decision=approved&planHash=${planHash}`, '/approvals']) {
          expect((await call(path, { method })).text).not.toContain('the-task-token');
        }
      }
    }
    expect(await status()).toBe('pending');
    expect(ports.callback.answers).toEqual([]);
  });

  it('takes a decision by POST, with the token', async () => {
    await listen();
    expect((await decide(JSON.stringify(DECISION))).status).toBe(200);
    expect(await status()).toBe('approved');
  });
});

describe('glue-medic verify', () => {
  async function verify(of: MemoryPorts): Promise<{ code: number; out: string }> {
    await listen(of);
    const directory = scratchDirectory();
    writeFileSync(join(directory, 'process.json'), JSON.stringify({ pid: process.pid, port: server.port, token: TOKEN }));
    const stdout = new PassThrough();
    const streams = { stdin: Readable.from([]), stdout, stderr: new PassThrough() } as unknown as Parameters<typeof main>[1];
    const code = await main(['verify', INCIDENT_ID, '--data-directory', directory], streams);
    return { code, out: String(stdout.read() ?? '') };
  }
  beforeEach(async () => {
    for (let entry = 1; entry <= 50; entry += 1) await new AuditTrail(ports).append(INCIDENT_ID, `Step#${entry}`, { entry });
  });

  it('says that a chain which nobody touched is intact', async () => {
    expect(await verify(ports)).toEqual({ code: 0, out: `${INCIDENT_ID}  intact, 50 entries\n` });
  });

  it('B33 exits 4 and names the first bad entry of one that was edited', async () => {
    const edited = new MemoryAppendOnlyTable();
    for (const entry of await new AuditTrail(ports).entries(INCIDENT_ID)) {
      const sk = String(entry.sequence).padStart(8, '0');
      await edited.append({ pk: INCIDENT_ID, sk }, entry.sequence === 41 ? { ...entry, payload: 'forged' } : { ...entry });
    }
    const { code, out } = await verify({ ...ports, audit: edited });
    expect(code).toBe(4);
    expect(out).toContain('BROKEN: first bad entry #41');
  });
});
