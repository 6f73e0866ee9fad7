import fc from 'fast-check';
import { claimIncident } from '../../../functions/claim-incident/claim-incident.ts';
import { claimIncidentStep } from '../../../functions/claim-incident/handler.ts';
import { HANDED_OVER, RECONCILED } from '../../../functions/claim-incident/parse-trigger.ts';
import { executionNameOf } from '../../../functions/reconcile-runs/reconcile-runs.ts';
import { IncidentSectionSchema } from '../../../functions/shared/incident.ts';
import { lineageOf, REMEDIATION_ID } from '../../../functions/shared/lineage.ts';
import { ActionLedger } from '../../../functions/shared/stores/action-ledger.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { dataQualityResultsOf } from '../../../functions/shared/stores/data-quality-results.ts';
import { IncidentStore, incidentIdOf } from '../../../functions/shared/stores/incidents.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { aJob, aRun, gatedTable, type MemoryPorts, memoryPorts, NOW, secondsAgo } from '../../support/memory-ports.ts';
import { aRegistration } from '../../support/sample-incident.ts';

const failure = (runId = 'jr_1', state = 'FAILED') => ({
  source: 'aws.glue',
  'detail-type': 'Glue Job State Change',
  account: '111122223333',
  detail: { jobName: 'orders', jobRunId: runId, state },
});
const reconciled = (runId = 'jr_1') => ({ ...failure(runId), source: 'glue-medic', 'detail-type': RECONCILED });
const handedOver = (runId: string) => ({
  source: 'glue-medic',
  'detail-type': HANDED_OVER,
  detail: { jobName: 'orders', jobRunId: runId, state: 'FAILED', lineage: 'l1', retryCount: 1, previousIncidentId: 'inc-1' },
});
const failedRuleset = (runId = 'jr_1') => ({
  source: 'aws.glue-dataquality',
  'detail-type': 'Data Quality Evaluation Results Available',
  detail: { context: { contextType: 'GLUE_JOB', jobName: 'orders', jobId: runId }, state: 'FAILED', resultID: 'dq-1', rulesFailed: 1 },
});
const INCIDENT = incidentIdOf('orders', 'jr_1', 0);

describe('claimIncident', () => {
  let ports: MemoryPorts;
  beforeEach(() => {
    ports = memoryPorts();
  });
  const summaries = () => new IncidentStore(ports).list(1);

  it('claims a failed run, with the run’s own facts', async () => {
    ports.jobRuns.add(aRun());
    await register(ports.operations, aRegistration());
    const section = await claimIncident(failure(), 'e-1', ports);
    expect(IncidentSectionSchema.parse(section)).toMatchObject({
      id: INCIDENT,
      disposition: 'claimed',
      lineage: lineageOf('orders', aRun().arguments),
      retryCount: 0,
      runState: 'FAILED',
      source: 'event',
      registered: true,
      opening: 1,
    });
    expect(await summaries()).toMatchObject([{ incidentId: INCIDENT, owner: 'e-1', status: 'open' }]);
  });

  it('F22 is on record before it is closed as stood down: stopped in between, it is looked at again', async () => {
    ports.jobRuns.add(aRun(), aJob({ maxRetries: 1 }));
    const append = ports.audit.append.bind(ports.audit);
    ports.audit.append = async () => {
      throw new Error('died');
    };
    await expect(claimIncident(failure(), 'e-1', ports)).rejects.toThrow('died');
    expect(await summaries()).toMatchObject([{ status: 'open' }]);
    ports.audit.append = append;
    expect((await claimIncident(failure(), 'e-1', ports)).disposition).toBe('stood-down');
    expect(await summaries()).toMatchObject([{ status: 'closed', outcome: 'StoodDown' }]);
  });

  it('of a rerun that is handed on, takes over the last of the attempts that Glue has made, and says so to the incident before', async () => {
    const rerun = { state: 'FAILED', arguments: { [REMEDIATION_ID]: 'inc-1' } } as const;
    await new IncidentStore(ports).claim({
      ...{ incidentId: 'inc-1', jobName: 'orders', runId: 'jr_1', attempt: 0, lineage: 'l1', retryCount: 0, owner: 'e-0', trigger: {} },
    });
    ports.jobRuns.add(aRun({ ...rerun, id: 'jr_2' }), aJob({ maxRetries: 1 }));
    ports.jobRuns.add(aRun({ ...rerun, id: 'jr_3', attempt: 1, previousRunId: 'jr_2', startedOn: secondsAgo(60) }));
    expect(await claimIncident(handedOver('jr_2'), 'e-1', ports)).toMatchObject({ disposition: 'claimed', runId: 'jr_3', attempt: 1 });
    expect(await new IncidentStore(ports).get('inc-1')).toMatchObject({ followedBy: incidentIdOf('orders', 'jr_3', 1) });
  });

  it.each(['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'] as const)('R1 one incident for a run that ended %s', async (state) => {
    ports.jobRuns.add(aRun({ state }));
    expect((await claimIncident(failure('jr_1', state), 'e-1', ports)).disposition).toBe('claimed');
    expect(await summaries()).toHaveLength(1);
  });

  it.each(['STOPPED', 'SUCCEEDED', 'RUNNING', 'WAITING', 'PAUSED'])('R1 R5 R10 no incident for an event of state %s', async (state) => {
    ports.jobRuns.add(aRun());
    expect((await claimIncident(failure('jr_1', state), 'e-1', ports)).disposition).toBe('stood-down');
    expect(await summaries()).toEqual([]);
  });

  it('R2 R3 F2 the same failure 1 to 10 times, by event and by reconciler, in any interleaving: one claim, one row', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }), async (scheduler, deliveries) => {
        ports = memoryPorts();
        ports.jobRuns.add(aRun());
        const operations = gatedTable(ports.operations, (call) => scheduler.schedule(Promise.resolve(), call));
        const claims = deliveries.map((isEvent, index) =>
          claimIncident(isEvent ? failure() : reconciled(), `e-${index}`, { ...ports, operations }),
        );
        const sections = await scheduler.waitFor(Promise.all(claims));
        const claimed = sections.filter((section) => section.disposition === 'claimed');
        expect(claimed).toHaveLength(1);
        expect(sections.filter((section) => section.disposition === 'duplicate')).toHaveLength(deliveries.length - 1);
        expect(await summaries()).toMatchObject([{ owner: claimed[0]?.executionId, duplicates: deliveries.length - 1 }]);
      }),
      { numRuns: 60 },
    );
  });

  it('R2 the owner is admitted again, after a crash or a restart', async () => {
    ports.jobRuns.add(aRun());
    await claimIncident(failure(), 'e-1', ports);
    expect((await claimIncident(failure(), 'e-1', ports)).disposition).toBe('claimed');
    expect((await claimIncident(failure(), 'e-2', ports)).disposition).toBe('duplicate');
  });

  it('R2 a successor is admitted only after the lease', async () => {
    ports.jobRuns.add(aRun());
    await claimIncident(failure(), 'e-1', ports);
    ports.time.advance(90 * 60);
    expect((await claimIncident(failure(), 'e-2', ports)).disposition).toBe('duplicate');
    ports.time.advance(1);
    expect((await claimIncident(failure(), 'e-2', ports)).disposition).toBe('claimed');
    expect((await claimIncident(failure(), 'e-1', ports)).disposition).toBe('duplicate');
  });

  it('R2 a closed incident is never claimed again', async () => {
    ports.jobRuns.add(aRun());
    await claimIncident(failure(), 'e-1', ports);
    await new IncidentStore(ports).close(INCIDENT, 'Resolved', 'validated');
    ports.time.advance(86_400);
    expect((await claimIncident(failure(), 'e-1', ports)).disposition).toBe('duplicate');
    expect((await claimIncident(reconciled(), 'e-2', ports)).disposition).toBe('duplicate');
  });

  it('R5 keeps only what starts it again: an event may carry anything, however deep or broken', async () => {
    ports.jobRuns.add(aRun());
    let deep: unknown = 'end';
    for (let level = 0; level < 100; level += 1) deep = { deep };
    const event = { ...failure(), detail: { ...failure().detail, deep, half: '\ud800', long: 'x'.repeat(300_000) } };
    expect((await claimIncident(event, 'e-1', ports)).disposition).toBe('claimed');
    const [summary] = await summaries();
    expect(summary?.trigger).toEqual(failure());
  });

  it('R5 records what it leaves alone under an id of its content, whatever the content', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (event) => {
        const first = IncidentSectionSchema.parse(await claimIncident(event, 'e-1', ports));
        expect(first).toMatchObject({ disposition: 'stood-down', id: expect.stringMatching(/^inc-[0-9a-f]{20}$/) });
        expect((await claimIncident(structuredClone(event), 'e-2', ports)).id).toBe(first.id);
      }),
      { numRuns: 50 },
    );
  });

  it('R7 a failure that Glue will retry is stood down and closed, and stays so', async () => {
    ports.jobRuns.add(aRun(), aJob({ maxRetries: 1 }));
    expect(await claimIncident(failure(), 'e-1', ports)).toMatchObject({
      disposition: 'stood-down',
      reason: expect.stringMatching(/^Glue will retry/),
    });
    expect(await summaries()).toMatchObject([{ status: 'closed', outcome: 'StoodDown' }]);
    expect((await claimIncident(failure(), 'e-2', ports)).disposition).toBe('duplicate');
  });

  it('R7 F11 gives the same answer where the first one got lost on its way', async () => {
    ports.jobRuns.add(aRun(), aJob({ maxRetries: 1 }));
    const first = await claimIncident(failure(), 'e-1', ports);
    expect(await claimIncident(failure(), 'e-1', ports)).toEqual(first);
  });

  it('does not stand down from what it has begun: later steps look again before they act', async () => {
    ports.jobRuns.add(aRun());
    await claimIncident(failure(), 'e-1', ports);
    await new ActionLedger(ports, INCIDENT).intend('CopyObject 1', 'lake/a.csv', null);
    ports.jobRuns.add(aRun({ id: 'jr_9', state: 'RUNNING', startedOn: secondsAgo(10), completedOn: null }));
    expect((await claimIncident(failure(), 'e-1', ports)).disposition).toBe('claimed');
  });

  it('stands down when it is run again before it has begun anything and a newer run is live', async () => {
    ports.jobRuns.add(aRun());
    await claimIncident(failure(), 'e-1', ports);
    ports.jobRuns.add(aRun({ id: 'jr_9', state: 'RUNNING', startedOn: secondsAgo(10), completedOn: null }));
    expect((await claimIncident(failure(), 'e-1', ports)).disposition).toBe('stood-down');
  });

  it('claims a run that Glue does not know any more: a person has to hear of it', async () => {
    expect(await claimIncident(failure('jr_gone'), 'e-1', ports)).toMatchObject({ disposition: 'claimed', runState: 'FAILED' });
  });

  it('does not take a service that refuses for a run that is not there', async () => {
    ports.jobRuns.getJob = async () => {
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    ports.jobRuns.runs.push(aRun());
    await expect(claimIncident(failure(), 'e-1', ports)).rejects.toThrow('slow down');
    expect(await summaries()).toEqual([]);
  });

  it('B8 says that a job which is not registered is only shadowed', async () => {
    ports.jobRuns.add(aRun());
    expect(await claimIncident(failure(), 'e-1', ports)).toMatchObject({
      registered: false,
      reason: expect.stringContaining('W_JOB_UNREGISTERED: shadowed'),
    });
  });

  describe('a rerun that failed', () => {
    const rerun = aRun({ id: 'jr_2', startedOn: secondsAgo(300), arguments: { ...aRun().arguments, [REMEDIATION_ID]: 'inc-1' } });

    it('opens nothing by its own event, and is the lineage’s next incident when it is handed on, in either order', async () => {
      ports.jobRuns.add(rerun);
      expect((await claimIncident(failure('jr_2'), 'e-1', ports)).disposition).toBe('stood-down');
      expect(await claimIncident(handedOver('jr_2'), 'e-2', ports)).toMatchObject({
        disposition: 'claimed',
        lineage: 'l1',
        retryCount: 1,
        previousIncidentId: 'inc-1',
      });
      expect((await claimIncident(failure('jr_2'), 'e-3', ports)).disposition).toBe('stood-down');
      expect((await claimIncident(handedOver('jr_2'), 'e-4', ports)).disposition).toBe('duplicate');
      expect(await summaries()).toMatchObject([{ owner: 'e-2', status: 'open', retryCount: 1 }]);
    });

    it('is handed on once, however often that is told', async () => {
      ports.jobRuns.add(rerun);
      const sections = await Promise.all(['a', 'b', 'c', 'd'].map((id) => claimIncident(handedOver('jr_2'), id, ports)));
      expect(sections.filter((section) => section.disposition === 'claimed')).toHaveLength(1);
    });
  });

  describe('a failed data quality ruleset', () => {
    it('of a run that still runs is kept as evidence, and the run’s failure is no duplicate of it', async () => {
      ports.jobRuns.add(aRun({ state: 'RUNNING', completedOn: null }));
      expect((await claimIncident(failedRuleset(), 'e-1', ports)).disposition).toBe('stood-down');
      ports.jobRuns.add(aRun({ state: 'FAILED' }));
      expect((await claimIncident(failure(), 'e-2', ports)).disposition).toBe('claimed');
      expect(await dataQualityResultsOf(ports.operations, 'orders', 'jr_1')).toMatchObject([{ resultId: 'dq-1' }]);
    });

    it('of a run that succeeded is an incident of its own', async () => {
      ports.jobRuns.add(aRun({ state: 'SUCCEEDED' }));
      expect(await claimIncident(failedRuleset(), 'e-1', ports)).toMatchObject({ disposition: 'claimed', source: 'data-quality' });
    });

    it('joins the incident that is there already', async () => {
      ports.jobRuns.add(aRun());
      await claimIncident(failure(), 'e-1', ports);
      expect((await claimIncident(failedRuleset(), 'e-2', ports)).disposition).toBe('duplicate');
      expect(await dataQualityResultsOf(ports.operations, 'orders', 'jr_1')).toHaveLength(1);
    });
  });
});

describe('ClaimIncident', () => {
  it('writes one audit entry per execution, in one chain', async () => {
    const ports = memoryPorts();
    ports.jobRuns.add(aRun());
    const step = claimIncidentStep(() => ports);
    for (const executionId of ['e-1', 'e-2', 'e-2', 'e-3']) await step({ event: failure(), executionId });
    const trail = new AuditTrail(ports);
    expect((await trail.entries(INCIDENT)).map((entry) => (entry.payload as { disposition: string }).disposition)).toEqual([
      'claimed',
      'duplicate',
      'duplicate',
    ]);
    expect((await trail.verify(INCIDENT)).verdict).toBe('intact');
  });

  it('R5 never throws on an event, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (event) => {
        const section = await claimIncidentStep(() => memoryPorts())({ event, executionId: 'e-1' });
        expect(IncidentSectionSchema.safeParse(section).success).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the names of executions', () => {
  it('R9 are 1 to 80 legal characters for any job name, and differ with the run', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 255 }), fc.string({ unit: 'binary' }), fc.nat(9), (jobName, id, attempt) => {
        expect(executionNameOf({ jobName, id, attempt }, NOW)).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        expect(executionNameOf({ jobName, id, attempt }, NOW)).not.toBe(executionNameOf({ jobName, id, attempt: attempt + 1 }, NOW));
      }),
    );
  });
});
