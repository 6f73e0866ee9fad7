/** Averages the price per unit sold. The script does not expect a product that was listed but not sold. */
import { dayNumber } from '../business-days.ts';
import { csvOf, Dice, inParts } from '../make-data.ts';
import { deliver, type Files, type Pipeline, scenarioOf } from '../pipeline.ts';
import { divide } from '../python.ts';

const DATASET = 'pricing';
const PER_DAY = 900;

const pipeline: Pipeline = {
  name: 'pricing-script-bug',
  describe: 'the script divides by the units sold; a new product has sold none',
  dataset: DATASET,
  format: 'csv',
  columns: { offer_id: 'bigint', listed_on: 'date', product: 'string', revenue: 'double', units: 'int' },

  files: (day) => offers(day, 0),

  async program({ run, read, write }) {
    const products = (await read()).groupBy(['product'], {
      revenue: { type: 'double', of: (rows) => rows.reduce((sum, offer) => sum + Number(offer['revenue']), 0) },
      units: { type: 'bigint', of: (rows) => rows.reduce((sum, offer) => sum + Number(offer['units']), 0) },
    });
    for (const product of products.collect()) {
      run.log.print(`${String(product['product'])}: ${divide(Number(product['revenue']), Number(product['units'])).toFixed(2)} per unit`);
    }
    await write(products);
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, offers(day, 3));
  },
};

/** The last `unsold` offers of the day are of a product that nobody has bought yet. */
function offers(day: string, unsold: number): Files {
  const dice = new Dice(`${DATASET} ${day}`);
  const rows = Array.from({ length: PER_DAY }, (_, index) => {
    const isNew = index >= PER_DAY - unsold;
    const units = isNew ? 0 : dice.int(1, 40);
    return {
      offer_id: 800_000 + dayNumber(day) * PER_DAY + index,
      listed_on: day,
      product: isNew ? 'P-NEW' : `P-${dice.int(100, 160)}`,
      revenue: Math.round(units * (5 + 20 * dice.share()) * 100) / 100,
      units,
    };
  });
  return Object.fromEntries(inParts(rows, 3).map((part, index) => [`market-${index}.csv`, csvOf(part)]));
}

export const pricingScriptBug = scenarioOf(pipeline);
