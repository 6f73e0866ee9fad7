/** Groups the customers by segment. A crawler has written the catalog's table anew and left out the column that the job groups by. */
import { dayNumber } from '../business-days.ts';
import { csvOf, Dice, inParts } from '../make-data.ts';
import { deliver, type Pipeline, scenarioOf } from '../pipeline.ts';
import { DATABASE } from '../scenario.ts';

const DATASET = 'customers';
const PER_DAY = 900;
const REMOVED = 'segment';

const pipeline: Pipeline = {
  name: 'customers-column-removed',
  describe: 'a crawler removed the column segment from the table; the files still have it',
  dataset: DATASET,
  format: 'csv',
  columns: { customer_id: 'bigint', country: 'string', [REMOVED]: 'string', newsletter: 'boolean', revenue: 'double' },
  registration: { criticality: 'high' },

  files(day) {
    const dice = new Dice(`${DATASET} ${day}`);
    const rows = Array.from({ length: PER_DAY }, (_, index) => ({
      customer_id: 40_000 + dayNumber(day) * PER_DAY + index,
      country: dice.pick(['AT', 'CH', 'DE', 'FR', 'IT']),
      segment: dice.pick(['consumer', 'consumer', 'business', 'public']),
      newsletter: dice.chance(0.4) ? 'true' : 'false',
      revenue: dice.amount(5000),
    }));
    return Object.fromEntries(inParts(rows, 3).map((part, index) => [`crm-${index}.csv`, csvOf(part)]));
  },

  async program({ read, write }) {
    const customers = (await read()).select('customer_id', REMOVED, 'revenue');
    const segments = customers.groupBy([REMOVED], {
      customers: { type: 'bigint', of: (rows) => rows.length },
      revenue: { type: 'double', of: (rows) => rows.reduce((sum, customer) => sum + Number(customer['revenue']), 0) },
    });
    await write(segments);
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, pipeline.files(day));
    const { columns } = await world.catalog.getTable(DATABASE, DATASET);
    world.catalog.crawlerUpdate(
      DATABASE,
      DATASET,
      columns.filter((column) => column.name !== REMOVED),
    );
  },
};

export const customersColumnRemoved = scenarioOf(pipeline);
