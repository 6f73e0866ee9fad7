/**
 * Every state × every ranking that matters × every mode × everything that guardrails may come to, each followed through the machine with every
 * answer of environment and people.
 */
import type { Guardrail } from '../../functions/check-safety/guardrail.ts';
import { judgePlan } from '../../functions/check-safety/judge-plan.ts';
import { REFERENCE_PLANS, referenceFacts, referenceFindings } from '../../functions/check-safety/reference-facts.ts';
import { rulesFor } from '../../functions/propose-action/rules-policy.ts';
import { ACTIONS, ACTIVE_ACTIONS, type Action, isActive } from '../../functions/shared/actions.ts';
import type { ProposalSection } from '../../functions/shared/incident.ts';
import { MODES } from '../../functions/shared/job-registration.ts';
import type { RlState } from '../../functions/shared/rl-state.ts';
import { exploreIncident, type Said } from './explore-incident.ts';
import type { Machine } from './machine.ts';
import { forAll, type GuardrailSet, proposalOf, saidOfAll, type World, worldIn, worldWith } from './scenario-parts.ts';
import type { Tally } from './tally.ts';
import { STRICTNESS, type Verdict } from './unsafe.ts';

/** Every action in the same mode. Returns how many states there were. */
export function proveDecisions(machine: Machine, guardrails: GuardrailSet, states: Iterable<RlState>, tally: Tally): number {
  const explore = explorer(machine, guardrails, tally);
  const worlds = MODES.map(worldIn);
  let count = 0;
  for (const state of states) {
    count += 1;
    const rankings = rankingsFor(state);
    for (const world of worlds) explore(state, world, rankings);
  }
  return count;
}

/**
 * Actions in different modes: every assignment to those that may be looked at. What may be looked at, and what the machine makes of a state,
 * depends on its rule, its risk and whether its failure is known: one state of each kind stands for all of them.
 */
export function proveMixedModes(machine: Machine, guardrails: GuardrailSet, states: Iterable<RlState>, tally: Tally): void {
  const explore = explorer(machine, guardrails, tally);
  const kinds = new Map([...states].map((state) => [`${rulesFor(state).rule} ${state.risk} ${state.family === 'unknown'}`, state]));
  for (const state of kinds.values()) {
    for (const ranking of rankingsFor(state)) for (const world of mixedWorlds(ranking.listed)) explore(state, world, [ranking]);
  }
}

function explorer(machine: Machine, guardrails: GuardrailSet, tally: Tally) {
  const followed = new Set<string>();
  return (state: RlState, world: World, rankings: readonly Ranking[]): void => {
    const facts = { ...referenceFacts('ESCALATE'), ...world, findings: referenceFindings(state) };
    const { set, prepare } = withAnyOther(judgedOnce(guardrails, state, world));
    for (const { proposal, listed, label } of rankings) {
      const decided = new Set<string>();
      for (const said of everySaid(listed)) {
        const scenario = { state, facts: { ...facts, proposal }, guardrails: set, listed, said, saidLater: SAID_LATER, prepare, decided };
        exploreIncident(machine, { ...scenario, label: { stateId: proposal.stateId, ranking: label, mode: world.mode } }, tally, followed);
      }
    }
  };
}

/** Every assignment of modes to the active actions of `listed` that gives them not all the same; the others are in auto, should they be reached. */
function* mixedWorlds(listed: readonly Action[]): Generator<World> {
  const active = listed.filter(isActive);
  for (let number = 0; number < MODES.length ** active.length; number += 1) {
    const modes = active.map((_, place) => MODES[Math.floor(number / MODES.length ** place) % MODES.length] ?? 'shadow');
    if (new Set(modes).size < 2) continue;
    const own = Object.fromEntries(active.map((action, place) => [action, modes[place]]));
    const label = active.map((action, place) => `${action} ${modes[place]}`).join(', ');
    yield worldWith({ ...Object.fromEntries(ACTIVE_ACTIONS.map((action) => [action, 'auto'])), ...own }, label);
  }
}

// ---- rankings ---------------------------------------------------------------------------------------------------------------

interface Ranking {
  readonly proposal: ProposalSection;
  /** What CheckSafety may look at, in this order. */
  readonly listed: readonly Action[];
  readonly label: string;
}

/**
 * Every first choice, followed by what the rules list for the state: all or some of it with a plan, in either order. What comes behind may not
 * be looked at; one more action with a plan stands there as a bait, and all of them where a person is asked at once.
 */
function rankingsFor(state: RlState): Ranking[] {
  const rules = rulesFor(state);
  return ACTIONS.flatMap((first) => {
    if (first === 'ESCALATE') return [rankingOf(state, [first], ACTIVE_ACTIONS)];
    const others = [rules.action, ...rules.alternatives].filter((action) => action !== first && action !== 'ESCALATE');
    const bait = ACTIVE_ACTIONS.filter((action) => action !== first && !others.includes(action)).slice(0, 1);
    return orders(others).map((after) => rankingOf(state, [first, ...after], bait));
  });
}

function rankingOf(state: RlState, listed: readonly Action[], behind: readonly Action[]): Ranking {
  const ranked = [...new Set<Action>([...listed, 'ESCALATE', ...behind])];
  return { listed, label: ranked.join(' > '), proposal: proposalOf({ state, plans: ranked.map((action) => REFERENCE_PLANS[action]) }) };
}

/** Every order of every part of the list, the empty one included. */
function orders(actions: readonly Action[]): Action[][] {
  return [[], ...actions.flatMap((first) => orders(actions.filter((action) => action !== first)).map((rest) => [first, ...rest]))];
}

// ---- what the guardrails come to -----------------------------------------------------------------------------------------------

const SAID_LATER: readonly Said[] = STRICTNESS.map(saidOfAll);

/** Every verdict for each action that may be looked at; what may not be is allowed, so that looking at it shows. */
function* everySaid(listed: readonly Action[]): Generator<Said> {
  const open = listed.filter((action) => action !== 'ESCALATE');
  for (let number = 0; number < STRICTNESS.length ** open.length; number += 1) {
    const verdictOf = (place: number) => STRICTNESS[Math.floor(number / STRICTNESS.length ** place) % STRICTNESS.length] ?? 'deny';
    yield { ...saidOfAll('allow'), ...Object.fromEntries(open.map((action, place) => [action, verdictOf(place)])) };
  }
}

/** The set under proof as one guardrail: what it comes to depends here on state, action and mode alone, so each is judged once. */
function judgedOnce(guardrails: GuardrailSet, state: RlState, { registration, modes }: World): Guardrail {
  const findings = referenceFindings(state);
  const judged = forAll((action) => {
    const facts = { ...referenceFacts(action), findings, registration, limits: registration.limits, mode: modes[action] };
    return ANSWERS[judgePlan(facts, guardrails).verdict];
  });
  return ({ action }) => judged[action];
}

/** The set, and whatever else guardrails might come to: facts that are worse than the reference only ever make them stricter. */
function withAnyOther(set: Guardrail): { set: GuardrailSet; prepare(said: Said): void } {
  let current = saidOfAll('deny');
  return {
    set: { 'the-set': set, 'any-other': ({ action }) => ANSWERS[current[action]] },
    prepare: (said) => {
      current = said;
    },
  };
}

const ANSWERS = Object.fromEntries(
  STRICTNESS.map((verdict) => [verdict, { verdict, value: 'any', limit: 'any', reason: `comes to ${verdict}` }]),
) as Record<Verdict, ReturnType<Guardrail>>;
