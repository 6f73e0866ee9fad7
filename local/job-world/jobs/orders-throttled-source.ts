/** Prices the day's orders with the price service. Another consumer of the service takes all of its capacity for some seconds. */
import { dayNumber } from '../business-days.ts';
import { csvOf, Dice, inParts } from '../make-data.ts';
import { deliver, type Pipeline, scenarioOf } from '../pipeline.ts';
import { readAll } from '../throttled-source.ts';

const DATASET = 'orders';
const SERVICE = 'product-prices';
const PRODUCTS = 600;
/** How long the other consumer keeps the service busy. */
const BUSY_SECONDS = 3.5;

const skuOf = (product: number) => `SKU-${String(product).padStart(4, '0')}`;

const pipeline: Pipeline = {
  name: 'orders-throttled-source',
  describe: 'the price service that the job asks is throttled: another consumer took its capacity',
  dataset: DATASET,
  format: 'csv',
  columns: { order_id: 'bigint', ordered_on: 'date', sku: 'string', quantity: 'int', country: 'string' },

  async prepare(world) {
    const dice = new Dice(SERVICE);
    const prices = Array.from({ length: PRODUCTS }, (_, product) => ({ sku: skuOf(product), unit_price: dice.amount(200) }));
    world.source(SERVICE).setRecords(prices);
  },

  files(day) {
    const dice = new Dice(`${DATASET} ${day}`);
    const orders = Array.from({ length: 1200 }, (_, index) => ({
      order_id: 5_000_000 + dayNumber(day) * 1200 + index,
      ordered_on: day,
      sku: skuOf(dice.int(0, PRODUCTS - 1)),
      quantity: dice.int(1, 9),
      country: dice.pick(['AT', 'CH', 'DE', 'FR', 'IT', 'NL']),
    }));
    return Object.fromEntries(inParts(orders, 3).map((part, index) => [`shop-${index}.csv`, csvOf(part)]));
  },

  async program({ run, read, write, world }) {
    const orders = await read();
    const prices = await readAll(world.source(SERVICE), 'ListPrices', run.signal);
    const priceOf = new Map(prices.map((price) => [price['sku'], Number(price['unit_price'])]));
    const priced = orders.withColumn('amount', 'double', (order) => Number(order['quantity']) * (priceOf.get(order['sku']) ?? 0));
    await write(priced);
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, pipeline.files(day));
    world.source(SERVICE).drain(BUSY_SECONDS);
  },
};

export const ordersThrottledSource = scenarioOf(pipeline);
