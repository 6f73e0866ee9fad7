/** Passes the day's sign-ups on if they are good enough. The form upstream no longer asks for the country. */
import { dayNumber } from '../business-days.ts';
import { assertRules, completeness } from '../data-quality-gate.ts';
import { Dice, inParts, jsonLinesOf } from '../make-data.ts';
import { deliver, type Files, type Pipeline, scenarioOf } from '../pipeline.ts';

const DATASET = 'signups';
const PER_DAY = 1200;
/** Share of sign-ups without a country: now and then before, often since the form has changed. */
const SELDOM = 0.01;
const OFTEN = 0.38;

const pipeline: Pipeline = {
  name: 'signups-null-spike',
  describe: "the job's own data quality gate: country is null in more than a third of the rows",
  dataset: DATASET,
  format: 'jsonl',
  columns: { signup_id: 'bigint', signed_up_on: 'date', country: 'string', plan: 'string', referrer: 'string' },

  files: (day) => signups(day, SELDOM),

  async program({ read, write }) {
    const rows = await read();
    assertRules(DATASET, [completeness(rows, 'signup_id', 1), completeness(rows, 'country', 0.95)]);
    await write(rows);
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, signups(day, OFTEN));
  },
};

function signups(day: string, withoutCountry: number): Files {
  const dice = new Dice(`${DATASET} ${day}`);
  const rows = Array.from({ length: PER_DAY }, (_, index) => ({
    signup_id: 90_000 + dayNumber(day) * PER_DAY + index,
    signed_up_on: day,
    country: dice.chance(withoutCountry) ? null : dice.pick(['AT', 'CH', 'DE', 'FR', 'IT', 'NL']),
    plan: dice.pick(['free', 'free', 'free', 'team', 'business']),
    referrer: dice.pick(['search', 'friend', 'advert', 'other']),
  }));
  return Object.fromEntries(inParts(rows, 3).map((part, index) => [`form-${index}.jsonl`, jsonLinesOf(part)]));
}

export const signupsNullSpike = scenarioOf(pipeline);
