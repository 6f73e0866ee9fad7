/** The learning step: one experience moves one cell of the Q-table. An incident is one decision, so there is no next state. */
import { MEMORY, type QCell } from '../propose-action/q-table.ts';
import { InputError } from '../shared/errors.ts';

/** A plain mean over the first MEMORY rewards; from there on a constant step, so that the estimate follows a changing world. */
export const MIN_LEARNING_RATE = 1 / MEMORY;

/** The cell after `reward` was seen. Throws InputError E_REWARD for a reward that is not a number in [-1, 1]. */
export function tdUpdate(cell: QCell, reward: number): QCell {
  if (!(reward >= -1 && reward <= 1)) {
    throw new InputError('E_REWARD', `reward is ${reward}, expected a number in [-1, 1]; nothing was learned`);
  }
  const learningRate = Math.max(1 / (cell.visits + 1), MIN_LEARNING_RATE);
  const tdTarget = reward; // terminated: no discounted value of a next state
  const tdError = tdTarget - cell.q;

  const q = cell.q + learningRate * tdError;

  const forgetting = cell.visits < MEMORY ? 1 : 1 - learningRate;
  const m2 = forgetting * cell.m2 + (1 - learningRate) * tdError ** 2;
  return { q: quantised(q), visits: cell.visits + 1, m2: quantised(m2) };
}

/** Twelve decimals: no rounding noise that only grows the stored numbers. */
function quantised(value: number): number {
  return Math.round(value * 1e12) / 1e12;
}
