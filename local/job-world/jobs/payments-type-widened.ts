/** Sums the day's payments. Their ids have passed what an int can hold: upstream writes them as INT64 now, and the table still says int. */
import { dayNumber } from '../business-days.ts';
import { Dice, inParts, type ParquetType, parquetOf } from '../make-data.ts';
import { deliver, type Files, type Pipeline, scenarioOf } from '../pipeline.ts';

const DATASET = 'payments';
const PER_DAY = 1500;
const INT_LIMIT = 2 ** 31;

const pipeline: Pipeline = {
  name: 'payments-type-widened',
  describe: 'payment ids have passed 2,147,483,647: the table still says int',
  dataset: DATASET,
  format: 'parquet',
  columns: { payment_id: 'int', paid_on: 'string', method: 'string', status: 'string', amount: 'double' },

  files: (day) => payments(day, INT_LIMIT - 400 * PER_DAY, 'INT32'),

  async program({ read, write }) {
    const settled = (await read()).filter((payment) => payment['status'] === 'settled');
    const totals = settled.groupBy(['paid_on', 'method'], {
      payments: { type: 'bigint', of: (rows) => rows.length },
      amount: { type: 'double', of: (rows) => rows.reduce((sum, payment) => sum + Number(payment['amount']), 0) },
    });
    await write(totals);
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, payments(day, INT_LIMIT, 'INT64'));
  },
};

function payments(day: string, firstId: number, idType: ParquetType): Files {
  const dice = new Dice(`${DATASET} ${day}`);
  const rows = Array.from({ length: PER_DAY }, (_, index) => ({
    payment_id: firstId + dayNumber(day) * PER_DAY + index,
    paid_on: day,
    method: dice.pick(['card', 'card', 'card', 'invoice', 'transfer']),
    status: dice.chance(0.96) ? 'settled' : 'declined',
    amount: dice.amount(900),
  }));
  const types = { payment_id: idType, paid_on: 'STRING', method: 'STRING', status: 'STRING', amount: 'DOUBLE' } as const;
  return Object.fromEntries(inParts(rows, 3).map((part, index) => [`gateway-${index}.parquet`, parquetOf(part, types)]));
}

export const paymentsTypeWidened = scenarioOf(pipeline);
