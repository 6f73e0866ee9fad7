/**
 * Chooses among the actions that have a plan: as the rules do, unless experience proves another action better (conservative
 * improvement), or, where a team has opted in, by a small and recorded amount of exploration.
 */
import { ACTIONS, type Action } from '../shared/actions.ts';
import { type RlState, stateId } from '../shared/rl-state.ts';
import { publishedReward } from '../update-policy/reward.ts';
import { MEMORY, type QCell, type QRow } from './q-table.ts';
import type { RulesDecision } from './rules-policy.ts';

/** An active action must have been seen this often before it may displace another, or be displaced. */
export const MIN_VISITS = 30;
/** Standard errors below the estimate: the one-sided 99.5 % bound, strict because many states and actions are compared. */
export const BOUND_WIDTH = 2.576;
export const MAX_EXPLORATION_RATE = 0.1;

export interface SelectionInput {
  readonly state: RlState;
  /** Null where the active policy has never seen this state. */
  readonly qRow: QRow | null;
  readonly rules: RulesDecision;
  /** Actions for which the facts give a plan. ESCALATE always counts as one of them. */
  readonly feasible: readonly Action[];
  /** Opt-in per job, in [0, 0.1]; anything else counts as 0 or 0.1. */
  readonly explorationRate: number;
  /** What exploration may choose from: feasible actions that every guardrail allows in `auto`. None unless named. */
  readonly explorable?: readonly Action[];
  /** Uniform in [0,1); drawn exactly once. */
  readonly random: () => number;
}

export interface Selection {
  readonly action: Action;
  readonly decidedBy: 'policy' | 'rules' | 'exploration';
  /** What the rules would have chosen among the same actions. */
  readonly rulesAction: Action;
  /** Probability that this action was chosen in this situation, in (0,1]. */
  readonly propensity: number;
  /** All six actions, best first: what was chosen, what the rules would do, a person, then the rest; without a plan last. */
  readonly ranking: readonly Action[];
  readonly reason: string;
}

export function selectAction(input: SelectionInput): Selection {
  const feasible = ACTIONS.filter((action) => action === 'ESCALATE' || input.feasible.includes(action));
  const baseline = baselineAction(input.rules, feasible);
  const improvement = provenImprovement(input, baseline, feasible);
  const greedy = improvement?.action ?? baseline;

  const explorable = feasible.filter((action) => input.explorable?.includes(action));
  const rate = explorable.length === 0 ? 0 : effectiveRate(input.explorationRate);
  const draw = input.random();
  const explored = draw < rate ? explorable[Math.floor((draw / rate) * explorable.length)] : undefined;
  const action = explored ?? greedy;

  return {
    action,
    rulesAction: baseline,
    decidedBy: explored ? 'exploration' : improvement ? 'policy' : 'rules',
    propensity: (action === greedy ? 1 - rate : 0) + (explorable.includes(action) ? rate / explorable.length : 0),
    ranking: rankActions({ first: action, rules: input.rules, qRow: input.qRow, feasible }),
    reason: explored
      ? `exploration: ${action} in place of ${greedy}, one of ${explorable.length} allowed actions at rate ${rate}`
      : (improvement?.reason ?? rulesReason(input, baseline)),
  };
}

/** All six actions: `first`, then what the rules would do, then ESCALATE, then the rest by estimated reward; without a plan last. */
export function rankActions(input: {
  readonly first: Action;
  readonly rules: RulesDecision;
  readonly qRow: QRow | null;
  readonly feasible: readonly Action[];
}): Action[] {
  const { first, rules, qRow, feasible } = input;
  const byEstimate = ACTIONS.toSorted((a, b) => estimate(qRow, b) - estimate(qRow, a));
  const preferred: Action[] = [rules.action, ...rules.alternatives, 'ESCALATE', ...byEstimate];
  const possible = preferred.filter((action) => action === 'ESCALATE' || feasible.includes(action));
  return [...new Set([first, ...possible, ...preferred])];
}

/** What experience, or the published reward of a passive action, says about an action. */
export interface Knowledge {
  readonly value: number;
  /** Squared standard error of `value`: 0 for what is published. */
  readonly squaredError: number;
  readonly told: string;
}

/** Null where an active action was seen too rarely to say anything. */
export function knowledgeOf(action: Action, { state, qRow }: Pick<SelectionInput, 'state' | 'qRow'>): Knowledge | null {
  const published = publishedReward(action, state.risk);
  if (published !== null) return { value: published, squaredError: 0, told: `${published.toFixed(2)}, published` };
  const cell = qRow?.[action];
  if (!cell || cell.visits < MIN_VISITS) return null;
  return { value: cell.q, squaredError: squaredError(cell), told: `${cell.q.toFixed(2)} over ${cell.visits} visits` };
}

/** The lower confidence bound of how much better `challenger` is than `incumbent`. */
export function advantageLowerBound(challenger: Knowledge, incumbent: Knowledge): number {
  return challenger.value - incumbent.value - BOUND_WIDTH * Math.sqrt(challenger.squaredError + incumbent.squaredError);
}

/** Half the width of the interval around a cell's estimate, at the same confidence; infinite for a cell without visits. */
export function halfWidth(cell: QCell): number {
  return BOUND_WIDTH * Math.sqrt(squaredError(cell));
}

/**
 * Squared standard error of a cell's estimate. The added 1 stands for one more reward a whole unit away: thirty equal outcomes
 * are no proof that the thirty-first will be equal too.
 */
function squaredError({ visits, m2 }: QCell): number {
  const remembered = Math.min(visits, MEMORY);
  if (remembered === 0) return Number.POSITIVE_INFINITY;
  return (m2 + 1) / remembered / remembered;
}

/** Rates too small to divide by, negative ones and NaN mean no exploration. */
function effectiveRate(rate: number): number {
  return rate >= 1e-6 ? Math.min(MAX_EXPLORATION_RATE, rate) : 0;
}

function baselineAction(rules: RulesDecision, feasible: readonly Action[]): Action {
  return [rules.action, ...rules.alternatives].find((action) => feasible.includes(action)) ?? 'ESCALATE';
}

/** The feasible action with the highest bound above zero, or none. Ties go to the rules, then to the order of the columns. */
function provenImprovement(
  input: SelectionInput,
  baseline: Action,
  feasible: readonly Action[],
): { action: Action; reason: string } | null {
  const usual = knowledgeOf(baseline, input);
  if (!usual) return null;
  let best: { action: Action; bound: number; reason: string } | null = null;
  for (const action of feasible) {
    const better = action === baseline ? null : knowledgeOf(action, input);
    const bound = better ? advantageLowerBound(better, usual) : 0;
    if (!better || bound <= (best?.bound ?? 0)) continue;
    best = {
      action,
      bound,
      reason: `learned: ${action} (${better.told}) beats ${baseline} (${usual.told}) by at least ${bound.toFixed(2)}`,
    };
  }
  return best;
}

function estimate(qRow: QRow | null, action: Action): number {
  return qRow && qRow[action].visits > 0 ? qRow[action].q : -Infinity;
}

function rulesReason({ rules, state }: SelectionInput, baseline: Action): string {
  const rule = `rules: ${rules.reason} (${rules.rule} in ${stateId(state)})`;
  return baseline === rules.action ? rule : `${rule}; ${rules.action} has no plan, so ${baseline}`;
}
