import fc from 'fast-check';
import { fullBudget } from '../../../evaluation/replay/room-in-budgets.ts';
import { LimitsSchema } from '../../../functions/shared/job-registration.ts';
import { BudgetStore } from '../../../functions/shared/stores/budgets.ts';
import { memoryPorts } from '../../support/memory-ports.ts';

const count = fc.integer({ min: 0, max: 4 });
const others = fc.array(
  fc.record({ jobName: fc.constantFrom('orders', 'payments'), lineage: fc.constantFrom('l1', 'l2'), dpuHours: fc.constantFrom(0, 0.5, 2) }),
  { maxLength: 4 },
);
const limits = fc.record({
  retriesPerLineage: count,
  remediationsPerJobPerDay: count,
  remediationsPerFleetPerHour: count,
  dpuHoursPerJobPerDay: fc.constantFrom(0, 1, 2.5, 60),
});
const ROOMY = LimitsSchema.parse({
  retriesPerLineage: 99,
  remediationsPerJobPerDay: 99,
  remediationsPerFleetPerHour: 99,
  dpuHoursPerJobPerDay: 999,
});

it('fullBudget finds, from the usage alone, what the reservation would have found', async () => {
  await fc.assert(
    fc.asyncProperty(others, limits, fc.constantFrom(0, 0.5, 3), async (reserved, named, dpuHours) => {
      const store = new BudgetStore(memoryPorts());
      for (const [index, claim] of reserved.entries()) await store.reserve({ ...claim, incidentId: `inc-${index}` }, ROOMY);
      const claim = { incidentId: 'asker', jobName: 'orders', lineage: 'l1', dpuHours };
      const asked = { usage: await store.usage(claim), limits: { ...ROOMY, ...named } };
      expect(fullBudget(asked, claim)).toBe((await store.reserve(claim, asked.limits)) ?? null);
    }),
    { numRuns: 60 },
  );
});
