/** Puts the day's clicks together into sessions. A campaign has multiplied the clicks: they no longer fit into the worker. */
import { dayNumber } from '../business-days.ts';
import { Dice, inParts, jsonLinesOf } from '../make-data.ts';
import { deliver, type Files, type Pipeline, scenarioOf } from '../pipeline.ts';

const DATASET = 'clickstream';
const CLICKS = 1500;
/** A G.1X holds about 4,500 clicks, a G.2X twice as many. */
const CAMPAIGN_CLICKS = 6600;

const pipeline: Pipeline = {
  name: 'clickstream-oversized',
  describe: 'a campaign has brought four times as many clicks as the worker can hold',
  dataset: DATASET,
  format: 'jsonl',
  columns: { session_id: 'string', user_id: 'bigint', event: 'string', page: 'string', at: 'timestamp', duration_ms: 'int' },
  registration: {
    ladder: [
      { workerType: 'G.2X', numberOfWorkers: 2 },
      { workerType: 'G.4X', numberOfWorkers: 2 },
    ],
  },

  files: (day) => clicks(day, CLICKS),

  async program({ read, write }) {
    const sessions = (await read()).groupBy(['session_id'], {
      clicks: { type: 'bigint', of: (rows) => rows.length },
      pages: { type: 'bigint', of: (rows) => new Set(rows.map((click) => click['page'])).size },
      duration_ms: { type: 'bigint', of: (rows) => rows.reduce((sum, click) => sum + Number(click['duration_ms']), 0) },
    });
    await write(sessions);
  },

  async upset(world, day) {
    await deliver(world, DATASET, day, clicks(day, CAMPAIGN_CLICKS));
  },
};

function clicks(day: string, count: number): Files {
  const dice = new Dice(`${DATASET} ${day}`);
  const rows = Array.from({ length: count }, (_, index) => {
    const session = Math.floor(index / 5);
    return {
      session_id: `s-${dayNumber(day)}-${String(session).padStart(6, '0')}`,
      user_id: 10_000 + ((session * 7919) % 4000),
      event: dice.pick(['view', 'view', 'view', 'search', 'add_to_cart']),
      page: dice.pick(['/', '/search', '/product', '/cart', '/help']),
      at: `${day}T${String(dice.int(0, 23)).padStart(2, '0')}:${String(dice.int(0, 59)).padStart(2, '0')}:00Z`,
      duration_ms: dice.int(200, 60_000),
    };
  });
  return Object.fromEntries(inParts(rows, 3).map((part, index) => [`collector-${index}.jsonl`, jsonLinesOf(part)]));
}

export const clickstreamOversized = scenarioOf(pipeline);
