import { executeAction } from '../../../functions/execute-action/execute-action.ts';
import { recordGoodRunOf } from '../../../functions/record-good-run/record-good-run.ts';
import type { ActiveAction } from '../../../functions/shared/actions.ts';
import type { Reading } from '../../../functions/shared/define-step.ts';
import type { EvidenceSection } from '../../../functions/shared/incident.ts';
import type { JobRun } from '../../../functions/shared/ports.ts';
import { BudgetStore } from '../../../functions/shared/stores/budgets.ts';
import { lastGoodRun } from '../../../functions/shared/stores/good-runs.ts';
import { validateOutcomeStep } from '../../../functions/validate-outcome/handler.ts';
import { validateOutcome } from '../../../functions/validate-outcome/validate-outcome.ts';
import { faultyPorts, isMutating, type PortCall, ProcessDiedError } from '../../support/fault-injection.ts';
import { documentOf, GOOD_KEY, type HealingWorld, healingWorld, INPUT, KEYS, planFor, quarantineOf } from '../../support/healing-world.ts';
import { aJob, aRun, secondsAgo } from '../../support/memory-ports.ts';
import { aValidation, INCIDENT_ID, someEvidence } from '../../support/sample-incident.ts';

type Executed = Reading<'evidence' | 'findings' | 'safety' | 'execution'>;
const OUTPUT = { bucket: 'lake', prefix: 'orders/out/' };
const [FIRST = '', SECOND = ''] = KEYS;

describe('validateOutcome', () => {
  let world: HealingWorld;
  beforeEach(async () => {
    world = await healingWorld({ outputs: [OUTPUT] });
  });
  afterEach(() => world.remove());

  /** Executed a minute ago by the world's clock. */
  async function executed(
    action: ActiveAction = 'RETRY',
    evidence: Partial<EvidenceSection> = {},
    keys: readonly string[] = [FIRST],
  ): Promise<Executed> {
    const plan = action === 'QUARANTINE' ? await quarantineOf(world.objects, keys) : await planFor(action, world);
    const document = documentOf(plan, { evidence: someEvidence(evidence) });
    const execution = await executeAction(document, world.ports);
    world.ports.time.advance(60);
    return { ...document, execution };
  }
  async function succeed({ execution }: Executed, output = 'id,amount\n1,10\n'): Promise<void> {
    if (output !== '') await world.put('orders/out/part-0.csv', output);
    world.glue.end(execution.runId ?? '', 'SUCCEEDED');
  }
  const failing = (validation: Awaited<ReturnType<typeof validateOutcome>>) =>
    validation.checks.filter((check) => check.verdict === 'fails').map((check) => check.postcondition);
  const circuit = async () =>
    (await new BudgetStore(world.ports).usage({ incidentId: 'x', jobName: 'orders', lineage: 'x' })).failedValidationsInRow;

  it.each(['RETRY', 'COERCE_SCHEMA', 'ROLLBACK_SCHEMA', 'QUARANTINE'] as const)(
    'validates a %s whose run and data are sound',
    async (action) => {
      const document = await executed(action);
      await succeed(document);
      expect(await validateOutcome(document, world.ports)).toMatchObject({ verdict: 'validated', runState: 'SUCCEEDED', poll: 1 });
    },
  );

  it('R11: only reads, but for artefacts and the stores', async () => {
    const document = await executed('QUARANTINE');
    await succeed(document);
    const calls: PortCall[] = [];
    await validateOutcome(document, faultyPorts(world.ports, { onCall: (call) => void calls.push(call) }));
    expect(calls.filter(isMutating)).toEqual([]);
  });

  describe('while the rerun is live', () => {
    it('F14: waits the median first, then doubles up to a quarter of an hour', async () => {
      let document: Executed = await executed('RETRY', { job: { ...someEvidence().job, medianRunSeconds: 100 } });
      const waits = [document.execution.waitSeconds];
      for (let poll = 1; poll <= 6; poll += 1) {
        const validation = await validateOutcome(document, world.ports);
        expect(validation).toMatchObject({ verdict: 'pending', poll, runState: 'RUNNING' });
        waits.push(validation.waitSeconds);
        document = { ...document, validation };
      }
      expect(waits).toEqual([100, 100, 200, 400, 800, 900, 900]);
    });

    it.each(['STARTING', 'WAITING', 'STOPPING'] as const)('F14: a run that is %s is waited for, but not for ever', async (state) => {
      const document = await executed();
      world.glue.end(document.execution.runId ?? '', state, { completedOn: null });
      expect((await validateOutcome(document, world.ports)).verdict).toBe('pending');
      const last = { ...document, validation: aValidation('pending', { poll: 119 }) };
      expect(await validateOutcome(last, world.ports)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining(state) });
    });
  });

  describe('of a rerun that did not succeed', () => {
    it.each(['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'] as const)('F14: %s has failed', async (state) => {
      const document = await executed();
      world.glue.end(document.execution.runId ?? '', state, { errorMessage: 'password=hunter2hunter2' });
      const validation = await validateOutcome(document, world.ports);
      expect(validation).toMatchObject({ verdict: 'failed', runState: state });
      expect(JSON.stringify(validation)).not.toContain('hunter2');
    });

    it('STOPPED is somebody’s intent: nobody knows, and nothing is counted', async () => {
      const document = await executed();
      world.glue.end(document.execution.runId ?? '', 'STOPPED');
      expect(await validateOutcome(document, world.ports)).toMatchObject({ verdict: 'unknown' });
      expect(await circuit()).toBe(0);
    });

    it('a run that was never started is unknown', async () => {
      const document = await executed();
      const none = { ...document, execution: { ...document.execution, runId: null } };
      expect(await validateOutcome(none, world.ports)).toMatchObject({ verdict: 'unknown' });
    });

    it('F31: a validator that cannot look throws, and gives no verdict', async () => {
      const document = await executed();
      const gone = { ...document, execution: { ...document.execution, runId: 'jr_gone' } };
      await expect(validateOutcome(gone, world.ports)).rejects.toThrow('not found');
      expect(await circuit()).toBe(0);
    });
  });

  describe('F4: where Glue itself retries the rerun', () => {
    const withRetries = { job: { ...someEvidence().job, maxRetries: 1 } };
    const retryOf = (document: Executed, changes: Partial<JobRun>): JobRun => {
      const rerun = world.glue.startedFor(INCIDENT_ID)[0];
      return aRun({
        ...rerun,
        id: 'jr_retry',
        attempt: 1,
        previousRunId: document.execution.runId,
        startedOn: secondsAgo(-90),
        ...changes,
      });
    };
    beforeEach(() => world.glue.jobs.set('orders', aJob({ maxRetries: 1, maxConcurrentRuns: 3 })));

    it('waits for the retry that is due, and for the one that is live', async () => {
      const document = await executed('RETRY', withRetries);
      world.glue.end(document.execution.runId ?? '', 'FAILED');
      expect((await validateOutcome(document, world.ports)).verdict).toBe('pending');
      world.glue.add(retryOf(document, { state: 'RUNNING' }));
      expect(await validateOutcome(document, world.ports)).toMatchObject({ verdict: 'pending', runState: 'RUNNING' });
    });

    it('judges the retry, and records that run as the good one', async () => {
      const document = await executed('RETRY', withRetries);
      world.glue.end(document.execution.runId ?? '', 'FAILED');
      world.ports.time.advance(60);
      world.glue.add(retryOf(document, { state: 'SUCCEEDED', completedOn: secondsAgo(-100) }));
      await world.put('orders/out/part-0.csv', 'x');
      expect(await validateOutcomeStep(() => world.ports)(document)).toMatchObject({ verdict: 'validated' });
      expect((await lastGoodRun(world.ports.operations, 'orders'))?.runId).toBe('jr_retry');
    });

    it.each(['FAILED', 'TIMEOUT'] as const)('has failed where the last attempt ends %s', async (state) => {
      const document = await executed('RETRY', withRetries);
      world.glue.end(document.execution.runId ?? '', 'FAILED');
      world.glue.add(retryOf(document, { state, completedOn: secondsAgo(-100) }));
      expect(await validateOutcome(document, world.ports)).toMatchObject({ verdict: 'failed', runState: state });
    });

    it('waits no longer than a quarter of an hour for a retry that does not come', async () => {
      const document = await executed('RETRY', withRetries);
      world.glue.end(document.execution.runId ?? '', 'FAILED');
      world.ports.time.advance(16 * 60);
      expect((await validateOutcome(document, world.ports)).verdict).toBe('failed');
    });
  });

  describe('success that is none', () => {
    it('without output', async () => {
      const document = await executed();
      await succeed(document, '');
      expect(failing(await validateOutcome(document, world.ports))).toEqual(['the rerun wrote output below orders/out/']);
    });

    it('with output of an earlier run, with empty objects, or with bookkeeping alone', async () => {
      await world.put('orders/out/old.csv', 'old');
      world.ports.time.advance(1);
      const document = await executed();
      await world.put('orders/out/_SUCCESS', 'done');
      await world.put('orders/out/empty.csv', '');
      await succeed(document, '');
      expect(failing(await validateOutcome(document, world.ports))).toEqual(['the rerun wrote output below orders/out/']);
    });

    it('by quarantining everything', async () => {
      const document = await executed('QUARANTINE', {}, [GOOD_KEY, ...KEYS]);
      await succeed(document);
      expect(failing(await validateOutcome(document, world.ports))).toContain('every object of orders can be read');
    });

    it('over an input that is empty', async () => {
      const document = await executed();
      for (const { key, etag } of (await world.objects.listObjects('lake', INPUT.prefix, { limit: 10 })).objects) {
        await world.objects.deleteObject('lake', key, { ifMatch: etag });
      }
      await succeed(document);
      expect(failing(await validateOutcome(document, world.ports))).toEqual(['every object of orders can be read']);
    });

    it('by quarantining all that was new', async () => {
      const startedOn = world.ports.time.read().toISOString();
      world.glue.add(aRun({ id: 'jr_good', state: 'SUCCEEDED', startedOn, completedOn: startedOn, arguments: { '--day': 'before' } }));
      await recordGoodRunOf('orders', 'jr_good', world.ports);
      world.ports.time.advance(30);
      await world.put('orders/incoming/new.csv', 'id,amount\n5,50\n');
      world.glue.runs.splice(0, 1, aRun({ startedOn: secondsAgo(-40), completedOn: secondsAgo(-50) }));
      const run = { ...someEvidence().run, startedOn: secondsAgo(-40) };
      const document = await executed('QUARANTINE', { run }, ['orders/incoming/new.csv']);
      await succeed(document);
      const validation = await validateOutcome(document, world.ports);
      expect(failing(validation)).toEqual(['every object of orders can be read']);
      expect(validation.reason).toContain('all of the new input was quarantined');
    });

    it('while an unreadable object remains', async () => {
      await world.put('orders/incoming/4.csv.gz', 'no gzip at all');
      await world.put('orders/incoming/5.csv.gz', '\u001f\u008b cut');
      const document = await executed('QUARANTINE');
      await succeed(document);
      const { objects } = world;
      const head = await objects.headObject('lake', 'orders/incoming/5.csv.gz');
      expect(head.size).toBeGreaterThan(0);
      await objects.putObject('lake', 'orders/incoming/5.csv.gz', Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2]));
      expect(failing(await validateOutcome(document, world.ports))).toContain('every object of orders can be read');
    });

    it.each(['COERCE_SCHEMA', 'ROLLBACK_SCHEMA'] as const)('while the table of %s has not the shape that was meant', async (action) => {
      const document = await executed(action);
      world.catalog.crawlerUpdate('sales', 'orders', [{ name: 'id', type: 'double' }]);
      await succeed(document);
      expect(failing(await validateOutcome(document, world.ports))).toEqual(['sales.orders has the target schema']);
    });

    it('while a quarantined object is back', async () => {
      const document = await executed('QUARANTINE');
      await world.put(FIRST, 'id,amount\n1,10\n');
      await succeed(document);
      expect(failing(await validateOutcome(document, world.ports))).toEqual(['object is quarantined, and only there']);
    });

    it('where an object that was not to be moved has changed or is gone', async () => {
      const head = await world.objects.headObject('lake', SECOND);
      const inspected = await Promise.all(
        [FIRST, SECOND].map(async (key) => ({
          ...(await world.objects.headObject('lake', key)),
          bucket: 'lake',
          isNew: true,
          rows: 1,
          readError: null,
        })),
      );
      const datasets = [
        {
          input: 'orders',
          bucket: 'lake',
          prefix: INPUT.prefix,
          format: 'csv' as const,
          objectCount: 2,
          totalBytes: 1,
          newObjectCount: 2,
          inspected: inspected.map(({ checksum: _, ...object }) => object),
          sample: null,
          baseline: null,
        },
      ];
      const document = await executed('QUARANTINE', { datasets });
      await succeed(document);
      expect((await validateOutcome(document, world.ports)).verdict).toBe('validated');
      await world.objects.deleteObject('lake', SECOND, { ifMatch: head.etag });
      expect(failing(await validateOutcome(document, world.ports))).toEqual(['the objects that were not moved are as they were']);
    });
  });

  describe('what could not be looked at', () => {
    it.each(['SlowDown', 'AccessDenied'])('R13 F7 F31: %s on the input is neither success nor failure', async (name) => {
      for (const op of ['listObjects', 'getRange']) {
        const document = await executed();
        await succeed(document);
        const ports = faultyPorts(world.ports, {
          onCall: (call) => {
            if (call.port === 'objects' && call.op === op && String(call.given[1]).startsWith('orders/incoming/')) {
              throw Object.assign(new Error('not now'), { name });
            }
          },
        });
        expect(await validateOutcome(document, ports)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('orders') });
      }
      expect(await circuit()).toBe(0);
    });

    it('a second run of the remediation that shows up late goes to a person', async () => {
      const plan = await planFor('RETRY', world);
      const document = documentOf(plan);
      const doubtful = {
        port: 'jobStarter',
        op: 'startJobRun',
        callNumber: 1,
        fault: { throws: 'OperationTimeoutException', effect: 'made' as const },
      };
      world.glue.visibleAfterSeconds = 200;
      await expect(executeAction(document, faultyPorts(world.ports, { schedule: [doubtful] }))).rejects.toThrow('E_INTENT_UNSETTLED');
      world.ports.time.advance(61);
      const execution = await executeAction(document, world.ports);
      await succeed({ ...document, execution });
      world.ports.time.advance(300);
      expect(await validateOutcome({ ...document, execution }, world.ports)).toMatchObject({
        verdict: 'unknown',
        reason: expect.stringContaining('a second run of this remediation'),
      });
    });
  });

  describe('the step', () => {
    const validate = validateOutcomeStep;

    it('gives the same answer for the same poll, whatever has happened since', async () => {
      const document = await executed();
      const first = await validate(() => world.ports)(document);
      world.glue.end(document.execution.runId ?? '', 'FAILED');
      expect(await validate(() => world.ports)(document)).toEqual(first);
      expect(await validate(() => world.ports)({ ...document, validation: first })).toMatchObject({ verdict: 'failed', poll: 2 });
    });

    it('records a validated rerun as the good run that later failures are compared with', async () => {
      const document = await executed('COERCE_SCHEMA');
      await succeed(document);
      await validate(() => world.ports)(document);
      expect(await lastGoodRun(world.ports.operations, 'orders')).toMatchObject({
        runId: document.execution.runId,
        tables: [{ database: 'sales', name: 'orders', versionId: '2' }],
      });
    });

    it('records no failed rerun', async () => {
      const document = await executed();
      await succeed(document, '');
      await validate(() => world.ports)(document);
      expect(await lastGoodRun(world.ports.operations, 'orders')).toBeUndefined();
    });

    it('F9 F22: killed at any call of a table and replayed, comes to the same verdict', async () => {
      const points: PortCall[] = [];
      const document = await executed('QUARANTINE');
      await succeed(document);
      await validate(() => faultyPorts(world.ports, { onCall: (call) => void points.push(call) }))(document);
      const tables = points.filter(({ port }) => port === 'operations' || port === 'audit');
      expect(tables.length).toBeGreaterThan(10);
      for (const { port, op, callNumber } of tables) {
        world.remove();
        world = await healingWorld({ outputs: [OUTPUT] });
        const again = await executed('QUARANTINE');
        await succeed(again);
        const crash = { port, op, callNumber, fault: 'after-effect' as const };
        await expect(validate(() => faultyPorts(world.ports, { schedule: [crash] }))(again)).rejects.toThrow(ProcessDiedError);
        const section = await validate(() => world.ports)(again);
        expect({ crash, section }).toMatchObject({ crash, section: { verdict: 'validated' } });
        expect((await lastGoodRun(world.ports.operations, 'orders'))?.runId).toBe(again.execution.runId);
      }
    }, 60_000);
  });
});
