import fc from 'fast-check';
import { type Limits, LimitsSchema } from '../../../../functions/shared/job-registration.ts';
import { type BudgetClaim, BudgetStore } from '../../../../functions/shared/stores/budgets.ts';
import { gatedTable, type MemoryPorts, memoryPorts } from '../../../support/memory-ports.ts';

const HOUR = 3600;
const limitsOf = (changes: Partial<Limits> = {}): Limits =>
  LimitsSchema.parse({
    retriesPerLineage: 99,
    remediationsPerJobPerDay: 99,
    remediationsPerFleetPerHour: 99,
    dpuHoursPerJobPerDay: 999,
    ...changes,
  });
const claimOf = (index: number, changes: Partial<BudgetClaim> = {}): BudgetClaim => ({
  incidentId: `i-${index}`,
  jobName: 'orders',
  lineage: 'l1',
  dpuHours: 1,
  ...changes,
});

describe('BudgetStore', () => {
  let ports: MemoryPorts;
  let store: BudgetStore;
  beforeEach(() => {
    ports = memoryPorts();
    store = new BudgetStore(ports);
  });

  const scopes = [
    { full: 'lineage', limits: limitsOf({ retriesPerLineage: 3 }), claim: claimOf },
    { full: 'job', limits: limitsOf({ remediationsPerJobPerDay: 3 }), claim: (index: number) => claimOf(index, { lineage: `l${index}` }) },
    {
      full: 'job-dpu-hours',
      limits: limitsOf({ dpuHoursPerJobPerDay: 6 }),
      claim: (index: number) => claimOf(index, { lineage: `l${index}`, dpuHours: 2 }),
    },
    {
      full: 'fleet',
      limits: limitsOf({ remediationsPerFleetPerHour: 3 }),
      claim: (index: number) => claimOf(index, { lineage: `l${index}`, jobName: `j${index}` }),
    },
  ] as const;

  describe.each(scopes)('the $full budget of 3', ({ full, limits, claim }) => {
    it('R33 has place for limit-1 and limit, and none for limit+1', async () => {
      expect(await store.reserve(claim(1), limits)).toBeUndefined();
      expect(await store.reserve(claim(2), limits)).toBeUndefined();
      expect(await store.reserve(claim(3), limits)).toBeUndefined();
      expect(await store.reserve(claim(4), limits)).toBe(full);
    });

    it('R33 is never exceeded by incidents that reserve at once, in any interleaving', async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 7 }), async (scheduler, count) => {
          ports = memoryPorts();
          const gated = { ...ports, operations: gatedTable(ports.operations, (call) => scheduler.schedule(Promise.resolve(), call)) };
          const answers = await scheduler.waitFor(
            Promise.all(Array.from({ length: count }, (_, index) => new BudgetStore(gated).reserve(claim(index), limits))),
          );
          expect(answers.filter((answer) => answer === undefined).length).toBe(Math.min(count, 3));
        }),
        { numRuns: 40 },
      );
    });

    it('gives nothing away where it is full: the other budgets are as before', async () => {
      for (const index of [1, 2, 3]) await store.reserve(claim(index), limits);
      const asker = { incidentId: 'asker', jobName: claim(4).jobName, lineage: claim(4).lineage };
      const before = await store.usage(asker);
      await store.reserve(claim(4), limits);
      expect(await store.usage(asker)).toEqual(before);
    });
  });

  it('counts what others have used, and leaves the asker’s own reservation out', async () => {
    await store.reserve(claimOf(1, { dpuHours: 2.5 }), limitsOf());
    await store.reserve(claimOf(2), limitsOf());
    ports.time.advance(90);
    expect(await store.usage(claimOf(2))).toEqual({
      lineageRetries: 1,
      jobRemediationsToday: 1,
      jobDpuHoursToday: 2.5,
      fleetRemediationsThisHour: 1,
      secondsSinceLastOfJob: 90,
      failedValidationsInRow: 0,
    });
  });

  it('reserved again by the same incident it is still one', async () => {
    for (let time = 0; time < 5; time += 1) expect(await store.reserve(claimOf(1), limitsOf({ retriesPerLineage: 1 }))).toBeUndefined();
    expect((await store.usage(claimOf(2))).lineageRetries).toBe(1);
  });

  it('R33 reserved again for a plan that costs more, it counts what that plan costs', async () => {
    const limits = limitsOf({ dpuHoursPerJobPerDay: 5 });
    await store.reserve(claimOf(1, { dpuHours: 3 }), limits);
    expect(await store.reserve(claimOf(1, { dpuHours: 5 }), limits)).toBeUndefined();
    expect((await store.usage(claimOf(2))).jobDpuHoursToday).toBe(5);
    expect(await store.reserve(claimOf(1, { dpuHours: 6 }), limits)).toBe('job-dpu-hours');
  });

  it('gives back what was released, unless it was spent', async () => {
    await store.reserve(claimOf(1), limitsOf());
    await store.reserve(claimOf(2), limitsOf());
    await store.spend(claimOf(2));
    await store.release(claimOf(1));
    await store.release(claimOf(2));
    expect((await store.usage(claimOf(3))).lineageRetries).toBe(1);
  });

  it('frees what a crash has stranded when its lease ends', async () => {
    const limits = limitsOf({ retriesPerLineage: 1 });
    await store.reserve(claimOf(1), limits);
    ports.time.advance(6 * HOUR - 1);
    expect(await store.reserve(claimOf(2), limits)).toBe('lineage');
    ports.time.advance(1);
    expect(await store.reserve(claimOf(2), limits)).toBeUndefined();
  });

  it('counts what was spent for the whole window: a day for job and lineage, an hour for the fleet', async () => {
    await store.reserve(claimOf(1), limitsOf());
    await store.spend(claimOf(1));
    ports.time.advance(HOUR);
    expect(await store.usage(claimOf(2))).toMatchObject({ fleetRemediationsThisHour: 1, jobRemediationsToday: 1 });
    ports.time.advance(1);
    expect(await store.usage(claimOf(2))).toMatchObject({ fleetRemediationsThisHour: 0, jobRemediationsToday: 1 });
    ports.time.advance(23 * HOUR - 1);
    expect(await store.usage(claimOf(2))).toMatchObject({ jobRemediationsToday: 1, lineageRetries: 1 });
    ports.time.advance(1);
    expect(await store.usage(claimOf(2))).toMatchObject({ jobRemediationsToday: 0, lineageRetries: 0 });
  });

  it('R33 counts a remediation from when it begins, not from when it was allowed: waiting for an hour hides none', async () => {
    await store.reserve(claimOf(1), limitsOf());
    ports.time.advance(HOUR + 1);
    await store.spend(claimOf(1));
    expect((await store.usage(claimOf(2))).fleetRemediationsThisHour).toBe(1);
  });

  it('R33 told once when it is about to begin and once when it has begun, it counts from then, and once', async () => {
    await store.reserve(claimOf(1), limitsOf());
    await store.spend(claimOf(1));
    ports.time.advance(10 * 60);
    await store.spend(claimOf(1));
    ports.time.advance(HOUR);
    expect((await store.usage(claimOf(2))).fleetRemediationsThisHour).toBe(1);
    ports.time.advance(1);
    expect((await store.usage(claimOf(2))).fleetRemediationsThisHour).toBe(0);
  });

  it('gives back what was about to begin and did not', async () => {
    await store.reserve(claimOf(1), limitsOf());
    await store.spend(claimOf(1));
    await store.giveBack(claimOf(1));
    expect(await store.usage(claimOf(2))).toMatchObject({ lineageRetries: 0, jobRemediationsToday: 0, fleetRemediationsThisHour: 0 });
  });

  it('counts failed validations in a row, per job', async () => {
    const inRow = async (jobName: string) => (await store.usage({ incidentId: 'x', jobName, lineage: 'l' })).failedValidationsInRow;
    await store.recordValidation('orders', 'inc-1', 'failed');
    await store.recordValidation('orders', 'inc-2', 'failed');
    // Told again after a crash, it is not counted again.
    await store.recordValidation('orders', 'inc-2', 'failed');
    await store.recordValidation('customers', 'inc-3', 'failed');
    expect([await inRow('orders'), await inRow('customers')]).toEqual([2, 1]);
    await store.recordValidation('orders', 'inc-4', 'validated');
    expect([await inRow('orders'), await inRow('customers')]).toEqual([0, 1]);
  });
});
