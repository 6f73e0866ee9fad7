import { blastRadiusTables } from '../../../functions/check-safety/guardrails/blast-radius-tables.ts';
import { gatherEvidence } from '../../../functions/gather-evidence/gather-evidence.ts';
import type { CatalogReader } from '../../../functions/shared/ports.ts';
import { guardrailFacts } from '../../support/guardrail-facts.ts';
import { BEFORE, CRAWLED, type HealingWorld, healingWorld, INPUT, planFor } from '../../support/healing-world.ts';
import { anIncident } from '../../support/sample-incident.ts';

const DAY = [{ name: 'day', type: 'string' }];

describe('R42 partitions that would differ from the table after a rollback', () => {
  let world: HealingWorld;
  let asked: number[];
  /** The table is at its crawled version; so many partitions have its columns, so many still those of the version before. */
  async function withPartitions(asTable: number, asBefore: number) {
    world = await healingWorld({ inputs: [{ ...INPUT, table: { database: 'sales', name: 'visits' } }] });
    world.catalog.createTable({ database: 'sales', name: 'visits', columns: BEFORE, partitionKeys: DAY });
    world.catalog.crawlerUpdate('sales', 'visits', CRAWLED);
    for (let index = 0; index < asTable + asBefore; index += 1) {
      const columns = index < asTable ? CRAWLED : BEFORE;
      world.catalog.addPartition('sales', 'visits', { values: [`2026-${String(index).padStart(4, '0')}`], columns: [...columns] });
    }
    asked = [];
    const listPartitions: CatalogReader['listPartitions'] = (database, name, limit) => {
      asked.push(limit);
      return world.catalog.listPartitions(database, name, limit);
    };
    const catalog = new Proxy(world.catalog, {
      get: (target, member) => (member === 'listPartitions' ? listPartitions : Reflect.get(target, member, target).bind(target)),
    });
    return gatherEvidence(anIncident(), { ...world.ports, catalog });
  }
  afterEach(() => world.remove());

  it.each([
    [0, 0, { partitionsInspected: 0, partitionsWithOtherColumns: 0 }],
    [3, 2, { partitionsInspected: 5, partitionsWithOtherColumns: 2 }],
    [60, 40, { partitionsInspected: 100, partitionsWithOtherColumns: 40 }],
    [60, 140, { partitionsInspected: 100, partitionsWithOtherColumns: 40 }],
  ])('are counted: %i with the columns of the table, %i with others, a hundred of them at most', async (asTable, asBefore, counts) => {
    const { tables } = await withPartitions(asTable, asBefore);
    expect(tables).toMatchObject([{ name: 'visits', ...counts }]);
    expect(asked).toEqual([100]);
  });

  it('make a rollback need a person, who is told how many they are', async () => {
    const evidence = await withPartitions(3, 2);
    const rollback = { ...(await planFor('ROLLBACK_SCHEMA', world)), table: 'visits' };
    expect(blastRadiusTables(guardrailFacts({ action: 'ROLLBACK_SCHEMA', plan: rollback as never, evidence }))).toMatchObject({
      verdict: 'needs-approval',
      value: '5 partitions',
      reason: expect.stringContaining('would differ'),
    });
  });
});
