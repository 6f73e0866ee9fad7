import { askCapabilities } from '../../../functions/check-capability/ask-capabilities.ts';
import type { CapabilityFacts, ReadingPorts } from '../../../functions/check-capability/capability.ts';
import { decideCapability } from '../../../functions/check-capability/capability-decision.ts';
import type { Plan } from '../../../functions/shared/actions.ts';
import { ServiceError } from '../../../functions/shared/aws-errors.ts';
import { type JobRegistration, JobRegistrationSchema } from '../../../functions/shared/job-registration.ts';
import type { CatalogTable, Job, ObjectHead } from '../../../functions/shared/ports.ts';
import { faultyPorts } from '../../support/fault-injection.ts';
import { type HealingWorld, healingWorld, INPUT, KEYS, planFor, quarantineOf } from '../../support/healing-world.ts';
import { aJob, aRun, secondsAgo } from '../../support/memory-ports.ts';
import { anIncident, aRegistration, aRerun, someEvidence, somePlans } from '../../support/sample-incident.ts';

const [FIRST = ''] = KEYS;

/** As the step does it: ask, then decide. */
const checkCapability = async (facts: CapabilityFacts, ports: ReadingPorts) =>
  decideCapability(facts.plan, await askCapabilities(facts, ports));

describe('CheckCapability', () => {
  let world: HealingWorld;
  beforeEach(async () => {
    world = await healingWorld();
  });
  afterEach(() => world.remove());

  interface Surroundings {
    readonly registration?: Record<string, unknown>;
    readonly table?: Partial<CatalogTable>;
    readonly head?: Partial<ObjectHead>;
  }
  async function check(plan: Plan, { registration = {}, table, head }: Surroundings = {}) {
    const { catalog, objects, glue } = world;
    const read: JobRegistration = JobRegistrationSchema.parse(aRegistration({ inputs: [INPUT], ...registration }));
    const section = await checkCapability(
      { plan, incident: anIncident(), evidence: someEvidence(), registration: read },
      {
        jobRuns: glue,
        catalog: {
          getTable: async (database, name) => ({ ...(await catalog.getTable(database, name)), ...table }),
          getTableVersion: (...given) => catalog.getTableVersion(...given),
          listTableVersions: (...given) => catalog.listTableVersions(...given),
          listPartitions: (...given) => catalog.listPartitions(...given),
        },
        objects: {
          listObjects: (...given) => objects.listObjects(...given),
          getRange: (...given) => objects.getRange(...given),
          bucketVersioning: (bucket) => objects.bucketVersioning(bucket),
          headObject: async (...given) => ({ ...(await objects.headObject(...given)), ...head }),
        },
      },
    );
    const missing = section.checks.filter((each) => each.verdict === 'unavailable');
    expect(section.verdict).toBe(missing.length === 0 ? 'available' : 'unavailable');
    for (const each of missing) expect(each.remedy).toBeTruthy();
    return { section, missing: missing.map((each) => `${each.capability}: ${each.reason}`) };
  }
  const missingOf = async (...given: Parameters<typeof check>) => (await check(...given)).missing;

  it.each(['RETRY', 'COERCE_SCHEMA', 'ROLLBACK_SCHEMA', 'QUARANTINE'] as const)(
    'finds %s possible in a sound environment',
    async (action) => {
      const plan = await planFor(action, world);
      expect(await missingOf(plan, { registration: { maxDpu: 4 } })).toEqual([]);
    },
  );

  it('R11: only reads', async () => {
    const calls: string[] = [];
    const ports = faultyPorts(world.ports, { onCall: ({ port, op }) => void calls.push(`${port}.${op}`) });
    for (const action of ['RETRY', 'COERCE_SCHEMA', 'ROLLBACK_SCHEMA', 'QUARANTINE'] as const) {
      const facts = { plan: await planFor(action, world), incident: anIncident(), evidence: someEvidence(), registration: aRegistration() };
      await checkCapability(facts, ports);
    }
    expect([...new Set(calls)].filter((call) => !/^(jobRuns|catalog|objects)\.(get|list|head|bucketVersioning)/.test(call))).toEqual([]);
    expect(calls.length).toBeGreaterThan(5);
  });

  describe('R38: a slot for the run', () => {
    it.each([
      [1, 0, true],
      [1, 1, false],
      [2, 1, true],
      [2, 2, false],
    ])('with MaxConcurrentRuns %i and %i live runs: available is %s', async (maxConcurrentRuns, live, available) => {
      world.glue.jobs.set('orders', aJob({ maxConcurrentRuns }));
      for (let run = 0; run < live; run += 1) world.glue.add(aRun({ id: `jr_live_${run}`, state: 'RUNNING', startedOn: secondsAgo(10) }));
      expect((await missingOf(await planFor('RETRY', world))).length === 0).toBe(available);
    });
  });

  describe('R39 B14 B15: the rung of a ladder', () => {
    const rung = (workerType: string | null, numberOfWorkers: number | null): Plan => ({
      ...somePlans.RETRY,
      rung: 1,
      rerun: aRerun({ workerType, numberOfWorkers }),
    });
    it.each<[string, string, number, Partial<Job>, RegExp | null]>([
      ['G.2X on Glue 5', 'G.2X', 2, {}, null],
      ['R.1X on Glue 5', 'R.1X', 4, {}, null],
      ['R.2X on Glue 3', 'R.2X', 2, { glueVersion: '3.0' }, /E_WORKER: R\.2X needs Glue 4/],
      ['G.4X on Glue 2', 'G.4X', 2, { glueVersion: '2.0' }, /E_WORKER: G\.4X needs Glue 3/],
      ['G.16X on Glue 3', 'G.16X', 1, { glueVersion: '3.0' }, null],
      ['G.025X for a batch job', 'G.025X', 2, {}, /E_WORKER: G\.025X is streaming only/],
      ['G.025X for a streaming job', 'G.025X', 2, { command: 'gluestreaming' }, null],
      ['a type for a Python shell job', 'G.1X', 2, { command: 'pythonshell' }, /E_WORKER: G\.1X does not serve pythonshell/],
      ['a type that nobody knows', 'G.99X', 2, {}, /E_WORKER: G\.99X is not a worker type/],
      ['a name of the prototype', 'constructor', 2, {}, /E_WORKER/],
      ['a job without a Glue version', 'G.2X', 2, { glueVersion: null }, /E_WORKER.*none named/],
      [
        'a job sized by MaxCapacity',
        'G.2X',
        2,
        { workerType: null, numberOfWorkers: null, maxCapacity: 10 },
        /E_WORKER: job uses MaxCapacity/,
      ],
    ])('%s', async (_name, workerType, numberOfWorkers, job, problem) => {
      world.glue.jobs.set('orders', aJob(job));
      const missing = await missingOf(rung(workerType, numberOfWorkers), { registration: { maxDpu: 16 } });
      if (problem === null) expect(missing).toEqual([]);
      else expect(missing).toEqual([expect.stringMatching(problem)]);
    });

    it.each([
      [19, true],
      [20, true],
      [21, false],
    ])('R39 R33: %i DPU under a cap of 20: available is %s', async (workers, available) => {
      expect((await missingOf(rung('G.1X', workers), { registration: { maxDpu: 20 } })).length === 0).toBe(available);
    });

    it('names no type: refused', async () => {
      expect(await missingOf(rung(null, null))).toEqual([expect.stringContaining('E_WORKER')]);
    });
  });

  describe('R40 B13: tables that are not changed through the catalog', () => {
    it.each<[string, Partial<CatalogTable>, RegExp]>([
      ['Iceberg', { parameters: { table_type: 'ICEBERG' } }, /ICEBERG needs table-format rollback/],
      ['Iceberg by its pointer alone', { parameters: { metadata_location: 's3://lake/x.metadata.json' } }, /ICEBERG/],
      ['Iceberg in lower case', { parameters: { table_type: 'iceberg' } }, /ICEBERG/],
      ['Delta', { parameters: { 'spark.sql.sources.provider': 'delta' } }, /DELTA/],
      ['Hudi', { parameters: { 'spark.sql.sources.provider': 'hudi' } }, /HUDI/],
      ['a crawled Delta table', { parameters: { classification: 'delta' } }, /DELTA/],
      ['a view', { tableType: 'VIRTUAL_VIEW' }, /view has no schema/],
      ['a materialised view', { tableType: 'MATERIALIZED_VIEW' }, /MATERIALIZED_VIEW/],
      ['a governed table', { tableType: 'GOVERNED' }, /GOVERNED/],
      ['a resource link', { isResourceLink: true, tableType: null }, /resource link/],
      ['a federated table', { isFederated: true }, /federated/],
      ['F16: a table that Lake Formation governs', { isRegisteredWithLakeFormation: true }, /Lake Formation/],
    ])('%s', async (_name, table, reason) => {
      for (const action of ['ROLLBACK_SCHEMA', 'COERCE_SCHEMA'] as const) {
        const { section, missing } = await check(await planFor(action, world), { table });
        expect({ action, verdict: section.verdict, missing }).toEqual({
          action,
          verdict: 'unavailable',
          missing: [expect.stringMatching(reason)],
        });
      }
    });

    it.each([null, 'EXTERNAL_TABLE', 'MANAGED_TABLE'])('a plain table of type %s is', async (tableType) => {
      expect(await missingOf(await planFor('ROLLBACK_SCHEMA', world), { table: { tableType } })).toEqual([]);
    });

    it('a table that may not be read is unavailable, not an error', async () => {
      const ports = faultyPorts(world.ports, {
        onCall: ({ op }) => {
          if (op === 'getTable') throw new ServiceError('AccessDeniedException', 'Insufficient Lake Formation permission(s)');
        },
      });
      const plan = await planFor('ROLLBACK_SCHEMA', world);
      const section = await checkCapability(
        { plan, incident: anIncident(), evidence: someEvidence(), registration: aRegistration() },
        ports,
      );
      expect(section).toMatchObject({ verdict: 'unavailable', reason: expect.stringContaining('Lake Formation permission') });
    });

    it('F7: throttling is the machine’s own error, to be tried again', async () => {
      const ports = faultyPorts(world.ports, {
        onCall: ({ op }) => {
          if (op === 'getTable') throw new ServiceError('ThrottlingException', 'Rate exceeded');
        },
      });
      const plan = await planFor('ROLLBACK_SCHEMA', world);
      const facts = { plan, incident: anIncident(), evidence: someEvidence(), registration: aRegistration() };
      await expect(checkCapability(facts, ports)).rejects.toThrow('Rate exceeded');
    });
  });

  describe('R40 R41 B12: versions of the table', () => {
    const rollback = (fromVersionId: string, toVersionId: string): Plan => ({ ...somePlans.ROLLBACK_SCHEMA, fromVersionId, toVersionId });
    it.each([
      ['the plan’s start is not current any more', rollback('0', '0'), /E_VERSION: the table is at version 1, planned for 0/],
      ['the target is the current version', rollback('1', '1'), /E_VERSION: 1 is the current version/],
      ['the target is not archived', rollback('1', '17'), /E_VERSION: 17 not found \(archived versions: 1, 0\)/],
      ['the target is no number', rollback('1', 'latest'), /E_VERSION: latest not found/],
    ])('%s', async (_name, plan, reason) => {
      expect(await missingOf(plan)).toEqual([expect.stringMatching(reason)]);
    });
  });

  describe('R44: objects to be moved', () => {
    it.each(['Suspended', 'Disabled'] as const)('are not moved from a bucket whose versioning is %s', async (versioning) => {
      world.objects.createBucket('pond', versioning);
      await world.put(FIRST, 'x', 'pond');
      const plan = await quarantineOf(world.objects, [FIRST], 'pond');
      const missing = await missingOf(plan, { registration: { inputs: [{ ...INPUT, bucket: 'pond' }] } });
      expect(missing).toEqual([expect.stringContaining(`versioning is ${versioning} on pond`)]);
    });

    it('are not moved into a bucket without versioning', async () => {
      world.objects.createBucket('heap', 'Disabled');
      const plan = { ...(await quarantineOf(world.objects, [FIRST])), quarantineBucket: 'heap' };
      expect(await missingOf(plan)).toEqual([expect.stringContaining('Disabled on heap')]);
    });

    it.each([
      ['outside the registered prefixes', 'payments/1.csv', 'E_S3_TARGET'],
      ['in a sibling whose name begins like the prefix', 'orders/incoming-old/1.csv', 'E_S3_TARGET'],
      ['with a way up in its key', 'orders/incoming/../payments/1.csv', 'E_S3_TARGET'],
      ['with a key that is too long below the quarantine prefix', `orders/incoming/${'x'.repeat(980)}`, 'E_S3_TARGET'],
    ])('B10 are not moved: one %s', async (_name, key, code) => {
      await world.put(key, 'x');
      expect(await missingOf(await quarantineOf(world.objects, [FIRST, key]))).toEqual([expect.stringContaining(code)]);
    });

    it.each([
      [5 * 1024 ** 3, true],
      [5 * 1024 ** 3 + 1, false],
    ])('B11 of %i bytes: available is %s', async (size, available) => {
      const plan = await quarantineOf(world.objects, [FIRST]);
      const large = { ...plan, objects: plan.objects.map((object) => ({ ...object, size })) };
      expect((await missingOf(large)).length === 0).toBe(available);
    });

    it('are not moved where one was written again, or is gone', async () => {
      const plan = await quarantineOf(world.objects, KEYS);
      await world.put(FIRST, 'changed');
      expect(await missingOf(plan)).toEqual([expect.stringContaining('written again')]);
      const { etag } = await world.objects.headObject('lake', FIRST);
      await world.objects.deleteObject('lake', FIRST, { ifMatch: etag });
      expect(await missingOf(plan)).toEqual([expect.stringContaining('is gone')]);
    });
  });

  describe('coercion by arguments', () => {
    const format: Plan = {
      ...somePlans.COERCE_SCHEMA,
      mode: 'arguments',
      database: null,
      table: null,
      fromVersionId: null,
      changes: [{ name: 'ordered_at', kind: 'format_changed', from: 'date(yyyy-MM-dd)', to: 'date(dd/MM/yyyy)' }],
      suggestedPatch: 'df = …',
      rerun: aRerun({ argumentChanges: { '--datetime_format': 'dd/MM/yyyy' } }),
    };

    it('is unavailable, with the suggested patch, where the job has declared none', async () => {
      const { section, missing } = await check(format);
      expect(missing).toEqual([expect.stringContaining('declared no coercion of datetime-format')]);
      expect(section.suggestedPatch).toBe('df = …');
    });

    it('is available where it is declared, unless the argument may not be overridden', async () => {
      const registration = { coercions: { 'datetime-format': '--datetime_format' } };
      expect(await missingOf(format, { registration })).toEqual([]);
      world.glue.jobs.set('orders', aJob({ nonOverridableArguments: { '--datetime_format': 'yyyy-MM-dd' } }));
      expect(await missingOf(format, { registration })).toEqual([expect.stringContaining('cannot be overridden')]);
    });
  });

  it('names everything that is missing, not only the first', async () => {
    world.glue.jobs.set('orders', aJob({ maxConcurrentRuns: 1 }));
    world.glue.add(aRun({ id: 'jr_live', state: 'RUNNING', startedOn: secondsAgo(10) }));
    const missing = await missingOf(await planFor('ROLLBACK_SCHEMA', world), { table: { isFederated: true } });
    expect(missing.map((each) => each.split(':')[0])).toEqual(['run-slot', 'table-format']);
  });
});
