/** What changes when one policy takes the place of another: the states whose action differs, and what each side knows of both actions. */
import { ACTIONS, type Action } from '../shared/actions.ts';
import { parseStateId } from '../shared/rl-state.ts';
import { publishedReward } from '../update-policy/reward.ts';
import { emptyRow, type QRow, type QTable } from './q-table.ts';
import { rulesFor } from './rules-policy.ts';
import { halfWidth, type Selection, selectAction } from './select-action.ts';

export interface Estimate {
  readonly action: Action;
  /** Estimated reward; null without visits. */
  readonly value: number | null;
  /** Half the width of its interval; 0 for the published reward of a passive action. */
  readonly plusMinus: number | null;
  readonly visits: number;
}

export interface PolicyChange {
  readonly stateId: string;
  /** By the first and by the second policy. */
  readonly from: Action;
  readonly to: Action;
  /** What the second policy knows of either action: why it changes its mind. */
  readonly estimates: { readonly from: Estimate; readonly to: Estimate };
  readonly reason: string;
}

/** The choice in a state where every action has a plan and nothing is explored. */
export function choiceIn(stateId: string, row: QRow | null): Selection {
  const state = parseStateId(stateId);
  return selectAction({ state, qRow: row, rules: rulesFor(state), feasible: ACTIONS, explorationRate: 0, random: () => 0 });
}

/** The states, in order, in which `after` acts otherwise than `before`. States that neither has seen are decided by the rules in both. */
export function diffPolicies(before: QTable, after: QTable): PolicyChange[] {
  const states = [...new Set([...before.keys(), ...after.keys()])].sort();
  return states.flatMap((stateId) => {
    const row = after.get(stateId) ?? null;
    const from = choiceIn(stateId, before.get(stateId) ?? null).action;
    const { action: to, reason } = choiceIn(stateId, row);
    if (from === to) return [];
    return [{ stateId, from, to, estimates: { from: estimateOf(from, stateId, row), to: estimateOf(to, stateId, row) }, reason }];
  });
}

/** What `row` knows of an action in a state. */
export function estimateOf(action: Action, stateId: string, row: QRow | null): Estimate {
  const cell = (row ?? emptyRow())[action];
  const published = publishedReward(action, parseStateId(stateId).risk);
  if (published !== null) return { action, value: published, plusMinus: 0, visits: cell.visits };
  if (cell.visits === 0) return { action, value: null, plusMinus: null, visits: 0 };
  return { action, value: cell.q, plusMinus: Math.round(halfWidth(cell) * 10_000) / 10_000, visits: cell.visits };
}
