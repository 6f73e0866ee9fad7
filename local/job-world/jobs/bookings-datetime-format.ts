/** Counts the day's bookings per hotel and arrival. The booking system now writes dates as dd/MM/yyyy; the script knows one form only. */
import { dayAfter, dayNumber } from '../business-days.ts';
import { csvOf, Dice, inParts } from '../make-data.ts';
import { parseDate } from '../parse-date.ts';
import { deliver, type Files, type Pipeline, scenarioOf } from '../pipeline.ts';

const DATASET = 'bookings';
const PER_DAY = 1200;
/** The script's own; there is no argument to change it. */
const FORMAT = 'yyyy-MM-dd';

const pipeline: Pipeline = {
  name: 'bookings-datetime-format',
  describe: 'dates come as dd/MM/yyyy instead of yyyy-MM-dd, and the script understands no argument to say so',
  dataset: DATASET,
  format: 'csv',
  columns: { booking_id: 'bigint', hotel: 'string', arrival: 'string', nights: 'int', guests: 'int' },

  files: (day) => bookings(day, (date) => date),

  async program({ read, write }) {
    const parsed = (await read()).withColumn('arrival', 'date', (booking) => parseDate(booking['arrival'], FORMAT));
    const arrivals = parsed.groupBy(['hotel', 'arrival'], {
      bookings: { type: 'bigint', of: (rows) => rows.length },
      guests: { type: 'bigint', of: (rows) => rows.reduce((sum, booking) => sum + Number(booking['guests']), 0) },
    });
    await write(arrivals);
  },

  async upset(world, day) {
    await deliver(
      world,
      DATASET,
      day,
      bookings(day, (date) => date.split('-').toReversed().join('/')),
    );
  },
};

function bookings(day: string, written: (date: string) => string): Files {
  const dice = new Dice(`${DATASET} ${day}`);
  const days = [day];
  for (let ahead = 1; ahead < 28; ahead += 1) days.push(dayAfter(days.at(-1) ?? day));
  const rows = Array.from({ length: PER_DAY }, (_, index) => ({
    booking_id: 700_000 + dayNumber(day) * PER_DAY + index,
    hotel: dice.pick(['Adler', 'Bellevue', 'Krone', 'Post', 'Seeblick']),
    arrival: written(days[dice.int(0, days.length - 1)] ?? day),
    nights: dice.int(1, 9),
    guests: dice.int(1, 5),
  }));
  return Object.fromEntries(inParts(rows, 3).map((part, index) => [`desk-${index}.csv`, csvOf(part)]));
}

export const bookingsDatetimeFormat = scenarioOf(pipeline);
