/** Balances the day's ledger. Somebody has tightened the bucket policy: the job's role may no longer read its input. */
import { dayNumber } from '../business-days.ts';
import { csvOf, Dice, inParts } from '../make-data.ts';
import { deliver, type Pipeline, scenarioOf } from '../pipeline.ts';
import { incomingOf, LAKE, roleOf } from '../scenario.ts';

const NAME = 'ledger-access-denied';
const DATASET = 'ledger';
const PER_DAY = 800;

const pipeline: Pipeline = {
  name: NAME,
  describe: "a statement of the bucket policy denies the job's role to read its input",
  dataset: DATASET,
  format: 'csv',
  columns: { entry_id: 'bigint', booked_on: 'date', account: 'string', debit: 'double', credit: 'double' },

  files(day) {
    const dice = new Dice(`${DATASET} ${day}`);
    const rows = Array.from({ length: PER_DAY }, (_, index) => {
      const amount = dice.amount(2000);
      const isDebit = dice.chance(0.5);
      return {
        entry_id: 600_000 + dayNumber(day) * PER_DAY + index,
        booked_on: day,
        account: dice.pick(['1000', '1200', '4000', '7000']),
        debit: isDebit ? amount : 0,
        credit: isDebit ? 0 : amount,
      };
    });
    return Object.fromEntries(inParts(rows, 2).map((part, index) => [`journal-${index}.csv`, csvOf(part)]));
  },

  async program({ read, write }) {
    const sum = (column: string) => ({
      type: 'double',
      of: (rows: readonly Readonly<Record<string, unknown>>[]) => rows.reduce((total, entry) => total + Number(entry[column]), 0),
    });
    await write((await read()).groupBy(['account'], { debit: sum('debit'), credit: sum('credit') }));
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, pipeline.files(day));
    world.objects.denyRead(LAKE, incomingOf(DATASET), roleOf(NAME));
  },
};

export const ledgerAccessDenied = scenarioOf(pipeline);
