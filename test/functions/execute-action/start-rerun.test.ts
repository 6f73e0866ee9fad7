import { executeAction } from '../../../functions/execute-action/execute-action.ts';
import { IntentUnsettledError, RerunNotStartedError } from '../../../functions/execute-action/start-rerun.ts';
import { REMEDIATION_ID } from '../../../functions/shared/lineage.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { faultyPorts, type ScheduledFault } from '../../support/fault-injection.ts';
import { documentOf, expectLedgerComplete, type HealingWorld, healingWorld, planFor } from '../../support/healing-world.ts';
import { aJob, aRun, secondsAgo } from '../../support/memory-ports.ts';
import { INCIDENT_ID } from '../../support/sample-incident.ts';

const START = { port: 'jobStarter', op: 'startJobRun', callNumber: 1 };
const answerLost: ScheduledFault = { ...START, fault: { throws: 'OperationTimeoutException', effect: 'made' } };
const neverArrived: ScheduledFault = { ...START, fault: { throws: 'OperationTimeoutException', effect: 'not-made' } };

describe('startRerun', () => {
  let world: HealingWorld;
  beforeEach(async () => {
    world = await healingWorld();
  });
  afterEach(() => world.remove());

  const execute = async (schedule: readonly ScheduledFault[] = []) =>
    executeAction(documentOf(await planFor('RETRY', world)), faultyPorts(world.ports, { schedule }));
  const started = () => world.glue.startedFor(INCIDENT_ID);

  it('R36 R38 F12: a start that timed out but took place is adopted, not repeated', async () => {
    await expect(execute([answerLost])).rejects.toThrow(IntentUnsettledError);
    expect(await execute()).toMatchObject({ status: 'started', runId: started()[0]?.id, adopted: true });
    expect(started()).toHaveLength(1);
    await expectLedgerComplete(world.ports);
  });

  it('R36: an INTENT without a RESULT waits a minute before anything is started again', async () => {
    await expect(execute([neverArrived])).rejects.toThrow(IntentUnsettledError);
    world.ports.time.advance(59);
    await expect(execute()).rejects.toThrow(IntentUnsettledError);
    expect(started()).toHaveLength(0);
    world.ports.time.advance(2);
    expect(await execute()).toMatchObject({ status: 'started', adopted: false });
    expect(started()).toHaveLength(1);
    await expectLedgerComplete(world.ports);
  });

  it('R36 F12: every doubtful start gets a minute of its own', async () => {
    world.glue.visibleAfterSeconds = 20;
    await expect(execute([neverArrived])).rejects.toThrow(IntentUnsettledError);
    world.ports.time.advance(61);
    await expect(execute([answerLost])).rejects.toThrow(IntentUnsettledError);
    world.ports.time.advance(5);
    // Started five seconds ago and not listed yet: the first INTENT is old enough, the second one is not.
    await expect(execute()).rejects.toThrow(IntentUnsettledError);
    world.ports.time.advance(20);
    expect(await execute()).toMatchObject({ status: 'started', adopted: true });
    expect(started()).toHaveLength(1);
  });

  it('R36: a late duplicate is stopped and recorded', async () => {
    world.glue.visibleAfterSeconds = 90;
    await expect(execute([answerLost])).rejects.toThrow(IntentUnsettledError);
    world.ports.time.advance(65);
    await expect(execute([answerLost])).rejects.toThrow(IntentUnsettledError);
    world.ports.time.advance(120);
    const section = await execute();
    const [first, second] = started();
    expect(section).toMatchObject({ status: 'started', adopted: true });
    expect([first?.state, second?.state]).toEqual(['RUNNING', 'STOPPED']);
    expect(section.runId).toBe(first?.id);
    const duplicate = second?.id;
    expect(section.effects).toContainEqual(expect.objectContaining({ call: `StopJobRun:${duplicate}`, target: duplicate }));
    const audited = (await new AuditTrail(world.ports).entries(INCIDENT_ID)).map((entry) => entry.stepKey);
    expect(audited).toEqual(expect.arrayContaining([`INTENT:StopJobRun:${duplicate}`, `RESULT:StopJobRun:${duplicate}`]));
    await expectLedgerComplete(world.ports);
  });

  it('R36: a duplicate that has ended by itself is recorded without being stopped', async () => {
    world.glue.visibleAfterSeconds = 90;
    await expect(execute([answerLost])).rejects.toThrow(IntentUnsettledError);
    world.ports.time.advance(65);
    await expect(execute([answerLost])).rejects.toThrow(IntentUnsettledError);
    for (const run of started()) world.glue.end(run.id, 'SUCCEEDED');
    world.ports.time.advance(120);
    const section = await execute();
    expect(section.effects).toContainEqual(expect.objectContaining({ result: expect.stringContaining('SUCCEEDED') }));
    expect(started().map((run) => run.state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  });

  it('F4: Glue’s own retry of the rerun is no duplicate', async () => {
    await expect(execute([answerLost])).rejects.toThrow(IntentUnsettledError);
    const [rerun] = started();
    if (!rerun) throw new Error('the rerun was not started');
    world.glue.end(rerun.id, 'FAILED');
    world.ports.time.advance(10);
    world.glue.add(
      aRun({
        id: 'jr_retry',
        attempt: 1,
        previousRunId: rerun.id,
        state: 'RUNNING',
        startedOn: secondsAgo(-10),
        arguments: rerun.arguments,
      }),
    );
    expect(await execute()).toMatchObject({ runId: rerun.id, adopted: true });
    expect(world.glue.runs.find((run) => run.id === 'jr_retry')?.state).toBe('RUNNING');
  });

  it('R37: a run of another remediation is not adopted, and the search is bounded', async () => {
    await expect(execute([neverArrived])).rejects.toThrow(IntentUnsettledError);
    for (let index = 0; index < 2500; index += 1) {
      world.glue.add(
        aRun({ id: `jr_other_${index}`, state: 'FAILED', startedOn: secondsAgo(-5), arguments: { [REMEDIATION_ID]: 'inc-other' } }),
      );
    }
    world.ports.time.advance(61);
    world.glue.pagesRead = 0;
    const section = await execute();
    expect(section).toMatchObject({ status: 'started', adopted: false });
    expect(world.glue.pagesRead).toBeLessThanOrEqual(22);
  });

  it('R38 F13: without a free slot nothing is started, and the next try need not wait for a minute', async () => {
    world.glue.jobs.set('orders', aJob({ maxConcurrentRuns: 1 }));
    world.glue.add(aRun({ id: 'jr_scheduled', state: 'RUNNING', startedOn: secondsAgo(30), arguments: { '--day': 'another' } }));
    await expect(execute()).rejects.toThrow(RerunNotStartedError);
    await expect(execute()).rejects.toThrow(/E_NO_RUN_SLOT.*ConcurrentRunsExceeded/);
    expect(started()).toHaveLength(0);
    world.glue.end('jr_scheduled', 'FAILED');
    world.ports.time.advance(5);
    expect(await execute()).toMatchObject({ status: 'started', adopted: false });
    expect(started()).toHaveLength(1);
    await expectLedgerComplete(world.ports);
  });

  it('R38 F3 F13: the run that held the slot and succeeded has overtaken the rerun', async () => {
    world.glue.jobs.set('orders', aJob({ maxConcurrentRuns: 1 }));
    world.glue.add(aRun({ id: 'jr_by_hand', state: 'RUNNING', startedOn: secondsAgo(30) }));
    await expect(execute()).rejects.toThrow(RerunNotStartedError);
    world.glue.end('jr_by_hand', 'SUCCEEDED');
    expect(await execute()).toMatchObject({ status: 'refused', reason: expect.stringContaining('overtaken') });
    expect(started()).toHaveLength(0);
  });

  it.each(['ThrottlingException', 'ResourceNumberLimitExceededException'])(
    'F7: %s is a definite no that may be asked again',
    async (throws) => {
      await expect(execute([{ ...START, fault: { throws, effect: 'not-made' } }])).rejects.toThrow(RerunNotStartedError);
      expect(await execute()).toMatchObject({ status: 'started' });
      expect(started()).toHaveLength(1);
    },
  );

  it.each(['AccessDeniedException', 'InvalidInputException', 'EntityNotFoundException'])(
    '%s goes to a person, and is not tried again',
    async (throws) => {
      const section = await execute([{ ...START, fault: { throws, effect: 'not-made' } }]);
      expect(section).toMatchObject({ status: 'refused', runId: null, reason: expect.stringContaining(throws) });
      expect(started()).toHaveLength(0);
      await expectLedgerComplete(world.ports);
    },
  );
});
