import { refusalReason } from '../../../functions/execute-action/assert-authority.ts';
import { executeAction } from '../../../functions/execute-action/execute-action.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import { ApprovalStore } from '../../../functions/shared/stores/approvals.ts';
import { freezeJob, liftJobFreeze } from '../../../functions/shared/stores/frozen-jobs.ts';
import { recordGoodRun } from '../../../functions/shared/stores/good-runs.ts';
import { faultyPorts, isMutating } from '../../support/fault-injection.ts';
import { documentOf, type HealingWorld, healingWorld, planFor, safetyOf } from '../../support/healing-world.ts';
import { aRun, secondsAgo } from '../../support/memory-ports.ts';
import { aCapability, INCIDENT_ID, somePlans } from '../../support/sample-incident.ts';

const APPROVAL = 'apr-0000000000000001';

describe('refusalReason', () => {
  let world: HealingWorld;
  const setUp = async (registration: Record<string, unknown> = {}) => {
    world?.remove();
    world = await healingWorld(registration);
  };
  beforeEach(() => setUp());
  afterEach(() => world.remove());

  const retry = async (sections = {}) => documentOf(await planFor('RETRY', world), sections);

  async function approve(options: { incidentId?: string; plan?: typeof somePlans.RETRY; decision?: 'approved' | 'rejected' | null }) {
    const { incidentId = INCIDENT_ID, plan = await planFor('RETRY', world), decision = 'approved' } = options;
    const store = new ApprovalStore(world.ports);
    const planHash = canonicalHash(plan);
    await store.open({
      approvalId: APPROVAL,
      incidentId,
      jobName: 'orders',
      deadline: secondsAgo(-3600),
      kind: 'needs-approval',
      reason: 'asks',
      options: [{ action: 'RETRY', planHash, plan }],
      suggestedPatch: null,
      taskToken: 'token',
    });
    if (decision) {
      await store.decide({ approvalId: APPROVAL, decision, planHash, by: 'ada', identity: 'iam', channel: 'cli', reason: '' });
    }
  }

  it('lets a plan pass that every check has let pass', async () => {
    expect(await refusalReason(await retry(), world.ports)).toBeNull();
  });

  it.each(['needs-approval', 'escalate', 'deferred'] as const)('R19: refuses where safety said %s', async (verdict) => {
    const plan = await planFor('RETRY', world);
    expect(await refusalReason(documentOf(plan, { safety: safetyOf(plan, { verdict }) }), world.ports)).toContain(verdict);
  });

  it('R19: refuses what capability found unavailable', async () => {
    expect(await refusalReason(await retry({ capability: aCapability('unavailable') }), world.ports)).toContain('unavailable');
  });

  it('R49: refuses a plan that is not the one that was judged', async () => {
    const plan = await planFor('RETRY', world);
    const changed = { ...plan, delaySeconds: 1 } as typeof plan;
    const document = documentOf(plan, { safety: safetyOf(plan, { plan: changed }) });
    expect(await refusalReason(document, world.ports)).toMatch(/^E_PLAN_CHANGED/);
    const renamed = documentOf(plan, { safety: safetyOf(plan, { action: 'LOG_EVENT' }) });
    expect(await refusalReason(renamed, world.ports)).toMatch(/^E_PLAN_CHANGED/);
  });

  it('F32: refuses where the job was frozen after it was judged, until the freeze is lifted', async () => {
    const { operations } = world.ports;
    await freezeJob(operations, { jobName: 'orders', incidentId: 'inc-7', reason: 'inverse failed', at: secondsAgo(1) });
    expect(await refusalReason(await retry(), world.ports)).toBe('E_JOB_FROZEN: frozen by inc-7: inverse failed');
    await liftJobFreeze(operations, 'orders', { by: 'ada', at: secondsAgo(0), reason: 'looked at it' });
    expect(await refusalReason(await retry(), world.ports)).toBeNull();
  });

  it('R30: refuses where the job is in shadow by now', async () => {
    await setUp({ modes: { RETRY: 'shadow', QUARANTINE: 'auto' } });
    expect(await refusalReason(await retry(), world.ports)).toMatch(/^E_MODE/);
  });

  it('R31: refuses where the registration cannot be read by now', async () => {
    const stored = await world.ports.operations.get({ pk: 'JOBS', sk: 'orders' });
    await world.ports.operations.replace(
      { pk: 'JOBS', sk: 'orders' },
      { jobName: 'orders', modes: { RETRY: 'actve' } },
      stored?.revision ?? 0,
    );
    expect(await refusalReason(await retry(), world.ports)).toMatch(/^E_MODE/);
  });

  it('refuses an unapproved action where it has to be approved by now', async () => {
    await setUp({ modes: { RETRY: 'approve' } });
    expect(await refusalReason(await retry(), world.ports)).toMatch(/^E_MODE/);
  });

  describe('R49: an approval', () => {
    const approved = async () => {
      const plan = await planFor('RETRY', world);
      return documentOf(plan, { safety: safetyOf(plan, { approvalId: APPROVAL }) });
    };
    beforeEach(() => setUp({ modes: { RETRY: 'approve' } }));

    it('of this plan lets it pass', async () => {
      await approve({});
      expect(await refusalReason(await approved(), world.ports)).toBeNull();
    });
    it.each([
      ['that nobody has on record', null, /^E_APPROVAL_ID/],
      ['that is still pending', { decision: null }, /^E_APPROVAL_ID.*pending/],
      ['that was rejected', { decision: 'rejected' as const }, /^E_APPROVAL_ID.*rejected/],
      ['of another incident', { incidentId: 'inc-other' }, /^E_APPROVAL_ID/],
      ['of another plan', { plan: somePlans.RETRY }, /^E_PLAN_CHANGED/],
    ])('%s does not', async (_name, given, reason) => {
      if (given) await approve(given);
      expect(await refusalReason(await approved(), world.ports)).toMatch(reason);
    });
  });

  it('R6 F3: refuses where a newer run of the lineage has succeeded', async () => {
    world.glue.add(aRun({ id: 'jr_newer', state: 'SUCCEEDED', startedOn: secondsAgo(100) }));
    expect(await refusalReason(await retry(), world.ports)).toContain('overtaken: run jr_newer');
  });

  it('refuses where the good-run ledger knows a newer run', async () => {
    world.glue.add(aRun({ id: 'jr_good', state: 'SUCCEEDED', startedOn: secondsAgo(100), arguments: { '--day': '2026-11-06' } }));
    expect(await refusalReason(await retry(), world.ports)).toBeNull();
    await recordGoodRun(world.ports.operations, 'orders', {
      runId: 'jr_good',
      startedOn: secondsAgo(100),
      recordedAt: secondsAgo(10),
      executionTimeSeconds: 60,
      dpuSeconds: null,
      tables: [],
      baselines: [],
    });
    expect(await refusalReason(await retry(), world.ports)).toContain('overtaken: run jr_good');
  });

  it('is not overtaken by an older run, by another lineage’s, nor by the incident’s own', async () => {
    world.glue.add(aRun({ id: 'jr_older', state: 'SUCCEEDED', startedOn: secondsAgo(2000) }));
    world.glue.add(aRun({ id: 'jr_other', state: 'SUCCEEDED', startedOn: secondsAgo(100), arguments: { '--day': 'other' } }));
    const own = { '--day': '2026-11-05', '--glue-medic-remediation-id': INCIDENT_ID };
    world.glue.add(aRun({ id: 'jr_own', state: 'SUCCEEDED', startedOn: secondsAgo(100), arguments: own }));
    expect(await refusalReason(await retry(), world.ports)).toBeNull();
  });

  it('R30 R32: a refused plan changes nothing at all', async () => {
    await world.pullKillSwitch();
    const mutations: string[] = [];
    const ports = faultyPorts(world.ports, { onCall: (call) => void (isMutating(call) && mutations.push(call.op)) });
    expect(await executeAction(documentOf(await planFor('QUARANTINE', world)), ports)).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/^E_KILL_SWITCH/),
      effects: [],
    });
    expect(mutations).toEqual([]);
    expect(await world.ledger()).toEqual([]);
  });

  it('records an event in shadow, for that changes nothing', async () => {
    await world.pullKillSwitch();
    expect(await executeAction(documentOf(somePlans.LOG_EVENT), world.ports)).toMatchObject({
      status: 'recorded',
      runId: null,
      effects: [],
    });
  });
});
