/**
 * The reward: a published sum of named terms over what validation measured, clamped to [-1, 1]. It pays for data that was proven
 * right again, not for runs that ended well, and charges what the repair took from the data, the machines and the people.
 */
import { type Action, isActive } from '../shared/actions.ts';
import { InputError } from '../shared/errors.ts';
import type { LearningSection, ValidationSection } from '../shared/incident.ts';
import type { RiskLevel } from '../shared/rl-state.ts';

/** What each term is worth. Time, DPU-hours and human minutes grow in proportion and stop at the named amount. */
export const REWARD_TERMS = {
  validatedFix: 1,
  failedFix: -0.7,
  /** From the failure to the verdict. */
  time: { worth: -0.1, per: 240, unit: 'minutes' },
  dpuHours: { worth: -0.2, per: 20, unit: 'DPU-hours' },
  /** What people spent on approving. */
  humanMinutes: { worth: -0.2, per: 60, unit: 'minutes' },
  /** Harm: per whole input that was moved away. Half an input withheld undoes a fix; withholding everything is worse than doing nothing. */
  inputWithheld: -2,
  /** Harm: the inverse did not bring the state before the action back. */
  undoFailed: -0.5,
} as const;

/**
 * The two passive actions have fixed rewards: they cannot be gamed by looking successful. Where little is at stake they are worth
 * the same, and a tie is decided by the rules.
 */
export const ESCALATE_REWARD = -0.1;
export const LOG_EVENT_REWARD: Readonly<Record<RiskLevel, number>> = { low: -0.1, medium: -0.4, high: -0.7, critical: -0.9 };

export interface RemediationOutcome {
  /** The action that was executed, whatever was proposed. */
  readonly action: Action;
  readonly risk: RiskLevel;
  readonly verdict: Exclude<ValidationSection['verdict'], 'pending'>;
  readonly minutes: number;
  readonly dpuHours: number;
  readonly humanMinutes: number;
  /** Share of the input in quarantine when the verdict fell, in [0,1]. */
  readonly shareOfInputWithheld: number;
  readonly undoFailed: boolean;
}

export interface Reward {
  /** In [-1, 1]. */
  readonly reward: number;
  readonly terms: LearningSection['terms'];
}

/** The fixed reward of a passive action; null for an active one, whose reward has to be earned. */
export function publishedReward(action: Action, risk: RiskLevel): number | null {
  if (isActive(action)) return null;
  return action === 'LOG_EVENT' ? LOG_EVENT_REWARD[risk] : ESCALATE_REWARD;
}

/** Null where the outcome is unknown: that teaches nothing. Throws InputError E_REWARD for a measure that is no amount. */
export function rewardFor(outcome: RemediationOutcome): Reward | null {
  const published = publishedReward(outcome.action, outcome.risk);
  if (published !== null)
    return { reward: published, terms: [{ name: outcome.action === 'LOG_EVENT' ? 'logged' : 'escalated', value: published }] };
  if (outcome.verdict === 'unknown') return null;
  const validated = outcome.verdict === 'validated';
  const terms = [
    validated ? { name: 'validatedFix', value: REWARD_TERMS.validatedFix } : { name: 'failedFix', value: REWARD_TERMS.failedFix },
    proportional('time', outcome.minutes),
    proportional('dpuHours', outcome.dpuHours),
    proportional('humanMinutes', outcome.humanMinutes),
    {
      name: 'inputWithheld',
      value: REWARD_TERMS.inputWithheld * Math.min(1, amount('shareOfInputWithheld', outcome.shareOfInputWithheld)),
    },
    { name: 'undoFailed', value: outcome.undoFailed ? REWARD_TERMS.undoFailed : 0 },
  ].filter(({ value }) => value !== 0);
  const sum = terms.reduce((total, { value }) => total + value, 0);
  return { reward: Math.min(1, Math.max(-1, sum)), terms };
}

function proportional(name: 'time' | 'dpuHours' | 'humanMinutes', spent: number): Reward['terms'][number] {
  const { worth, per } = REWARD_TERMS[name];
  return { name, value: worth * Math.min(1, amount(name, spent) / per) };
}

function amount(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InputError('E_REWARD', `${name} is ${value}, expected a finite amount of at least 0; nothing was learned`);
}
