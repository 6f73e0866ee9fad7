import { type ApprovalRequest, ApprovalStore, approvalIdOf, type DecisionRequest } from '../../../../functions/shared/stores/approvals.ts';
import { type MemoryPorts, memoryPorts, secondsAgo } from '../../../support/memory-ports.ts';
import { somePlans } from '../../../support/sample-incident.ts';

const ID = approvalIdOf('inc-1', 1);
const KEY = { pk: 'APPROVALS', sk: ID };
const RETRY = 'a'.repeat(64);
const QUARANTINE = 'b'.repeat(64);

const aRequest = (changes: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  approvalId: ID,
  incidentId: 'inc-1',
  jobName: 'orders',
  deadline: secondsAgo(-3600),
  kind: 'needs-approval',
  reason: 'a person confirms this action on this job',
  options: [
    { action: 'RETRY', planHash: RETRY, plan: somePlans.RETRY },
    { action: 'QUARANTINE', planHash: QUARANTINE, plan: somePlans.QUARANTINE },
  ],
  suggestedPatch: null,
  taskToken: 'token',
  ...changes,
});

const aDecision = (changes: Partial<DecisionRequest> = {}): DecisionRequest => ({
  approvalId: ID,
  decision: 'approved',
  planHash: RETRY,
  by: 'ada',
  identity: 'arn:aws:iam::111122223333:user/ada',
  channel: 'command-line',
  reason: 'looks right',
  ...changes,
});

/** Notes the sort keys that are read one by one. */
function counted(table: MemoryPorts['operations'], name: string | symbol, read: string[]): unknown {
  const member: unknown = Reflect.get(table, name, table);
  if (typeof member !== 'function') return member;
  return (key: { sk?: string }, ...rest: unknown[]) => {
    if (name === 'get') read.push(key.sk ?? '');
    return Reflect.apply(member, table, [key, ...rest]) as unknown;
  };
}

describe('approvalIdOf', () => {
  it('is the same for one escalation of one incident, whoever asks, and another for every other', () => {
    expect(ID).toMatch(/^apr-[0-9a-f]{16}$/);
    expect(approvalIdOf('inc-1', 1)).toBe(ID);
    expect(new Set([ID, approvalIdOf('inc-1', 2), approvalIdOf('inc-2', 1)]).size).toBe(3);
  });
});

describe('ApprovalStore', () => {
  let ports: MemoryPorts;
  let store: ApprovalStore;
  beforeEach(() => {
    ports = memoryPorts();
    store = new ApprovalStore(ports);
  });
  const revision = async () => (await ports.operations.get(KEY))?.revision;

  it('R46 opens a request that waits for a person, and keeps all of it', async () => {
    const opened = await store.open(aRequest());
    expect(opened).toEqual({ ...aRequest(), requestedAt: secondsAgo(0), status: 'pending', decision: null, delivered: false });
    expect(await store.get(ID)).toEqual(opened);
  });

  it('knows nothing of a request that nobody has opened', async () => {
    expect(await store.get(ID)).toBeUndefined();
    expect(await store.list()).toEqual([]);
    expect(await store.expire(ID)).toBeUndefined();
    await store.markDelivered(ID);
    expect(await store.get(ID)).toBeUndefined();
  });

  it('lists every request, though they fill more than one page of the table', async () => {
    const ids = Array.from({ length: 9 }, (_, pass) => approvalIdOf('inc-1', pass)).toSorted();
    for (const approvalId of ids) await store.open(aRequest({ approvalId, suggestedPatch: 'x'.repeat(300_000) }));
    expect((await store.list()).map((approval) => approval.approvalId)).toEqual(ids);
  });

  it('reads nothing of what was settled long ago, and everything that still waits', async () => {
    const old = approvalIdOf('inc-old', 1);
    await store.open(aRequest({ approvalId: old, deadline: secondsAgo(4 * 86_400) }));
    await store.open(aRequest({ approvalId: approvalIdOf('inc-late', 1), deadline: secondsAgo(86_400) }));
    await store.open(aRequest({ deadline: secondsAgo(-10 * 86_400) }));
    const read: string[] = [];
    const counting = { ...ports, operations: new Proxy(ports.operations, { get: (table, name) => counted(table, name, read) }) };
    expect((await new ApprovalStore(counting).list()).map(({ incidentId }) => incidentId)).toHaveLength(2);
    expect(read).not.toContain(old);
    expect(await store.get(old)).toBeDefined();
  });

  it('lists a request once, although it was opened again with another deadline', async () => {
    await store.open(aRequest());
    await store.open(aRequest({ deadline: secondsAgo(-3 * 86_400) }));
    expect(await store.list()).toMatchObject([{ approvalId: ID, deadline: secondsAgo(-3600) }]);
  });

  it.each([
    ['without its status', { status: null }],
    ['with a status that is none', { status: 'yes' }],
    ['with a field that nobody knows', { approvedBy: 'eve' }],
  ])('a stored request %s is refused: nothing can be decided on it', async (_what, changes) => {
    await store.open(aRequest());
    const stored = await ports.operations.get(KEY);
    await ports.operations.replace(KEY, { ...stored?.attributes, ...changes }, stored?.revision ?? 0);
    await expect(store.get(ID)).rejects.toThrow('E_STORED');
    await expect(store.list()).rejects.toThrow('E_STORED');
    await expect(store.decide(aDecision())).rejects.toThrow('E_STORED');
  });

  describe('decide', () => {
    beforeEach(async () => {
      await store.open(aRequest());
    });

    it('R47 R53 records the decision with the plan that it is bound to, by whom, how and when', async () => {
      const decided = await store.decide(aDecision());
      expect(decided).toMatchObject({
        status: 'approved',
        decision: {
          action: 'RETRY',
          planHash: RETRY,
          by: 'ada',
          identity: 'arn:aws:iam::111122223333:user/ada',
          channel: 'command-line',
          at: secondsAgo(0),
          reason: 'looks right',
        },
      });
      expect(await store.get(ID)).toEqual(decided);
    });

    it('R47 says who has decided before, and when', async () => {
      await store.decide(aDecision({ decision: 'rejected', by: 'bob' }));
      ports.time.advance(5);
      await expect(store.decide(aDecision())).rejects.toThrow(`E_ALREADY_DECIDED: ${ID} is rejected by bob at ${secondsAgo(0)}`);
    });

    it('R48 R51 is open until the deadline and closed from it on', async () => {
      ports.time.advance(3599.999);
      await expect(store.decide(aDecision({ planHash: 'no such plan' }))).rejects.toThrow('E_PLAN_CHANGED');
      ports.time.advance(0.001);
      await expect(store.decide(aDecision())).rejects.toThrow(
        `E_APPROVAL_EXPIRED: ${ID} expired at ${secondsAgo(-3600)}; silence means no action`,
      );
      expect(await store.get(ID)).toMatchObject({ status: 'pending', decision: null });
    });

    it('R48 R51 says that silence has closed it', async () => {
      await store.expire(ID);
      const refusal: unknown = await store.decide(aDecision()).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'E_APPROVAL_EXPIRED', message: `E_APPROVAL_EXPIRED: ${ID} is expired` });
    });

    it('R48 says what could be approved instead of a plan that is not offered', async () => {
      await expect(store.decide(aDecision({ planHash: 'c'.repeat(64) }))).rejects.toThrow(
        `E_PLAN_CHANGED: plan "${'c'.repeat(64)}" is none of ${'a'.repeat(12)} (RETRY), ${'b'.repeat(12)} (QUARANTINE); read the request again`,
      );
    });

    it.each([
      [8, 'QUARANTINE'],
      [63, 'QUARANTINE'],
      [64, 'QUARANTINE'],
    ])('R47 takes the first %i digits of a hash for the plan', async (digits, action) => {
      const { decision } = await store.decide(aDecision({ planHash: QUARANTINE.slice(0, digits) }));
      expect(decision).toMatchObject({ action, planHash: QUARANTINE });
    });

    it('R48 says what became of a request without a plan, and that it can be rejected', async () => {
      const approvalId = approvalIdOf('inc-1', 2);
      await store.open(aRequest({ approvalId, options: [], kind: 'unavailable' }));
      await expect(store.decide(aDecision({ approvalId }))).rejects.toThrow(
        `E_NOTHING_TO_APPROVE: ${approvalId} has no plan that could be carried out (unavailable); reject it once it is dealt with`,
      );
      expect(await store.decide(aDecision({ approvalId, decision: 'rejected' }))).toMatchObject({ status: 'rejected' });
    });

    it('R48 says that a request is unknown and where those are listed that are known', async () => {
      await expect(store.decide(aDecision({ approvalId: 'apr-none' }))).rejects.toThrow(
        'E_APPROVAL_ID: "apr-none" is unknown; `glue-medic incidents` lists what waits',
      );
    });

    it.each([
      [1999, 1999],
      [2000, 2000],
      [2001, 2000],
    ])('B29 of a reason of %i characters keeps %i', async (given, kept) => {
      const { decision } = await store.decide(aDecision({ reason: 'x'.repeat(given) }));
      expect(decision?.reason).toBe(given === kept ? 'x'.repeat(given) : `${'x'.repeat(kept - 1)}…`);
    });
  });

  describe('what has happened once', () => {
    it('R52 is marked as delivered once: told again, nothing is written', async () => {
      await store.open(aRequest());
      await store.markDelivered(ID);
      expect(await store.get(ID)).toMatchObject({ delivered: true, status: 'pending' });
      const before = await revision();
      await store.markDelivered(ID);
      expect(await revision()).toBe(before);
    });

    it('R51 closes by silence only what nobody has decided', async () => {
      await store.open(aRequest());
      const decided = await store.decide(aDecision());
      expect(await store.expire(ID)).toEqual(decided);
      expect(await store.get(ID)).toEqual(decided);
    });

    it('R51 R49 closed by silence it stays closed: opened again it only takes the new token', async () => {
      await store.open(aRequest());
      expect(await store.expire(ID)).toMatchObject({ status: 'expired', decision: null });
      await store.markDelivered(ID);
      expect(await store.open(aRequest({ taskToken: 'newer' }))).toMatchObject({ status: 'expired', taskToken: 'newer', delivered: false });
    });
  });
});
