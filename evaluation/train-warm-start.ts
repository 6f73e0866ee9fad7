/** Trains the warm start: the product's own learning step on simulated incidents. The same options give the same bytes. */
import { emptyRow, MEMORY, type QCell, type QRow, rowHashesOf, tableHash } from '../functions/propose-action/q-table.ts';
import type { WarmStart } from '../functions/propose-action/warm-start.ts';
import { ACTIONS } from '../functions/shared/actions.ts';
import { InputError } from '../functions/shared/errors.ts';
import { stateId } from '../functions/shared/rl-state.ts';
import { rewardFor } from '../functions/update-policy/reward.ts';
import { tdUpdate } from '../functions/update-policy/td-update.ts';
import { randomSource } from './random-source.ts';
import { drawState, simulateOutcome } from './simulator.ts';
import { SIMULATOR_VERSION } from './simulator-world.ts';

export interface TrainingOptions {
  readonly seed: number;
  /** Simulated incidents; each is tried with every action, which only a simulation can do. */
  readonly episodes: number;
  /**
   * A simulated cell counts for at most so many real visits. Below the policy's MIN_VISITS, simulation alone never overrides the
   * rules: it is what learning starts from, and what breaks in first where the world agrees.
   */
  readonly trust: number;
}

export const DEFAULT_TRAINING: TrainingOptions = { seed: 42, episodes: 60_000, trust: 10 };
const MOST_EPISODES = 5_000_000;

/** Throws InputError E_CONFIG for options out of range. */
export function trainWarmStart({ seed, episodes, trust }: TrainingOptions): WarmStart {
  requireWhole('episodes', episodes, MOST_EPISODES);
  requireWhole('trust', trust, MEMORY);
  const random = randomSource(seed);
  const table = new Map<string, QRow>();
  for (let episode = 0; episode < episodes; episode++) {
    const state = drawState(random);
    const id = stateId(state);
    const row = table.get(id) ?? emptyRow();
    for (const action of ACTIONS) {
      const reward = rewardFor(simulateOutcome(state, action, random));
      if (reward) row[action] = tdUpdate(row[action], reward.reward);
    }
    table.set(id, row);
  }
  return shippable(table, { seed, episodes, trust });
}

/** The file's text: sorted keys, one cell per line, so that a diff shows which cells changed. */
export function warmStartText(warmStart: WarmStart): string {
  return `${layOut(warmStart, '')}\n`;
}

function layOut(value: unknown, indent: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (!Array.isArray(value)) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{\n${members.map(([key, member]) => `${deeper}${JSON.stringify(key)}: ${layOut(member, deeper)}`).join(',\n')}\n${indent}}`;
  }
  const elements = value.map((element) => layOut(element, deeper));
  return value.some(Array.isArray) ? `[\n${deeper}${elements.join(`,\n${deeper}`)}\n${indent}]` : `[${elements.join(', ')}]`;
}

/** States in which some action was seen less often than it would count for are left out: there the rules decide. */
function shippable(table: ReadonlyMap<string, QRow>, { seed, episodes, trust }: TrainingOptions): WarmStart {
  const rows = new Map(
    [...table]
      .filter(([, row]) => ACTIONS.every((action) => row[action].visits >= trust))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, row]) => [id, Object.fromEntries(ACTIONS.map((action) => [action, trusted(row[action], trust)])) as QRow]),
  );
  const hash = tableHash(rowHashesOf(rows));
  return {
    kind: 'warm-start',
    note: 'learned in simulation, not in the world',
    version: `warm-start-${hash.slice(0, 12)}`,
    hash,
    trainedWith: {
      command: `glue-medic policy train --seed ${seed} --episodes ${episodes} --trust ${trust}`,
      seed,
      episodes,
      trust,
      simulatorVersion: SIMULATOR_VERSION,
    },
    actions: [...ACTIONS],
    rows: Object.fromEntries(
      [...rows].map(([id, row]) => [
        id,
        ACTIONS.map((action) => [row[action].q, row[action].visits, row[action].m2] as [number, number, number]),
      ]),
    ),
  };
}

/** The cell as if it had been seen `trust` times with the same spread. Four decimals: more would claim more than a simulation knows. */
function trusted({ q, visits, m2 }: QCell, trust: number): QCell {
  const counted = Math.min(visits, trust);
  return { q: rounded(q), visits: counted, m2: rounded((m2 / Math.min(visits, MEMORY)) * counted) };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function requireWhole(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new InputError('E_CONFIG', `${name} is ${value}, expected a whole number from 1 to ${most}`);
  }
}
