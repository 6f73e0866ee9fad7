/** The decision problem without Glue: incidents drawn from the simulated world, and what an action on one of them would bring. */
import { scoreRisk } from '../functions/detect-anomalies/risk-scorer/score-risk.ts';
import { type Action, isActive } from '../functions/shared/actions.ts';
import { FAILURE_FAMILIES, type FailureFamily, type RlState } from '../functions/shared/rl-state.ts';
import { type RemediationOutcome, rewardFor } from '../functions/update-policy/reward.ts';
import { between, type RandomSource, sampler } from './random-source.ts';
import * as world from './simulator-world.ts';

const drawFamily = sampler(world.FAMILY_MIX);
const drawCriticality = sampler(world.CRITICALITY_MIX);
const drawRetryCount = sampler(world.RETRY_MIX);
const drawDrift = perFamily((family) => sampler(world.DRIFT_MIX[family] ?? world.DRIFT_MIX.usual));
const drawQuality = perFamily((family) => sampler(world.QUALITY_MIX[family] ?? world.QUALITY_MIX.usual));
const RETRIES = { '0': 0, '1': 1, '2+': 2 } as const;

/** Facts as the evidence would show them; risk is scored by the product's own scorer. */
export function drawState(random: RandomSource): RlState {
  const family = drawFamily(random);
  const drift = drawDrift[family](random);
  const quality = drawQuality[family](random);
  const retryCount = drawRetryCount(random);
  const risk = scoreRisk({
    family,
    drift,
    quality,
    confidence: between(world.CONFIDENCE[family] ?? world.CONFIDENCE.usual, random),
    retryCount: RETRIES[retryCount],
    criticality: drawCriticality(random),
    blastRadius: { objects: 0, tables: 0, shareOfInput: family === 'data_quality' ? between(world.WITHHELD[quality], random) : 0 },
    evidenceCompleteness: random() < world.PARTIAL_EVIDENCE ? 'PARTIAL' : 'FULL',
  }).level;
  return { family, risk, retryCount, drift, quality };
}

/** How likely `action` mends what is wrong in `state`, in [0,1]. */
export function successProbability(state: RlState, action: Action): number {
  if (!isActive(action)) return 0;
  const first = world.SUCCESS[state.family][action] ?? 0;
  const fit = action === 'COERCE_SCHEMA' || action === 'ROLLBACK_SCHEMA' ? world.DRIFT_FACTOR[action][state.drift] : 1;
  const left = action === 'QUARANTINE' ? world.QUARANTINE_QUALITY_FACTOR[state.quality] : 1;
  return first * fit * left * world.RETRY_FACTOR[state.retryCount];
}

/** What executing `action` in `state` brings. Every action draws equally often, so that policies can be compared on the same luck. */
export function simulateOutcome(state: RlState, action: Action, random: RandomSource): RemediationOutcome {
  const climbs = action === 'RETRY' && state.family === 'resource_exhaustion';
  const validated = random() < successProbability(state, action);
  const minutes = between(world.COST[action].minutes, random);
  const dpuHours = between(world.COST[action].dpuHours, random) * (climbs ? world.LADDER_COST_FACTOR[state.retryCount] : 1);
  const approval = between(world.APPROVAL_MINUTES, random);
  const withheld = between(world.WITHHELD[state.quality], random);
  const undoFails = random() < world.UNDO_FAILS;
  return {
    action,
    risk: state.risk,
    verdict: validated ? 'validated' : 'failed',
    minutes,
    dpuHours,
    humanMinutes: isActive(action) && state.risk === 'high' ? approval : 0,
    shareOfInputWithheld: action === 'QUARANTINE' && validated ? withheld : 0,
    undoFailed: isActive(action) && !validated && undoFails,
  };
}

export interface Valuation {
  /** Mean reward per incident. */
  readonly reward: number;
  /** Share of incidents that ended with a validated fix. */
  readonly resolved: number;
}

/** A policy's mean reward over `episodes` incidents. The same random source gives every policy the same incidents and luck. */
export function valuePolicy(
  policy: (state: RlState) => Action,
  { random, episodes, outcome = simulateOutcome }: { random: RandomSource; episodes: number; outcome?: typeof simulateOutcome },
): Valuation {
  let reward = 0;
  let resolved = 0;
  for (let episode = 0; episode < episodes; episode++) {
    const state = drawState(random);
    const result = outcome(state, policy(state), random);
    reward += rewardFor(result)?.reward ?? 0;
    if (isActive(result.action) && result.verdict === 'validated') resolved += 1;
  }
  return { reward: reward / episodes, resolved: resolved / episodes };
}

function perFamily<T>(make: (family: FailureFamily) => T): Readonly<Record<FailureFamily, T>> {
  return Object.fromEntries(FAILURE_FAMILIES.map((family) => [family, make(family)])) as Record<FailureFamily, T>;
}
