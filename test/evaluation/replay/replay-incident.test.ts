import fc from 'fast-check';
import { replayIncident } from '../../../evaluation/replay/replay-incident.ts';
import { decideApprovalStep } from '../../../functions/decide-approval/handler.ts';
import { ApprovalStore, approvalIdOf } from '../../../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { BudgetStore } from '../../../functions/shared/stores/budgets.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { setKillSwitch } from '../../../functions/shared/stores/settings.ts';
import { joinStorm } from '../../../functions/shared/stores/storms.ts';
import { forgedTrail, withWeighed } from '../../support/forged-trail.ts';
import { type HealingWorld, healingWorld, INPUT } from '../../support/healing-world.ts';
import { endTheRerun, type MachineRun, runMachine } from '../../support/machine-run.ts';
import { gatedTable, NOW } from '../../support/memory-ports.ts';
import { aRegistration, INCIDENT_ID } from '../../support/sample-incident.ts';

const THROTTLED = 'An error occurred (ThrottlingException) when calling the GetObject operation: Rate exceeded';
const LOGS = {
  throttled: THROTTLED,
  'out of memory': 'java.lang.OutOfMemoryError: Java heap space',
  'access denied': 'An error occurred (AccessDeniedException) when calling GetObject: User is not authorized to perform: s3:GetObject',
  'a bug': "NameError: name 'amuont' is not defined",
  'a type mismatch': "AnalysisException: cannot resolve 'amount' due to data type mismatch: cannot cast string to int",
  nothing: 'Job finished its first stage',
} as const;
const SAME = { verdict: 'same', difference: null, reason: null };

let world: HealingWorld;
beforeEach(async () => {
  world = await healingWorld();
});
afterEach(() => world.remove());

/** One incident from its event to its end, whatever that is. */
async function incident({
  log = THROTTLED,
  decision = 'approved' as 'approved' | 'rejected' | 'silence',
  operations = world.ports.operations,
  in: of = world,
} = {}): Promise<MachineRun> {
  of.logs.append('/aws-glue/jobs/error', 'jr_1-driver', [{ timestamp: NOW.getTime() - 660_000, message: log }]);
  const ports = { ...of.ports, operations };
  const decide = async () => {
    const approval = await new ApprovalStore(ports).get(approvalIdOf(INCIDENT_ID, 1));
    if (decision === 'silence' || approval?.status !== 'pending') return;
    const [option] = approval.options;
    await decideApprovalStep(() => ports)({
      approvalId: approval.approvalId,
      decision: decision === 'approved' && option ? 'approved' : 'rejected',
      planHash: option?.planHash ?? null,
      ...{ by: 'ada', identity: 'test', channel: 'command-line', reason: 'looked at it' },
    });
  };
  return runMachine(of, {
    ports,
    decide,
    around: {
      ValidateOutcome: async (_visit, step) => {
        endTheRerun(of);
        return step();
      },
    },
  });
}

const replay = (request: Parameters<typeof replayIncident>[1] = {}, ports: HealingWorld['ports'] = world.ports) =>
  replayIncident(INCIDENT_ID, request, ports);
const forged = (...given: Parameters<typeof withWeighed>) => forgedTrail(world.ports, INCIDENT_ID, withWeighed(...given));
const registered = (changes: Record<string, unknown>) => register(world.ports.operations, aRegistration({ inputs: [INPUT], ...changes }));

describe('a replay', () => {
  it('of a healed incident is the same, decision by decision', async () => {
    expect((await incident()).path.at(-1)).toBe('Resolved');
    expect(await replay()).toMatchObject({
      incidentId: INCIDENT_ID,
      job: 'orders',
      verdict: 'same',
      steps: [
        { step: 'DetectAnomalies#1', ...SAME },
        { step: 'ProposeAction#1', ...SAME },
        { step: 'CheckSafety#1', ...SAME },
        { step: 'CheckCapability#1', ...SAME },
      ],
      counterfactual: null,
    });
  });

  it('of an approved incident replays the second pass as well, on the approval', async () => {
    await registered({ modes: { RETRY: 'approve' } });
    expect((await incident()).path.at(-1)).toBe('Resolved');
    const { verdict, steps } = await replay();
    expect(verdict).toBe('same');
    expect(steps.map(({ step }) => step).slice(2)).toEqual(['CheckSafety#1', 'CheckCapability#1', 'CheckSafety#2', 'CheckCapability#2']);
  });

  it('knows a place in a storm', async () => {
    await registered({ limits: { stormIncidents: 2 } });
    await joinStorm(world.ports, 'aws-throttling', 'inc-first', { stormIncidents: 2, stormWindowSeconds: 600 });
    const { path, document } = await incident();
    expect([document?.findings?.classification.signature, document?.safety?.verdict, path.at(-1)]).toEqual([
      'aws-throttling',
      'deferred',
      'Deferred',
    ]);
    expect((await replay()).verdict).toBe('same');
  });

  it('knows a budget that another incident took at the same moment', async () => {
    const first = { incidentId: 'inc-other', jobName: 'orders', lineage: 'other', dpuHours: 1 };
    await registered({ limits: { remediationsPerJobPerDay: 1 } });
    let isTaken = false;
    const operations = gatedTable(world.ports.operations, async (call) => {
      if (call !== 'create' || isTaken) return;
      const asked = (await new AuditTrail(world.ports).entries(INCIDENT_ID)).at(-1)?.stepKey;
      if (asked !== 'ProposeAction#1') return;
      isTaken = true;
      await new BudgetStore(world.ports).reserve(first, aRegistration({ limits: { remediationsPerJobPerDay: 1 } }).limits);
    });
    const { document } = await incident({ operations });
    expect(document?.safety).toMatchObject({ verdict: 'escalate', passedOver: [{ guardrails: ['job-budget'] }] });
    expect((await replay()).verdict).toBe('same');
    const { counterfactual } = await replay({ limits: { remediationsPerJobPerDay: 2 } });
    expect(counterfactual).toMatchObject({
      partsAt: 'CheckSafety#1',
      ends: { would: { state: 'NOT_EVALUABLE', says: expect.stringContaining('lost the race for the job budget') } },
    });
  });

  it('of an incident that closed before anything was decided has nothing to differ', async () => {
    world.glue.end('jr_1', 'STOPPED');
    await incident();
    expect(await replay()).toMatchObject({ verdict: 'same', steps: [] });
    expect((await replay({ policy: 'rules' })).counterfactual?.ends.would).toMatchObject({ state: 'NOT_EVALUABLE' });
  });

  it('R22 of whatever was decided in a world of any authority is the same to the byte', async () => {
    const mode = fc.constantFrom('shadow' as const, 'approve' as const, 'auto' as const);
    const modes = fc.record({ RETRY: mode, COERCE_SCHEMA: mode, ROLLBACK_SCHEMA: mode, QUARANTINE: mode }, { requiredKeys: [] });
    const registrations = fc.record(
      {
        modes,
        rerunSafe: fc.boolean(),
        protected: fc.boolean(),
        criticality: fc.constantFrom('low' as const, 'medium' as const, 'critical' as const),
        ladder: fc.constantFrom([], [{ workerType: 'G.2X', numberOfWorkers: 4 }]),
        changeFreezes: fc.constantFrom(
          [],
          [{ from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', reason: 'password=hunter2 till December' }],
        ),
        limits: fc.record({ confidenceFloor: fc.constantFrom(0.1, 0.99), retriesPerLineage: fc.constantFrom(0, 2) }, { requiredKeys: [] }),
      },
      { requiredKeys: ['modes'] },
    );
    await fc.assert(
      fc.asyncProperty(
        registrations,
        fc.constantFrom(...Object.values(LOGS)),
        fc.constantFrom('approved' as const, 'rejected' as const, 'silence' as const),
        fc.boolean(),
        async (registration, log, decision, isStopped) => {
          const of = await healingWorld(registration);
          try {
            if (isStopped) await setKillSwitch(of.ports.operations, true, 'ada', 'token=abcdefgh12345', NOW);
            const { path } = await incident({ in: of, operations: of.ports.operations, log, decision });
            expect(['Resolved', 'Logged', 'HandedOver', 'Shadowed']).toContain(path.at(-1));
            const replayed = await replay({}, of.ports);
            expect(replayed.steps.filter(({ verdict }) => verdict !== 'same')).toEqual([]);
            expect(replayed.steps.length).toBeGreaterThanOrEqual(3);
            const bases = (await new AuditTrail(of.ports).entries(INCIDENT_ID)).map(({ basis }) => JSON.stringify(basis ?? null));
            expect(bases.filter((basis) => /hunter2|abcdefgh12345/.test(basis))).toEqual([]);
          } finally {
            of.remove();
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 180_000);
});

describe('a replay finds', () => {
  beforeEach(() => incident());

  it.each([
    ['DetectAnomalies#1', { registration: null }, /^risk/],
    ['ProposeAction#1', { registration: aRegistration({ inputs: [INPUT], retryDelaySeconds: 7 }) }, /^ranking\[\d\]\.plan\.delaySeconds$/],
    ['CheckSafety#1', { killSwitch: { engaged: true, reason: 'engaged by eve' } }, /^action$/],
    ['CheckSafety#1', { now: '2027-01-01T00:00:00.000Z' }, /^rulings/],
    ['CheckSafety#1', { storm: { place: 9, deferred: true } }, /^reason$/],
    ['CheckSafety#1', { budget: { full: 'fleet' } }, /^action$/],
    ['CheckCapability#1', { answers: [] }, /^checks\[0\]$/],
  ])('what was changed in the basis of %s', async (step, changes, path) => {
    const ports = await forged(step, changes);
    const { verdict, steps } = await replay({}, ports);
    expect(verdict).toBe('different');
    const different = steps.filter((each) => each.verdict !== 'same');
    expect(different).toMatchObject([{ step, verdict: 'different', difference: { path: expect.stringMatching(path) } }]);
    expect(different[0]?.difference?.recorded).not.toBe(different[0]?.difference?.replayed);
  });

  it('what was changed in a section: in the step itself, and not in those that follow it as they did', async () => {
    const ports = await forgedTrail(world.ports, INCIDENT_ID, (entry) =>
      entry.stepKey === 'CheckCapability#1' ? { ...entry, payload: { ...(entry.payload as object), reason: 'all is well' } } : entry,
    );
    expect((await replay({}, ports)).steps.filter(({ verdict }) => verdict !== 'same')).toMatchObject([
      { step: 'CheckCapability#1', difference: { path: 'reason', recorded: '"all is well"', replayed: '"the environment allows it"' } },
    ]);
  });

  it('an answer that would have been asked for, and is not there', async () => {
    const { steps } = await replay({}, await forged('CheckSafety#1', { storm: null }));
    expect(steps.filter(({ verdict }) => verdict !== 'same')).toMatchObject([
      { step: 'CheckSafety#1', verdict: 'different', reason: expect.stringContaining('E_NOT_WEIGHED') },
    ]);
  });

  it('R66 a broken chain, and replays nothing from it', async () => {
    const ports = await forgedTrail(world.ports, INCIDENT_ID, withWeighed('CheckSafety#1', { budget: null }), 'as it was');
    await expect(replay({}, ports)).rejects.toMatchObject({
      name: 'IntegrityError',
      message: expect.stringMatching(/^E_AUDIT: entry #\d+ of inc-\w+ was changed after it was written; nothing is replayed/),
    });
  });

  it('an artefact that is not the one that was written', async () => {
    const ports = {
      ...world.ports,
      objects: { ...world.objects, getRange: async () => Buffer.from('other') },
    } as unknown as typeof world.ports;
    const replayed = replay({}, ports);
    await expect(replayed).rejects.toMatchObject({ name: 'IntegrityError', message: expect.stringContaining('E_ARTEFACT') });
  });
});

describe('a replay says what it cannot decide again', () => {
  beforeEach(() => incident());

  it('findings whose artefacts are gone by now, without holding that against the rest', async () => {
    const gone = async () => {
      throw Object.assign(new Error('gone'), { name: 'NoSuchKey' });
    };
    const ports = { ...world.ports, objects: { getRange: gone } } as unknown as typeof world.ports;
    const { verdict, steps } = await replay({}, ports);
    expect(verdict).toBe('same');
    expect(steps[0]).toMatchObject({ step: 'DetectAnomalies#1', verdict: 'NOT_EVALUABLE', reason: expect.stringContaining('NoSuchKey') });
  });

  it('a decision that was recorded without what it weighed', async () => {
    const { verdict, steps } = await replay({}, await forged('CheckSafety#1', null));
    expect(verdict).toBe('NOT_EVALUABLE');
    expect(steps[2]).toMatchObject({ step: 'CheckSafety#1', verdict: 'NOT_EVALUABLE', reason: expect.stringContaining('without') });
    expect(steps.filter((each) => each.verdict === 'same')).toHaveLength(3);
  });

  it('what was weighed in a form that is unreadable', async () => {
    const { steps } = await replay({}, await forged('CheckSafety#1', { usage: 'little' }));
    expect(steps[2]).toMatchObject({ verdict: 'NOT_EVALUABLE', reason: expect.stringContaining('unreadable at usage') });
  });

  it.each([
    ['DetectAnomalies#1', { release: '0.0.9' }, 'release 0.0.9'],
    ['ProposeAction#1', { policyRules: 'f'.repeat(64) }, `policyRules ${'f'.repeat(40)}`],
    ['CheckSafety#1', { guardrails: 'guardrails-0' }, 'guardrails guardrails-0'],
    ['CheckSafety#1', { rulesHash: '0'.repeat(64) }, `rulesHash ${'0'.repeat(40)}`],
  ])('E_VERSION where %s was decided by other code, naming both', async (step, by, named) => {
    const ports = await forgedTrail(world.ports, INCIDENT_ID, (entry) =>
      entry.stepKey === step && entry.basis ? { ...entry, basis: { ...entry.basis, by: { ...entry.basis.by, ...by } } } : entry,
    );
    await expect(replay({}, ports)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(new RegExp(`^E_VERSION: ${step} was decided by .*${named}.*; this is release `)),
    });
  });

  it('E_INCIDENT_ID of an incident that is unknown', async () => {
    await expect(replayIncident('inc-nothing', {}, world.ports)).rejects.toThrow('E_INCIDENT_ID: "inc-nothing" is unknown');
  });
});
