/** Values the day's stock with the warehouse service. Glue itself retries this job once; by then the service answers again. */
import { dayNumber } from '../business-days.ts';
import { csvOf, Dice, inParts } from '../make-data.ts';
import { deliver, type Pipeline, scenarioOf } from '../pipeline.ts';
import { lookUp } from '../python.ts';
import { readAll } from '../throttled-source.ts';

const DATASET = 'inventory';
const SERVICE = 'warehouse-costs';
const ARTICLES = 500;
const BUSY_SECONDS = 2.5;

const articleOf = (article: number) => `A-${String(article).padStart(4, '0')}`;

const pipeline: Pipeline = {
  name: 'inventory-glue-retries',
  describe: 'the warehouse service is throttled for a moment; the job has MaxRetries 1, so Glue retries by itself',
  dataset: DATASET,
  format: 'csv',
  columns: { count_id: 'bigint', counted_on: 'date', article: 'string', warehouse: 'string', stock: 'int' },
  job: { maxRetries: 1 },

  async prepare(world) {
    const dice = new Dice(SERVICE);
    world
      .source(SERVICE)
      .setRecords(Array.from({ length: ARTICLES }, (_, article) => ({ article: articleOf(article), cost: dice.amount(80) })));
  },

  files(day) {
    const dice = new Dice(`${DATASET} ${day}`);
    const rows = Array.from({ length: 700 }, (_, index) => ({
      count_id: 200_000 + dayNumber(day) * 700 + index,
      counted_on: day,
      article: articleOf(dice.int(0, ARTICLES - 1)),
      warehouse: dice.pick(['north', 'south', 'harbour']),
      stock: dice.int(0, 300),
    }));
    return Object.fromEntries(inParts(rows, 2).map((part, index) => [`scanner-${index}.csv`, csvOf(part)]));
  },

  async program({ run, read, write, world }) {
    const counts = await read();
    const records = await readAll(world.source(SERVICE), 'ListCosts', run.signal);
    const costOf = new Map(records.map((record) => [String(record['article']), Number(record['cost'])]));
    const valued = counts.withColumn('value', 'double', (count) => Number(count['stock']) * lookUp(costOf, String(count['article'])));
    await write(
      valued.groupBy(['warehouse'], { value: { type: 'double', of: (rows) => rows.reduce((sum, row) => sum + Number(row['value']), 0) } }),
    );
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, pipeline.files(day));
    world.source(SERVICE).drain(BUSY_SECONDS);
  },
};

export const inventoryGlueRetries = scenarioOf(pipeline);
