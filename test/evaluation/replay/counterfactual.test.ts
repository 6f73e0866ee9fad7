import { type Replay, replayIncident } from '../../../evaluation/replay/replay-incident.ts';
import { askCapabilities } from '../../../functions/check-capability/ask-capabilities.ts';
import { decideCapability } from '../../../functions/check-capability/capability-decision.ts';
import { decideApprovalStep } from '../../../functions/decide-approval/handler.ts';
import { CANDIDATE, descriptionKey, stateKey } from '../../../functions/propose-action/policy-items.ts';
import { PolicyStore } from '../../../functions/propose-action/policy-store.ts';
import { emptyRow, type QRow } from '../../../functions/propose-action/q-table.ts';
import { documentOf } from '../../../functions/shared/incident-report.ts';
import { allStates, stateId } from '../../../functions/shared/rl-state.ts';
import { ApprovalStore, approvalIdOf } from '../../../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { freezeJob } from '../../../functions/shared/stores/frozen-jobs.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { joinStorm } from '../../../functions/shared/stores/storms.ts';
import { forgedTrail, withWeighed } from '../../support/forged-trail.ts';
import { type HealingWorld, healingWorld, INPUT } from '../../support/healing-world.ts';
import { endTheRerun, type MachineRun, runMachine, throttleTheRun } from '../../support/machine-run.ts';
import { memoryPorts, NOW } from '../../support/memory-ports.ts';
import { anIncident, aRegistration, INCIDENT_ID, someEvidence, somePlans } from '../../support/sample-incident.ts';

let world: HealingWorld;
beforeEach(async () => {
  world = await healingWorld();
  throttleTheRun(world);
});
afterEach(() => world.remove());

type Answer = 'approved' | 'rejected' | 'silence';

async function incident(changes: Record<string, unknown> = {}, answer: Answer = 'approved'): Promise<MachineRun> {
  await register(world.ports.operations, aRegistration({ inputs: [INPUT], ...changes }));
  const decide = async () => {
    const approval = await new ApprovalStore(world.ports).get(approvalIdOf(INCIDENT_ID, 1));
    if (answer === 'silence' || approval?.status !== 'pending') return;
    await decideApprovalStep(() => world.ports)({
      ...{ approvalId: approval.approvalId, decision: answer, planHash: approval.options[0]?.planHash ?? null },
      ...{ by: 'ada', identity: 'test', channel: 'command-line', reason: 'looked at it' },
    });
  };
  return runMachine(world, {
    decide,
    around: {
      ValidateOutcome: async (_visit, step) => {
        endTheRerun(world);
        return step();
      },
    },
  });
}

async function otherwise(request: Parameters<typeof replayIncident>[1]): Promise<NonNullable<Replay['counterfactual']>> {
  const before = [...(await new AuditTrail(world.ports).entries(INCIDENT_ID))].length;
  const { verdict, counterfactual } = await replayIncident(INCIDENT_ID, request, world.ports);
  expect(verdict).toBe('same');
  expect((await new AuditTrail(world.ports).entries(INCIDENT_ID)).length).toBe(before);
  if (!counterfactual) throw new Error('no counterfactual');
  return counterfactual;
}
const stateOf = async () => documentOf(await new AuditTrail(world.ports).entries(INCIDENT_ID)).findings?.stateId ?? '';
const stepsOf = ({ steps }: { steps: readonly { step: string; verdict: string }[] }) => steps.map(({ step, verdict }) => [step, verdict]);

/** Has learned beyond doubt that no RETRY helps; the rest it knows from the published rewards. */
const AGAINST_RETRY: QRow = { ...emptyRow(), RETRY: { q: -0.9, visits: 5000, m2: 1 } };

/** Knows the same of every state. */
async function frozen(version: string, row: QRow): Promise<PolicyStore> {
  const store = new PolicyStore(world.ports);
  await store.freeze(version, 'learned', 'a test', new Map([...allStates()].map((state) => [stateId(state), row])));
  return store;
}

describe('under another policy', () => {
  it('that knows nothing of the state it is decided the same, in other words', async () => {
    await incident();
    const { policy, steps, partsAt, ends } = await otherwise({ policy: 'rules' });
    expect([policy, partsAt]).toEqual(['rules', null]);
    expect(stepsOf({ steps })).toEqual([
      ['ProposeAction#1', 'same'],
      ['CheckSafety#1', 'same'],
      ['CheckCapability#1', 'same'],
    ]);
    expect(ends).toEqual({ recorded: ends.would, would: { state: 'ExecuteAction', says: 'RETRY is carried out' } });
  });

  it('that has learned that no retry helps, a recorded event is all', async () => {
    await incident();
    await frozen('v-log', AGAINST_RETRY);
    const { partsAt, steps, ends } = await otherwise({ policy: 'v-log' });
    expect(partsAt).toBe('ProposeAction#1');
    expect(steps).toMatchObject([
      { step: 'ProposeAction#1', verdict: 'parts', recorded: { action: 'RETRY' }, would: { action: 'LOG_EVENT' } },
      {
        step: 'CheckSafety#1',
        verdict: 'parts',
        recorded: { verdict: 'allow', action: 'RETRY' },
        would: { verdict: 'allow', action: 'LOG_EVENT' },
      },
      { step: 'CheckCapability#1', verdict: 'same', recorded: { verdict: 'available' }, would: { verdict: 'available' } },
    ]);
    expect(ends.would).toEqual({ state: 'ExecuteAction', says: 'LOG_EVENT is carried out' });
  });

  it('what changes nothing in the environment is asked of no environment: no capability is wanting', async () => {
    const { plan, incident: failed, evidence } = { plan: somePlans.LOG_EVENT, incident: anIncident(), evidence: someEvidence() };
    const { jobRuns: _jobRuns, ...untouchable } = memoryPorts();
    const ports = { ...untouchable, jobRuns: untouchable.catalog as never };
    const answers = await askCapabilities({ plan, incident: failed, evidence, registration: aRegistration() }, ports);
    expect(decideCapability(plan, answers).verdict).toBe(decideCapability(plan, []).verdict);
  });

  it('of which another active plan came out, the environment was never asked about that', async () => {
    await incident();
    const entries = await new AuditTrail(world.ports).entries(INCIDENT_ID);
    expect(entries.some(({ stepKey }) => stepKey === 'CheckCapability#1')).toBe(true);
    const forged = await forgedTrail(
      world.ports,
      INCIDENT_ID,
      withWeighed('ProposeAction#1', { registration: aRegistration({ inputs: [INPUT], retryDelaySeconds: 7 }) }),
    );
    const { counterfactual } = await replayIncident(INCIDENT_ID, { policy: 'rules' }, forged);
    expect(counterfactual?.steps[2]).toMatchObject({
      step: 'CheckCapability#1',
      verdict: 'NOT_EVALUABLE',
      would: { reason: expect.stringContaining('the environment was asked about RETRY, not about this plan for RETRY') },
    });
    expect(counterfactual?.ends.would.state).toBe('NOT_EVALUABLE');
  });

  it('that has no place in the storm on record because nobody asked for one, it says so', async () => {
    const store = await frozen('v-log', AGAINST_RETRY);
    await store.activate('v-log', null, 'ada', NOW);
    expect((await incident()).path.at(-1)).toBe('Logged');
    const { steps, ends } = await otherwise({ policy: 'rules' });
    expect(stepsOf({ steps })).toEqual([
      ['ProposeAction#1', 'parts'],
      ['CheckSafety#1', 'NOT_EVALUABLE'],
      ['CheckCapability#1', 'not-reached'],
    ]);
    expect(ends.would.says).toContain('nobody asked for its place among the failures of its signature');
  });

  it('the candidate acts by what it has learned, and by its base elsewhere', async () => {
    await incident();
    const learned = await otherwise({ policy: 'candidate' });
    expect([learned.policy, learned.partsAt]).toEqual(['candidate', null]);
    const row = await world.ports.qTable.get(stateKey(CANDIDATE, await stateOf()));
    await world.ports.qTable.replace(stateKey(CANDIDATE, await stateOf()), { row: AGAINST_RETRY, experiences: [] }, row?.revision ?? 0);
    expect((await otherwise({ policy: 'candidate' })).partsAt).toBe('ProposeAction#1');
  });

  it.each([
    ['a version that there never was', 'v-9', /^E_VERSION: "v-9" is no policy here; known are rules, .*candidate/],
    ['a candidate before anything was learned', 'candidate', /^E_VERSION: there is no candidate yet/],
  ])('E_VERSION for %s', async (_what, policy, message) => {
    await incident({ modes: {} });
    await expect(replayIncident(INCIDENT_ID, { policy }, world.ports)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(message),
    });
    expect(await world.ports.qTable.get(descriptionKey(CANDIDATE))).toBeUndefined();
  });

  it('E_POLICY, and no answer by the rules, where the version is not what was frozen', async () => {
    await incident();
    await frozen('v-1', AGAINST_RETRY);
    const stored = await world.ports.qTable.get(stateKey('v-1', await stateOf()));
    await world.ports.qTable.replace(stateKey('v-1', await stateOf()), { row: emptyRow() }, stored?.revision ?? 0);
    const replayed = replayIncident(INCIDENT_ID, { policy: 'v-1' }, world.ports);
    await expect(replayed).rejects.toMatchObject({ name: 'IntegrityError', message: expect.stringMatching(/^E_POLICY: the row of/) });
  });
});

describe('under other limits', () => {
  it.each([
    ['a higher floor of confidence asks a person', { confidenceFloor: 1 }, 'needs-approval', 'a person is asked: needs-approval, RETRY'],
    ['no retries left denies', { retriesPerLineage: 0 }, 'escalate', 'a person is asked: unsafe'],
    ['no DPU-hours left denies', { dpuHoursPerJobPerDay: 0 }, 'escalate', 'a person is asked: unsafe'],
  ])('%s', async (_what, limits, verdict, says) => {
    await incident();
    const { partsAt, steps, ends } = await otherwise({ limits });
    expect(partsAt).toBe('CheckSafety#1');
    expect(steps[1]).toMatchObject({ recorded: { verdict: 'allow' }, would: { verdict } });
    expect(ends.would.says).toMatch(new RegExp(`^${says}`));
  });

  it('what was handed to a person for want of a limit would have been done', async () => {
    await incident({ limits: { confidenceFloor: 1 } }, 'silence');
    const { steps, ends, limits } = await otherwise({ limits: { confidenceFloor: 0.5 } });
    expect(limits).toEqual({ confidenceFloor: 0.5 });
    expect(steps[1]).toMatchObject({ recorded: { verdict: 'needs-approval' }, would: { verdict: 'allow' } });
    expect(ends).toMatchObject({ recorded: { state: 'AwaitDecision' }, would: { state: 'ExecuteAction', says: 'RETRY is carried out' } });
  });

  it('a storm is counted anew, from the place that was taken in it; another window is not evaluable', async () => {
    for (const id of ['a', 'b']) await joinStorm(world.ports, 'aws-throttling', id, { stormIncidents: 10, stormWindowSeconds: 600 });
    await incident();
    expect((await otherwise({ limits: { stormIncidents: 3 } })).ends.would.says).toMatch(/^Deferred: incident 3 of aws-throttling/);
    expect((await otherwise({ limits: { stormIncidents: 4 } })).partsAt).toBeNull();
    expect((await otherwise({ limits: { stormWindowSeconds: 60 } })).ends.would.state).toBe('NOT_EVALUABLE');
  });

  it.each([
    ['an unknown limit', { confidenceFlor: 1 }],
    ['a limit out of range', { confidenceFloor: 2 }],
    ['no object', 'confidenceFloor'],
  ])('E_CONFIG for %s', async (_what, limits) => {
    await incident();
    await expect(replayIncident(INCIDENT_ID, { limits }, world.ports)).rejects.toThrow(/^E_CONFIG: limits/);
  });
});

describe('under other guardrails', () => {
  it('a frozen job would have been retried by the set that knew no freeze', async () => {
    await freezeJob(world.ports.operations, {
      jobName: 'orders',
      incidentId: 'inc-0',
      reason: 'the inverse failed',
      at: NOW.toISOString(),
    });
    await incident({}, 'silence');
    const { partsAt, guardrails, steps, ends } = await otherwise({ guardrails: 'guardrails-1' });
    expect([guardrails, partsAt]).toEqual(['guardrails-1', 'CheckSafety#1']);
    expect(steps[1]).toMatchObject({
      recorded: { verdict: 'escalate', reason: expect.stringContaining('frozen-job') },
      would: { verdict: 'allow', action: 'RETRY' },
      difference: { path: 'action' },
    });
    expect(steps[2]).toMatchObject({ step: 'CheckCapability#1', verdict: 'NOT_EVALUABLE' });
    expect(ends.would.says).toContain('the environment was asked about nothing, not about this plan for RETRY');
  });

  it('the present set decides as it did', async () => {
    await incident();
    const present = (await new AuditTrail(world.ports).entries(INCIDENT_ID)).flatMap(({ basis }) => basis?.by['guardrails'] ?? [])[0];
    expect(await otherwise({ guardrails: present ?? '' })).toMatchObject({ partsAt: null, guardrails: present });
  });

  it('E_VERSION for a set that is unknown, with those that are known', async () => {
    await incident();
    await expect(replayIncident(INCIDENT_ID, { guardrails: 'guardrails-99' }, world.ports)).rejects.toThrow(
      /^E_VERSION: "guardrails-99" is no guardrail set of this release; known are guardrails-1, guardrails-\d/,
    );
  });
});

describe('what a person said', () => {
  it('stands where the same question would have been asked', async () => {
    await incident({ modes: { RETRY: 'approve' } });
    const { steps, partsAt, ends } = await otherwise({ limits: { dpuHoursPerRerun: 15 } });
    expect(stepsOf({ steps })).toEqual([
      ['ProposeAction#1', 'same'],
      ['CheckSafety#1', 'same'],
      ['CheckCapability#1', 'same'],
      ['CheckSafety#2', 'same'],
      ['CheckCapability#2', 'same'],
    ]);
    expect(partsAt).toBeNull();
    expect(ends.would).toEqual({ state: 'ExecuteAction', says: 'RETRY is carried out' });
  });

  it('stands as a rejection too', async () => {
    await incident({ modes: { RETRY: 'approve' } }, 'rejected');
    const { ends } = await otherwise({ limits: { dpuHoursPerRerun: 15 } });
    expect(ends.would).toEqual({ state: 'CloseIncident', says: 'HandedOver: rejected by ada: looked at it' });
  });

  it('is no answer to another question', async () => {
    await incident({ modes: { RETRY: 'approve' } });
    const { steps, ends } = await otherwise({ limits: { retriesPerLineage: 0 } });
    expect(stepsOf({ steps })).toEqual([
      ['ProposeAction#1', 'same'],
      ['CheckSafety#1', 'parts'],
      ['CheckCapability#1', 'not-reached'],
      ['CheckSafety#2', 'not-reached'],
      ['CheckCapability#2', 'not-reached'],
    ]);
    expect(ends.would.state).toBe('AwaitDecision');
  });

  it('in shadow nobody would have been asked, whatever the limits', async () => {
    await incident({ modes: {} });
    const { ends, partsAt } = await otherwise({ limits: { confidenceFloor: 1 } });
    expect(partsAt).toBe('CheckSafety#1');
    expect(ends.would).toMatchObject({
      state: 'CloseIncident',
      says: expect.stringMatching(/^Shadowed: would have been: needs-approval RETRY/),
    });
  });
});
