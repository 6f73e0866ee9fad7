import { recordGoodRunStep } from '../../../functions/record-good-run/handler.ts';
import { recordGoodRunOf } from '../../../functions/record-good-run/record-good-run.ts';
import { lastGoodRun } from '../../../functions/shared/stores/good-runs.ts';
import { faultyPorts, isMutating, type PortCall } from '../../support/fault-injection.ts';
import { CRAWLED, type HealingWorld, healingWorld } from '../../support/healing-world.ts';
import { aRun, secondsAgo } from '../../support/memory-ports.ts';

/** The head of a gzip stream and rubbish. */
const CUT = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2]);

describe('recordGoodRunOf', () => {
  let world: HealingWorld;
  beforeEach(async () => {
    world = await healingWorld();
    world.glue.add(aRun({ id: 'jr_good', state: 'SUCCEEDED', startedOn: secondsAgo(-10), completedOn: secondsAgo(-20) }));
    world.ports.time.advance(30);
  });
  afterEach(() => world.remove());

  const record = (runId = 'jr_good') => recordGoodRunOf('orders', runId, world.ports);
  const recorded = () => lastGoodRun(world.ports.operations, 'orders');

  it('records what the run read, and the table’s version', async () => {
    expect(await record()).toEqual({ verdict: 'recorded', baselines: 1 });
    expect(await recorded()).toMatchObject({
      runId: 'jr_good',
      tables: [{ database: 'sales', name: 'orders', versionId: '1' }],
      baselines: [{ input: 'orders', artefact: { bucket: 'artefacts' } }],
    });
  });

  it('R11: changes nothing outside of its stores', async () => {
    const calls: PortCall[] = [];
    await recordGoodRunOf('orders', 'jr_good', faultyPorts(world.ports, { onCall: (call) => void calls.push(call) }));
    expect(calls.filter(isMutating)).toEqual([]);
  });

  it('R40: takes the version that the run saw, not one that was written since', async () => {
    world.catalog.crawlerUpdate('sales', 'orders', [...CRAWLED, { name: 'note', type: 'string' }]);
    await record();
    expect((await recorded())?.tables).toEqual([{ database: 'sales', name: 'orders', versionId: '1' }]);
  });

  it('leaves out objects that came after the run: they are no measure, good or bad', async () => {
    await world.objects.putObject('lake', 'orders/incoming/late.csv.gz', CUT);
    expect(await record()).toEqual({ verdict: 'recorded', baselines: 1 });
  });

  it('records no run that read what cannot be read', async () => {
    await world.objects.putObject('lake', 'orders/incoming/bad.csv.gz', CUT);
    world.glue.add(aRun({ id: 'jr_later', state: 'SUCCEEDED', startedOn: secondsAgo(-40), completedOn: secondsAgo(-50) }));
    expect(await record('jr_later')).toMatchObject({ verdict: 'not-recorded', reason: expect.stringContaining('bad.csv.gz') });
    expect(await recorded()).toBeUndefined();
  });

  it('R6: a late event of an older run changes nothing', async () => {
    await record();
    world.glue.add(aRun({ id: 'jr_older', state: 'SUCCEEDED', startedOn: secondsAgo(100), completedOn: secondsAgo(90) }));
    expect(await record('jr_older')).toEqual({ verdict: 'not-recorded', reason: 'a newer good run is on record' });
    expect((await recorded())?.runId).toBe('jr_good');
    expect(await record()).toMatchObject({ verdict: 'not-recorded' });
  });

  it.each(['FAILED', 'RUNNING', 'STOPPED'] as const)('records no run that is %s', async (state) => {
    world.glue.add(aRun({ id: 'jr_x', state, startedOn: secondsAgo(-10) }));
    expect(await record('jr_x')).toEqual({ verdict: 'not-recorded', reason: `the run is ${state}` });
  });

  it('records nothing of a job that is not registered', async () => {
    world.glue.add(aRun({ id: 'jr_s', jobName: 'strange', state: 'SUCCEEDED' }));
    expect(await recordGoodRunOf('strange', 'jr_s', world.ports)).toMatchObject({ verdict: 'not-recorded' });
  });

  it('keeps the baseline of an input that had nothing new', async () => {
    await record();
    const before = (await recorded())?.baselines;
    world.glue.add(aRun({ id: 'jr_next', state: 'SUCCEEDED', startedOn: secondsAgo(-60), completedOn: secondsAgo(-70) }));
    world.ports.time.advance(60);
    expect(await record('jr_next')).toEqual({ verdict: 'recorded', baselines: 0 });
    expect(await recorded()).toMatchObject({ runId: 'jr_next', baselines: before });
  });

  describe('by event', () => {
    const detail = { jobName: 'orders', jobRunId: 'jr_good', state: 'SUCCEEDED' };
    const handle = recordGoodRunStep(() => world.ports);

    it('R5: accepts unknown extra fields', async () => {
      expect(await recordGoodRunStep(() => world.ports)({ source: 'aws.glue', new: 1, detail: { ...detail, more: true } })).toMatchObject({
        verdict: 'recorded',
      });
    });

    it.each([null, [], 'x', {}, { detail: { ...detail, state: 'FAILED' } }, { detail: { ...detail, jobName: '' } }])(
      'B1: records nothing for %j',
      async (event) => {
        expect(await handle(event)).toMatchObject({ verdict: 'not-recorded', reason: expect.stringContaining('E_EVENT_SHAPE') });
      },
    );

    it('leaves a remediation’s rerun to its validation', async () => {
      const run = aRun({ id: 'jr_r', state: 'SUCCEEDED', arguments: { '--glue-medic-remediation-id': 'inc-1' } });
      world.glue.add(run);
      expect(await recordGoodRunStep(() => world.ports)({ detail: { ...detail, jobRunId: 'jr_r' } })).toMatchObject({
        verdict: 'not-recorded',
        reason: expect.stringContaining('remediation'),
      });
    });
  });
});
