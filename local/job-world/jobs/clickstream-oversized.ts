/** Sums the day's clicks per user. The page now reports every scroll as a click: they no longer fit into the worker. */
import { dayNumber } from '../business-days.ts';
import { Dice, inParts, jsonLinesOf } from '../make-data.ts';
import { deliver, type Files, type Pipeline, scenarioOf } from '../pipeline.ts';

const DATASET = 'clickstream';
const USERS = 400;
const CLICKS = 1500;
/** A G.1X holds about 4,500 clicks, a G.2X twice as many. */
const CHATTY_CLICKS = 6600;

const pipeline: Pipeline = {
  name: 'clickstream-oversized',
  describe: 'the page reports four times as many clicks as before: more than the worker can hold',
  dataset: DATASET,
  format: 'jsonl',
  columns: { click_id: 'string', user: 'string', event: 'string', page: 'string', at: 'timestamp', duration_ms: 'int' },
  registration: {
    ladder: [
      { workerType: 'G.2X', numberOfWorkers: 2 },
      { workerType: 'G.4X', numberOfWorkers: 2 },
    ],
  },

  files: (day) => clicks(day, CLICKS),

  async program({ read, write }) {
    const users = (await read()).groupBy(['user'], {
      clicks: { type: 'bigint', of: (rows) => rows.length },
      pages: { type: 'bigint', of: (rows) => new Set(rows.map((click) => click['page'])).size },
      duration_ms: { type: 'bigint', of: (rows) => rows.reduce((sum, click) => sum + Number(click['duration_ms']), 0) },
    });
    await write(users);
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, clicks(day, CHATTY_CLICKS));
  },
};

function clicks(day: string, count: number): Files {
  const dice = new Dice(`${DATASET} ${day}`);
  const rows = Array.from({ length: count }, (_, index) => ({
    click_id: `c-${String(10_000_000 + dayNumber(day) * 10_000 + index)}`,
    user: `u-${dice.int(1000, 999 + USERS)}`,
    event: dice.pick(['view', 'view', 'view', 'search', 'add_to_cart']),
    page: dice.pick(['/', '/search', '/product', '/cart', '/help']),
    at: `${day}T${String(dice.int(0, 23)).padStart(2, '0')}:${String(dice.int(0, 59)).padStart(2, '0')}:00Z`,
    duration_ms: dice.int(200, 60_000),
  }));
  return Object.fromEntries(inParts(rows, 3).map((part, index) => [`collector-${index}.jsonl`, jsonLinesOf(part)]));
}

export const clickstreamOversized = scenarioOf(pipeline);
