/** The whole machine, aborted at each of its states; the event that EventBridge sends then; and everything that might start it again. */

import { reconcileRuns } from '../../../functions/reconcile-runs/reconcile-runs.ts';
import { recordAbortStep } from '../../../functions/record-abort/handler.ts';
import { ApprovalStore } from '../../../functions/shared/stores/approvals.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { BudgetStore } from '../../../functions/shared/stores/budgets.ts';
import { IncidentStore } from '../../../functions/shared/stores/incidents.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { faultyPorts, isMutating, type PortCall } from '../../support/fault-injection.ts';
import { type HealingWorld, healingWorld, INPUT } from '../../support/healing-world.ts';
import { type Around, endTheRerun, runMachine, throttleTheRun } from '../../support/machine-run.ts';
import { aRegistration, INCIDENT_ID } from '../../support/sample-incident.ts';

const EXECUTION = 'execution-1';
const aborted = (changes: Record<string, unknown> = {}) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: EXECUTION, status: 'ABORTED', input: '{"secret":"nobody redacted this"}', ...changes },
});

let world: HealingWorld;
let late: PortCall[];
let isAborted: boolean;
beforeEach(async () => {
  world = await healingWorld();
  throttleTheRun(world);
  late = [];
  isAborted = false;
});
afterEach(() => world.remove());

const record = (event: unknown = aborted()) => recordAbortStep(() => world.ports)(event);
const incident = () => new IncidentStore(world.ports).get(INCIDENT_ID);
const watched = () => faultyPorts(world.ports, { onEffect: (call) => void (isAborted && isMutating(call) && late.push(call)) });

/** The operator aborts while `state` is at work, and the event arrives before that Lambda goes on, or after. */
async function abortAt(state: string, arrives: 'at once' | 'after the Lambda' = 'at once'): Promise<readonly string[]> {
  let abort = () => {};
  let lambda: Promise<unknown> = Promise.resolve();
  // An abort ends the execution at once; the Lambda that is at work for it knows nothing of that and goes on.
  const operator: Around = (_visit, step) => {
    abort();
    isAborted = true;
    lambda = arrives === 'at once' ? record().then(() => step()) : step();
    return lambda;
  };
  const { path } = await runMachine(world, {
    ports: watched(),
    around: {
      ValidateOutcome: async (_visit, step) => {
        endTheRerun(world);
        return step();
      },
      [state]: operator,
    },
    onStart: (how) => {
      abort = how;
    },
  });
  await lambda;
  if (arrives === 'after the Lambda') await record();
  return path;
}

describe('F36 an execution that an operator aborts', () => {
  it.each(['GatherEvidence', 'ProposeAction', 'CheckSafety', 'CheckCapability', 'ExecuteAction', 'ValidateOutcome', 'UpdatePolicy'])(
    'at %s changes nothing any more, is never started again, and its trail says so',
    async (state) => {
      const path = await abortAt(state);
      expect(path.at(-1)).toBe(state);
      expect(late).toEqual([]);
      expect(await incident()).toMatchObject({
        status: 'closed',
        outcome: 'HandedOver',
        reason: expect.stringContaining('aborted by an operator'),
      });
      const trail = await new AuditTrail(world.ports).entries(INCIDENT_ID);
      expect(trail.filter((entry) => entry.stepKey.startsWith('Aborted#'))).toHaveLength(1);
      expect(JSON.stringify(trail)).not.toContain('nobody redacted');

      // Its lease has ended long ago, and its event comes once more.
      world.ports.time.advance(7 * 3600);
      await reconcileRuns(world.ports);
      expect(world.ports.workflow.started).toEqual([]);
      const again = await runMachine(world, { ports: watched(), executionId: 'execution-2' });
      expect(again.path.at(-1)).toBe('Duplicate');
      expect(late).toEqual([]);
    },
  );

  it('refuses its executor, that is still at work, every call', async () => {
    await abortAt('ExecuteAction');
    const entries = (await new AuditTrail(world.ports).entries(INCIDENT_ID)).find((entry) => entry.stepKey.startsWith('ExecuteAction'));
    expect(entries?.payload).toMatchObject({ status: 'refused', reason: expect.stringContaining('E_INCIDENT_CLOSED'), effects: [] });
  });

  it('while it waits for a person takes its request back: an approval comes too late', async () => {
    await register(world.ports.operations, aRegistration({ inputs: [INPUT], modes: { RETRY: 'approve' } }));
    const waiting = async () => {
      isAborted = true;
      await record();
    };
    await runMachine(world, { ports: watched(), decide: waiting });
    const [approval] = await new ApprovalStore(world.ports).list();
    expect(approval).toMatchObject({ status: 'expired', decision: null });
    expect(late).toEqual([]);
  });

  it('gives back what was reserved for it', async () => {
    await abortAt('CheckCapability', 'after the Lambda');
    const usage = await new BudgetStore(world.ports).usage({ incidentId: 'another', jobName: 'orders', lineage: 'another' });
    expect(usage.jobRemediationsToday).toBe(0);
  });

  it('is recorded once, however often it is told, and never over what has ended by itself', async () => {
    await abortAt('CheckSafety');
    const count = (await new AuditTrail(world.ports).entries(INCIDENT_ID)).length;
    expect(await record()).toMatchObject({ verdict: 'not-recorded' });
    expect(await new AuditTrail(world.ports).entries(INCIDENT_ID)).toHaveLength(count);
  });

  it.each([
    ['of another execution', aborted({ executionArn: 'execution-2' })],
    ['of one that has failed', aborted({ status: 'FAILED' })],
    ['of another service', { ...aborted(), source: 'aws.batch' }],
    ['that is none', null],
  ])('is not taken from an event %s', async (_what, event) => {
    await new IncidentStore(world.ports).claim({
      ...{ incidentId: INCIDENT_ID, jobName: 'orders', runId: 'jr_1', attempt: 0, lineage: 'l1', retryCount: 0 },
      owner: EXECUTION,
      trigger: {},
    });
    expect(await record(event)).toMatchObject({ verdict: 'not-recorded' });
    expect(await incident()).toMatchObject({ status: 'open' });
  });
});
