import fc from 'fast-check';
import { decideApproval } from '../../../functions/decide-approval/decide-approval.ts';
import { approvalSection, deliverDecision } from '../../../functions/decide-approval/deliver-decision.ts';
import { decideApprovalStep } from '../../../functions/decide-approval/handler.ts';
import { ServiceError } from '../../../functions/shared/aws-errors.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import type { MedicError } from '../../../functions/shared/errors.ts';
import type { JobRegistration } from '../../../functions/shared/job-registration.ts';
import { type ApprovalRequest, ApprovalStore, approvalIdOf, type DecisionRequest } from '../../../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { gatedTable, type MemoryPorts, memoryPorts, secondsAgo } from '../../support/memory-ports.ts';
import { aRegistration, INCIDENT_ID, somePlans } from '../../support/sample-incident.ts';

const ID = approvalIdOf(INCIDENT_ID, 1);
const TOKEN = 'task-token-that-nobody-may-see';
const RETRY = canonicalHash(somePlans.RETRY);
const QUARANTINE = canonicalHash(somePlans.QUARANTINE);

const aRequest = (changes: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  approvalId: ID,
  incidentId: INCIDENT_ID,
  jobName: 'orders',
  deadline: secondsAgo(-3600),
  kind: 'needs-approval',
  reason: 'a person confirms this action on this job',
  options: [
    { action: 'RETRY', planHash: RETRY, plan: somePlans.RETRY },
    { action: 'QUARANTINE', planHash: QUARANTINE, plan: somePlans.QUARANTINE },
  ],
  suggestedPatch: null,
  taskToken: TOKEN,
  ...changes,
});

const aDecision = (changes: Partial<DecisionRequest> = {}): DecisionRequest => ({
  approvalId: ID,
  decision: 'approved',
  planHash: RETRY,
  by: 'ada',
  identity: 'arn:aws:sts::111122223333:assumed-role/oncall/ada',
  channel: 'command-line',
  reason: 'looks right',
  ...changes,
});

describe('decideApproval', () => {
  let ports: MemoryPorts;
  let store: ApprovalStore;
  beforeEach(async () => {
    ports = memoryPorts();
    store = new ApprovalStore(ports);
    await store.open(aRequest());
    ports.callback.open.add(TOKEN);
  });
  const decide = (changes: Partial<DecisionRequest> = {}) => decideApproval(aDecision(changes), ports);
  const codeOf = (changes: Partial<DecisionRequest>) =>
    decide(changes).then(
      () => 'decided',
      (error: MedicError) => error.code,
    );

  it('approves one plan, tells the waiting state and says so', async () => {
    const { approval, delivery } = await decide();
    expect(delivery).toBe('delivered');
    expect(approval).toMatchObject({ status: 'approved', decision: { action: 'RETRY', planHash: RETRY, by: 'ada' } });
    expect(ports.callback.answers).toEqual([
      {
        taskToken: TOKEN,
        output: {
          approvalId: ID,
          decision: 'approved',
          action: 'RETRY',
          planHash: RETRY,
          decidedBy: 'ada',
          decidedAt: secondsAgo(0),
          reason: 'looks right',
        },
      },
    ]);
    expect((await store.get(ID))?.delivered).toBe(true);
  });

  it('approves an alternative by its own hash, or enough of it to be one', async () => {
    expect((await decide({ planHash: QUARANTINE.slice(0, 8) })).approval.decision).toMatchObject({
      action: 'QUARANTINE',
      planHash: QUARANTINE,
    });
  });

  it.each(['rejected', 'false-positive'] as const)('%s carries out nothing, whatever plan is named', async (decision) => {
    expect((await decide({ decision, planHash: RETRY })).approval.decision).toMatchObject({ action: null, planHash: null });
  });

  it('R47 F27 decides exactly once under approve and reject at once, in any interleaving; the loser learns what stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom('approved' as const, 'rejected' as const), { minLength: 2, maxLength: 5 }),
        async (scheduler, decisions) => {
          ports = memoryPorts();
          await new ApprovalStore(ports).open(aRequest());
          ports.callback.open.add(TOKEN);
          const gated = { ...ports, operations: gatedTable(ports.operations, (call) => scheduler.schedule(Promise.resolve(), call)) };
          const results = await scheduler.waitFor(
            Promise.allSettled(decisions.map((decision, index) => decideApproval(aDecision({ decision, by: `p${index}` }), gated))),
          );
          const winners = results.filter((result) => result.status === 'fulfilled');
          expect(winners).toHaveLength(1);
          const stands = await new ApprovalStore(ports).get(ID);
          expect(winners[0]?.value.approval.status).toBe(stands?.status);
          for (const result of results) {
            if (result.status === 'rejected') {
              expect((result.reason as Error).message).toBe(
                `E_ALREADY_DECIDED: ${ID} is ${stands?.status} by ${stands?.decision?.by} at ${stands?.decision?.at}`,
              );
            }
          }
          expect(ports.callback.answers).toHaveLength(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  describe('R48 refuses, each with its own code', () => {
    it('B27 an approval that is past its deadline, or was closed by silence', async () => {
      ports.time.advance(3600);
      expect(await codeOf({})).toBe('E_APPROVAL_EXPIRED');
      await store.expire(ID);
      expect(await codeOf({ decision: 'rejected' })).toBe('E_APPROVAL_EXPIRED');
      expect((await store.get(ID))?.decision).toBeNull();
    });

    it('B26 an approval that nobody has opened', async () => {
      expect(await codeOf({ approvalId: 'apr-ffffffffffffffff' })).toBe('E_APPROVAL_ID');
    });

    it('B27 an approval that is decided', async () => {
      await decide({ decision: 'rejected' });
      expect(await codeOf({})).toBe('E_ALREADY_DECIDED');
      expect(await codeOf({ decision: 'rejected' })).toBe('E_ALREADY_DECIDED');
    });

    it.each([null, '', RETRY.slice(0, 7), 'f'.repeat(64), `${RETRY}0`])(
      'B27 a plan hash that is none of the offered: %j',
      async (planHash) => {
        expect(await codeOf({ planHash })).toBe('E_PLAN_CHANGED');
        expect((await store.get(ID))?.status).toBe('pending');
      },
    );

    it('R46 nothing to approve where there is no plan', async () => {
      await store.open(aRequest({ approvalId: 'apr-0000000000000002', options: [] }));
      expect(await codeOf({ approvalId: 'apr-0000000000000002' })).toBe('E_NOTHING_TO_APPROVE');
    });
  });

  it('R46 reading a request a hundred times changes nothing', async () => {
    const before = await ports.operations.get({ pk: 'APPROVALS', sk: ID });
    for (let time = 0; time < 100; time += 1) {
      await store.get(ID);
      await store.list();
    }
    expect(await ports.operations.get({ pk: 'APPROVALS', sk: ID })).toEqual(before);
  });

  it('R49 a request that is opened again keeps plans, deadline and decision, and takes the newest token', async () => {
    await decide();
    const again = await store.open(aRequest({ taskToken: 'second', deadline: secondsAgo(-9999), options: [] }));
    expect(again).toMatchObject({ taskToken: 'second', deadline: secondsAgo(-3600), status: 'approved', delivered: false });
    expect(again.options).toHaveLength(2);
  });

  it('R52 F26 a decision stands although the waiting state could not be told', async () => {
    ports.callback.isDown = true;
    expect(await decide()).toMatchObject({ delivery: 'not-delivered', approval: { status: 'approved' } });
    expect(await store.get(ID)).toMatchObject({ status: 'approved', delivered: false });
  });

  it('R52 F28 says too late where the waiting state has gone', async () => {
    ports.callback.open.clear();
    expect((await decide()).delivery).toBe('too-late');
    expect((await store.get(ID))?.delivered).toBe(true);
  });

  it('R52 says too late where Step Functions no longer knows the task at all', async () => {
    const sendTaskSuccess = async () => {
      throw new ServiceError('TaskDoesNotExist', 'no such task');
    };
    expect((await decideApproval(aDecision(), { ...ports, callback: { sendTaskSuccess } })).delivery).toBe('too-late');
    expect((await store.get(ID))?.delivered).toBe(true);
  });

  it('R53 writes down who, how identified, by which channel, when, and which plan', async () => {
    await decide();
    const [entry] = await new AuditTrail(ports).entries(INCIDENT_ID);
    expect(entry).toMatchObject({
      stepKey: `DecideApproval#${ID}`,
      payload: {
        approvalId: ID,
        status: 'approved',
        decision: {
          action: 'RETRY',
          planHash: RETRY,
          by: 'ada',
          identity: 'arn:aws:sts::111122223333:assumed-role/oncall/ada',
          channel: 'command-line',
          at: secondsAgo(0),
          reason: 'looks right',
        },
      },
    });
  });

  it('R50 the task token is in the approval’s row and nowhere else: not in the trail, not in the answer', async () => {
    const step = decideApprovalStep(() => ports);
    const answer = await step(aDecision());
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
    expect(JSON.stringify(await new AuditTrail(ports).entries(INCIDENT_ID))).not.toContain(TOKEN);
    expect(JSON.stringify(ports.callback.answers[0]?.output)).not.toContain(TOKEN);
    expect((await store.get(ID))?.taskToken).toBe(TOKEN);
  });

  it('R53 writes it down before anything goes on: what cannot be written is not delivered, and is both later', async () => {
    const audit = gatedTable(ports.audit, async (call) => {
      if (call === 'append') throw new Error('ThrottlingException');
    });
    expect(await decideApproval(aDecision(), { ...ports, audit })).toMatchObject({ delivery: 'not-delivered' });
    expect(ports.callback.answers).toEqual([]);
    const decided = await store.get(ID);
    expect(decided).toMatchObject({ status: 'approved', delivered: false });
    if (decided) await deliverDecision(decided, ports);
    if (decided) await deliverDecision(decided, ports);
    expect((await new AuditTrail(ports).entries(INCIDENT_ID)).map(({ stepKey }) => stepKey)).toEqual([`DecideApproval#${ID}`]);
    expect(ports.callback.answers).toHaveLength(1);
  });

  describe('R53 where the registration asks for four eyes', () => {
    const asks = (actions: JobRegistration['fourEyes'], by: string | null = 'bob') =>
      register(ports.operations, aRegistration({ fourEyes: actions }), by === null ? null : { by, at: ports.clock() });

    it('refuses whoever changed it last, by its own code, and decides nothing', async () => {
      await asks(['RETRY'], 'ada');
      for (const by of ['ada', 'Ada ']) expect(await codeOf({ by })).toBe('E_SELF_APPROVAL');
      expect(await store.get(ID)).toMatchObject({ status: 'pending', decision: null });
      expect(await new AuditTrail(ports).entries(INCIDENT_ID)).toEqual([]);
      expect(await codeOf({ by: 'bob' })).toBe('decided');
    });

    it('refuses everybody where nobody knows who that was', async () => {
      await asks(['RETRY'], null);
      expect(await codeOf({})).toBe('E_SELF_APPROVAL');
    });

    it('lets them reject, and approve what takes no second person', async () => {
      await asks(['RETRY'], 'ada');
      expect(await codeOf({ planHash: QUARANTINE })).toBe('decided');
      ports = memoryPorts();
      await new ApprovalStore(ports).open(aRequest());
      await asks(['RETRY', 'QUARANTINE'], 'ada');
      expect(await codeOf({ decision: 'rejected' })).toBe('decided');
    });

    it('holds for a request that was opened under it, whatever the registration says by now', async () => {
      const approvalId = 'apr-0000000000000002';
      await store.open(aRequest({ approvalId, fourEyes: { actions: ['RETRY'], author: 'ada' } }));
      await asks([], 'bob');
      for (const by of ['ada', 'bob']) expect(await codeOf({ approvalId, by })).toBe('E_SELF_APPROVAL');
      expect(await codeOf({ approvalId, by: 'eve' })).toBe('decided');
    });
  });

  it.each(['<img src=x onerror=alert(1)>', '=HYPERLINK("x")', 'half \ud800 a character'])(
    'B29 keeps a reason as the text it is: %j',
    async (reason) => {
      expect((await decide({ reason })).approval.decision?.reason).toBe(reason.toWellFormed());
    },
  );

  it('B29 cuts a reason of 100 kB and leaves a mark', async () => {
    const kept = (await decide({ reason: '😀'.repeat(25_000) })).approval.decision?.reason ?? '';
    expect(kept.length).toBeLessThanOrEqual(2000);
    expect(kept.endsWith('…')).toBe(true);
    expect(kept.isWellFormed()).toBe(true);
  });
});

describe('approvalSection', () => {
  it.each([
    ['that waits', false],
    ['that silence has closed', true],
  ])('R51 takes a request %s for nobody’s decision at its deadline, which carries out nothing', async (_what, isExpired) => {
    const ports = memoryPorts();
    const store = new ApprovalStore(ports);
    const opened = await store.open(aRequest());
    const approval = isExpired ? await store.expire(ID) : opened;
    expect(approvalSection(approval ?? opened)).toEqual({
      approvalId: ID,
      decision: 'expired',
      action: null,
      planHash: null,
      decidedBy: 'nobody',
      decidedAt: secondsAgo(-3600),
      reason: '',
    });
  });
});

describe('DecideApproval', () => {
  const codeOf = (request: unknown) =>
    decideApprovalStep(() => memoryPorts())(request).then(
      () => 'decided',
      (error: MedicError) => error.code,
    );

  it.each([
    ['approved', RETRY, 'console'],
    ['approved', RETRY.slice(0, 8), 'command-line'],
    ['rejected', null, 'console'],
    ['false-positive', null, 'command-line'],
  ] as const)('R54 takes %s of plan %s by the %s and answers what is recorded now', async (decision, planHash, channel) => {
    const ports = memoryPorts();
    await new ApprovalStore(ports).open(aRequest());
    ports.callback.open.add(TOKEN);
    const answer = await decideApprovalStep(() => ports)({ ...aDecision(), decision, planHash, channel });
    const recorded = await new ApprovalStore(ports).get(ID);
    expect(recorded?.decision).toMatchObject({ action: decision === 'approved' ? 'RETRY' : null, channel });
    expect(answer).toEqual({
      approvalId: ID,
      incidentId: INCIDENT_ID,
      status: decision,
      decision: recorded?.decision,
      delivery: 'delivered',
    });
  });

  it('B28 says which field is wrong, and that the whole of it is none', async () => {
    const step = decideApprovalStep(() => memoryPorts());
    await expect(step({ ...aDecision(), approvalId: 'apr-1' })).rejects.toThrow(
      'E_APPROVAL_ID: approvalId: an approval id: apr- and 16 hex digits',
    );
    await expect(step({ ...aDecision(), channel: 'mail' })).rejects.toThrow(/^E_DECISION: channel: Invalid option/);
    await expect(step('approve it')).rejects.toThrow(/^E_DECISION: decision: Invalid input: expected object/);
  });

  it.each([undefined, '', 'apr-', 'apr-XYZ', `${ID} `, ` ${ID}`, '../../x', 7])('B26 refuses the approval id %j', async (approvalId) => {
    const step = decideApprovalStep(() => memoryPorts());
    // As it is written, before anything is looked up.
    await expect(step({ ...aDecision(), approvalId })).rejects.toThrow(/^E_APPROVAL_ID: approvalId: /);
  });

  it.each([
    ['no decision', { ...aDecision(), decision: undefined }],
    ['both decisions', { ...aDecision(), decision: ['approved', 'rejected'] }],
    ['an unknown decision', { ...aDecision(), decision: 'yes' }],
    ['expired, which only silence may say', { ...aDecision(), decision: 'expired' }],
    ['nobody', { ...aDecision(), by: '' }],
    ['no identity', { ...aDecision(), identity: undefined }],
    ['somebody without end', { ...aDecision(), by: 'a'.repeat(201) }],
    ['an identity without end', { ...aDecision(), identity: 'a'.repeat(201) }],
    ['an empty identity', { ...aDecision(), identity: '' }],
    ['a plan hash without end', { ...aDecision(), planHash: 'f'.repeat(65) }],
    ['a channel that decides nothing', { ...aDecision(), channel: 'mail' }],
    ['a field that it does not know', { ...aDecision(), taskToken: 'x' }],
    ['no object', 'approve it'],
    ['nothing', undefined],
  ])('B28 R54 refuses a body with %s', async (_what, request) => {
    expect(await codeOf(request)).toMatch(/^E_(DECISION|APPROVAL_ID)$/);
    if (typeof request === 'object') expect(await codeOf(request)).toBe('E_DECISION');
  });
});
