/** Sums the day's invoices. The accounting system delivers them some seconds after the job has looked for them. */
import { dayNumber } from '../business-days.ts';
import { csvOf, Dice, inParts } from '../make-data.ts';
import { type Pipeline, scenarioOf } from '../pipeline.ts';
import { incomingOf, LAKE } from '../scenario.ts';

const DATASET = 'invoices';
const PER_DAY = 600;
/** How late the accounting system is. */
const LATE_MS = 5000;

const pipeline: Pipeline = {
  name: 'invoices-input-late',
  describe: 'the day has no invoices yet: the accounting system is five seconds late',
  dataset: DATASET,
  format: 'csv',
  columns: { invoice_id: 'bigint', issued_on: 'date', customer_id: 'bigint', net: 'double', vat_rate: 'double' },
  registration: { criticality: 'low', retryDelaySeconds: 6 },

  files(day) {
    const dice = new Dice(`${DATASET} ${day}`);
    const rows = Array.from({ length: PER_DAY }, (_, index) => ({
      invoice_id: 300_000 + dayNumber(day) * PER_DAY + index,
      issued_on: day,
      customer_id: 40_000 + dice.int(0, 5000),
      net: dice.amount(3000),
      vat_rate: dice.pick([0.1, 0.2, 0.2, 0.2]),
    }));
    return Object.fromEntries(inParts(rows, 2).map((part, index) => [`accounting-${index}.csv`, csvOf(part)]));
  },

  async program({ read, write }) {
    const gross = (await read()).withColumn('gross', 'double', (invoice) => Number(invoice['net']) * (1 + Number(invoice['vat_rate'])));
    await write(
      gross.groupBy(['issued_on'], {
        gross: { type: 'double', of: (rows) => rows.reduce((sum, invoice) => sum + Number(invoice['gross']), 0) },
      }),
    );
  },

  async upset(world, day) {
    const dueAt = world.clock().getTime() + LATE_MS;
    for (const [name, text] of Object.entries(pipeline.files(day))) {
      world.deliveries.schedule({ dueAt, bucket: LAKE, key: `${incomingOf(DATASET)}${day}/${name}`, text: String(text) });
    }
  },
};

export const invoicesInputLate = scenarioOf(pipeline);
