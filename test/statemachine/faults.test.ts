/** The deployed machine and steps, whole, while the platform fails around them: what becomes of the incident, and of the job. */

import { descriptionKey } from '../../functions/propose-action/policy-items.ts';
import { PolicyStore } from '../../functions/propose-action/policy-store.ts';
import { documentOf } from '../../functions/shared/incident-report.ts';
import { AuditTrail } from '../../functions/shared/stores/audit-trail.ts';
import { BudgetStore } from '../../functions/shared/stores/budgets.ts';
import { lastGoodRun } from '../../functions/shared/stores/good-runs.ts';
import { IncidentStore } from '../../functions/shared/stores/incidents.ts';
import { register } from '../../functions/shared/stores/registrations.ts';
import { updatePolicyStep } from '../../functions/update-policy/handler.ts';
import { faultyPorts, isMutating, type PortCall } from '../support/fault-injection.ts';
import { type HealingWorld, healingWorld, INPUT } from '../support/healing-world.ts';
import {
  type Around,
  endTheRerun,
  type MachineOptions,
  platformError,
  type RunStep,
  runMachine,
  throttleTheRun,
} from '../support/machine-run.ts';
import { aRun, secondsAgo } from '../support/memory-ports.ts';
import { aRegistration, INCIDENT_ID } from '../support/sample-incident.ts';

const HAPPY = [
  'ClaimIncident',
  'GatherEvidence',
  'DetectAnomalies',
  'ProposeAction',
  'CheckSafety',
  'CheckCapability',
  'ExecuteAction',
  'ValidateOutcome',
  'UpdatePolicy',
  'CloseIncident',
];

let world: HealingWorld;
let mutations: PortCall[];
beforeEach(async () => {
  world = await healingWorld();
  throttleTheRun(world);
  mutations = [];
});
afterEach(() => world.remove());

/** By default the rerun ends well. */
const heal = ({ around, ...options }: MachineOptions = {}) =>
  runMachine(world, {
    ports: faultyPorts(world.ports, { onEffect: (call) => void (isMutating(call) && mutations.push(call)) }),
    ...options,
    around: {
      ...around,
      ValidateOutcome: async (visit, step) => {
        endTheRerun(world);
        return around?.['ValidateOutcome'] ? around['ValidateOutcome'](visit, step) : step();
      },
    },
  });
const first =
  (what: (step: RunStep) => Promise<unknown>): Around =>
  (visit, step) =>
    visit === 1 ? what(step) : step();
const fail = (name: string) => async () => {
  throw platformError(name);
};
const reruns = () => world.glue.startedFor(INCIDENT_ID);
const incident = () => new IncidentStore(world.ports).get(INCIDENT_ID);

describe('a throttled run', () => {
  it('is healed by one rerun where nothing else fails', async () => {
    const { path, error } = await heal();
    expect([error, path.at(-1)]).toEqual([null, 'Resolved']);
    expect(mutations.map(({ op }) => op)).toEqual(['startJobRun']);
  });

  it.each(HAPPY)('F10: is healed all the same, by one rerun, where Lambda answers 429 to %s', async (state) => {
    const { path } = await heal({ around: { [state]: first(fail('Lambda.TooManyRequestsException')) } });
    expect(path.at(-1)).toBe('Resolved');
    expect(reruns()).toHaveLength(1);
    expect(await incident()).toMatchObject({ status: 'closed', outcome: 'Resolved', duplicates: 0 });
  });

  it.each(HAPPY)('F11: is healed by one rerun, or goes to a person, where %s has run and its answer is lost', async (state) => {
    const lost = async (step: RunStep) => {
      await step();
      throw platformError('Lambda.ServiceException');
    };
    const { path } = await heal({ around: { [state]: first(lost) } });
    // A service error of the executor is not retried blindly: whether it had its effect is for a person to say.
    expect(path.at(-1)).toBe(state === 'ExecuteAction' ? 'HandedOver' : 'Resolved');
    expect(reruns()).toHaveLength(1);
  });

  const early = ['GatherEvidence', 'DetectAnomalies', 'ProposeAction', 'CheckSafety', 'CheckCapability'];
  it.each(early)('F9: goes to a person, untouched, where %s runs out of time', async (state) => {
    const { path, document } = await heal({ around: { [state]: fail('States.Timeout') } });
    expect(path).toEqual(expect.arrayContaining(['EscalateIncident', 'AwaitDecision', 'HandedOver']));
    expect(document?.escalation).toMatchObject({ kind: 'error', reason: expect.stringContaining('States.Timeout') });
    expect(mutations).toEqual([]);
  });

  it('F9: goes to a person where the executor is cut off after the start: ledger and trail show the INTENT, and nothing follows it', async () => {
    const cutOff: Around = async (_visit, step) => {
      const schedule = [{ port: 'jobStarter', op: 'startJobRun', callNumber: 1, fault: 'after-effect' as const }];
      await expect(step(faultyPorts(world.ports, { schedule }))).rejects.toThrow('after jobStarter.startJobRun');
      throw platformError('States.Timeout');
    };
    const { path, document } = await heal({ around: { ExecuteAction: cutOff } });
    expect(path.at(-1)).toBe('HandedOver');
    expect(document?.escalation?.reason).toContain('States.Timeout');
    expect(await world.ledger()).toMatchObject([{ call: 'StartJobRun', resultAt: null }]);
    const trail = (await new AuditTrail(world.ports).entries(INCIDENT_ID)).map((entry) => entry.stepKey);
    expect(trail).toContain('INTENT:StartJobRun');
    expect(trail).not.toContain('RESULT:StartJobRun');
    expect(reruns()).toHaveLength(1);
    expect(mutations).toEqual([]);
  });

  it('F9: fails the execution, which is told of, where even the escalation runs out of time', async () => {
    const { error } = await heal({ around: { CheckSafety: fail('States.Timeout'), EscalateIncident: fail('States.Timeout') } });
    expect(error).toContain('Escalation or closing failed');
    expect(mutations).toEqual([]);
  });

  it('F21: goes to a person, untouched, where others keep writing in between the same item', async () => {
    const contended: Around = (_visit, step) => {
      const operations = new Proxy(world.ports.operations, {
        get: (table, member) => (member === 'replace' ? async () => 'conflict' : Reflect.get(table, member, table).bind(table)),
      });
      return step({ ...world.ports, operations });
    };
    const { path, document } = await heal({ around: { CheckSafety: contended } });
    expect(path.at(-1)).toBe('HandedOver');
    expect(document?.escalation).toMatchObject({ kind: 'error', reason: expect.stringContaining('E_CONFLICT') });
    expect(mutations).toEqual([]);
  });

  it('F25: is healed although the Q-table cannot be written; from what is recorded the incident still teaches, once', async () => {
    const dark: Around = (_visit, step) =>
      step(
        faultyPorts(world.ports, {
          onCall: ({ port, op }) => {
            if (port === 'qTable' && op !== 'get') throw platformError('ProvisionedThroughputExceededException');
          },
        }),
      );
    const { path, document } = await heal({ around: { UpdatePolicy: dark } });
    expect(path.slice(-3)).toEqual(['CloseIncident', 'Outcome', 'Resolved']);
    expect(document?.learning).toBeUndefined();
    const recorded = documentOf(await new AuditTrail(world.ports).entries(INCIDENT_ID));
    const later = updatePolicyStep(() => world.ports);
    expect(await later(recorded)).toMatchObject({ status: 'learned', visits: 1 });
    expect(await later(recorded)).toMatchObject({ status: 'learned', visits: 1 });
    const row = await new PolicyStore(world.ports).candidateRow(document?.findings?.stateId ?? '');
    expect(row?.RETRY.visits).toBe(1);
  });

  it('F31: goes to a person, with no reward and no good run, where the validator itself fails', async () => {
    const { path, document } = await heal({ around: { ValidateOutcome: fail('InternalServerError') } });
    expect(path.at(-1)).toBe('HandedOver');
    expect(path).not.toContain('UpdatePolicy');
    expect(document?.escalation).toMatchObject({ kind: 'unknown-outcome', action: null, alternatives: [] });
    expect(await new PolicyStore(world.ports).candidateRow(document?.findings?.stateId ?? '')).toBeNull();
    expect(await lastGoodRun(world.ports.operations, 'orders')).toBeUndefined();
  });

  it('F33: is decided by the rules, which say why, where the active policy is not what was frozen', async () => {
    const store = new PolicyStore(world.ports);
    await store.freeze('v1', 'learned', 'a test', new Map());
    await store.activate('v1', null, 'ada', world.ports.clock());
    const frozen = await world.ports.qTable.get(descriptionKey('v1'));
    await world.ports.qTable.replace(descriptionKey('v1'), { ...frozen?.attributes, hash: 'f'.repeat(64) }, frozen?.revision ?? 0);
    const { path, document } = await heal();
    expect(path.at(-1)).toBe('Resolved');
    expect(document?.incident).toMatchObject({
      policyVersion: 'rules',
      reason: expect.stringContaining('policy: E_POLICY: the row hashes of v1'),
    });
    expect(document?.proposal).toMatchObject({ decidedBy: 'rules', action: 'RETRY' });
  });
});

describe('R58 an execution that is redriven after fourteen days, right before it acts', () => {
  /** Stopped as a crash would, with everything decided and nothing begun. */
  async function stopBeforeActing(): Promise<void> {
    let abort = () => {};
    const stop: Around = async () => {
      abort();
      throw platformError('States.Timeout');
    };
    const { path } = await heal({
      around: { ExecuteAction: stop },
      onStart: (how) => {
        abort = how;
      },
    });
    expect(path.at(-1)).toBe('ExecuteAction');
    expect(mutations).toEqual([]);
  }
  const redriven = async () => {
    world.ports.time.advance(14 * 86_400);
    return heal();
  };

  it('carries out what still may be done, once', async () => {
    await stopBeforeActing();
    expect((await redriven()).path.at(-1)).toBe('Resolved');
    expect(mutations.map(({ op }) => op)).toEqual(['startJobRun']);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['the kill switch is engaged by now', () => world.pullKillSwitch(), /E_KILL_SWITCH/],
    ['the job is in shadow by now', () => register(world.ports.operations, aRegistration({ inputs: [INPUT], modes: {} })), /E_MODE/],
    [
      'others have used up the budget of the job',
      async () => {
        world.ports.time.advance(13 * 86_400 + 86_000);
        for (let index = 0; index < 6; index += 1) {
          const claim = { incidentId: `inc-${index}`, jobName: 'orders', lineage: `l-${index}` };
          expect(await new BudgetStore(world.ports).reserve({ ...claim, dpuHours: 0.1 }, aRegistration().limits)).toBeUndefined();
          await new BudgetStore(world.ports).spend(claim);
        }
        world.ports.time.advance(400 - 14 * 86_400);
      },
      /budget/,
    ],
  ])('does nothing where %s', async (_what, change, reason) => {
    await stopBeforeActing();
    await change();
    const { document } = await redriven();
    expect(document?.execution).toMatchObject({ status: 'refused', reason: expect.stringMatching(reason) });
    expect(mutations).toEqual([]);
  });

  it('stands down where a newer run has succeeded', async () => {
    await stopBeforeActing();
    world.glue.add(aRun({ id: 'jr_newer', state: 'SUCCEEDED', startedOn: secondsAgo(-3600), completedOn: secondsAgo(-3900) }));
    expect((await redriven()).path.at(-1)).toBe('StoodDown');
    expect(mutations).toEqual([]);
  });
});
