/**
 * Every state × every ranking that matters × every mode × everything that guardrails may come to, each followed through the machine with every
 * answer of environment and people.
 */
import type { Guardrail } from '../../functions/check-safety/guardrail.ts';
import { judgePlan } from '../../functions/check-safety/judge-plan.ts';
import {
  REFERENCE_EVIDENCE,
  REFERENCE_INCIDENT,
  REFERENCE_PLANS,
  REFERENCE_TIME,
  referenceFacts,
  referenceFindings,
  referenceRegistration,
} from '../../functions/check-safety/reference-facts.ts';
import { type RulesDecision, rulesFor } from '../../functions/propose-action/rules-policy.ts';
import { ACTIONS, ACTIVE_ACTIONS, type Action } from '../../functions/shared/actions.ts';
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import type { Option, ProposalSection } from '../../functions/shared/incident.ts';
import { type JobRegistration, MODES, type Mode, modeOf } from '../../functions/shared/job-registration.ts';
import { allStates, type RlState, stateId } from '../../functions/shared/rl-state.ts';
import { exploreIncident, type Said } from './explore-incident.ts';
import type { Machine } from './machine.ts';
import type { Tally } from './tally.ts';
import type { Verdict } from './unsafe.ts';

export type GuardrailSet = Readonly<Record<string, Guardrail>>;
const VERDICTS: readonly Verdict[] = ['allow', 'needs-approval', 'deny'];

/** Returns how many states there were. */
export function proveDecisions(machine: Machine, guardrails: GuardrailSet, tally: Tally): number {
  const followed = new Set<string>();
  const worlds = MODES.map(worldIn);
  let states = 0;
  for (const state of allStates()) {
    states += 1;
    const findings = referenceFindings(state);
    const rankings = rankingsFor(state);
    for (const { mode, registration, modes } of worlds) {
      const { set, prepare } = withAnyOther(judgedOnce(guardrails, state, registration, modes));
      for (const { proposal, listed, label } of rankings) {
        const decided = new Set<string>();
        for (const said of everySaid(listed)) {
          exploreIncident(
            machine,
            {
              state,
              facts: {
                ...BASE,
                findings,
                proposal,
                registration,
                limits: registration.limits,
                modes,
              },
              guardrails: set,
              listed,
              said,
              saidLater: SAID_OF_ALL,
              prepare,
              decided,
              label: { stateId: proposal.stateId, mode, ranking: label },
            },
            tally,
            followed,
          );
        }
      }
    }
  }
  return states;
}

const { usage, killSwitch } = referenceFacts('RETRY');
const BASE = { incident: REFERENCE_INCIDENT, evidence: REFERENCE_EVIDENCE, usage, killSwitch, now: new Date(REFERENCE_TIME) };

interface World {
  readonly mode: Mode;
  readonly registration: JobRegistration;
  readonly modes: Readonly<Record<Action, Mode>>;
}

/** A job with this authority for all four active actions; what goes for the other two follows from it. */
function worldIn(mode: Mode): World {
  const registration = referenceRegistration({ modes: Object.fromEntries(ACTIVE_ACTIONS.map((action) => [action, mode])) });
  return {
    mode,
    registration,
    modes: Object.fromEntries(ACTIONS.map((action) => [action, modeOf(registration, action)])) as World['modes'],
  };
}

// ---- rankings ---------------------------------------------------------------------------------------------------------------

interface Ranking {
  readonly proposal: ProposalSection;
  /** What CheckSafety may look at, in this order. */
  readonly listed: readonly Action[];
  readonly label: string;
}

const OPTIONS = Object.fromEntries(ACTIONS.map((action) => [action, optionOf(action)])) as Readonly<Record<Action, Option>>;

function optionOf(action: Action): Option {
  const plan = REFERENCE_PLANS[action];
  return { action, plan, planHash: canonicalHash(plan), reason: plan.reason, qValue: 0, visits: 0 };
}

/**
 * Every first choice, followed by what the rules list for the state: all or some of it with a plan, in either order. What comes behind is not
 * looked at; one more action with a plan stands there as a bait, all of them where a person is asked at once.
 */
function rankingsFor(state: RlState): Ranking[] {
  const rules = rulesFor(state);
  return ACTIONS.flatMap((first) => {
    const others = [...new Set([rules.action, ...rules.alternatives])].filter((action) => action !== first && action !== 'ESCALATE');
    return first === 'ESCALATE'
      ? [rankingOf(state, rules, first, [], [...ACTIVE_ACTIONS])]
      : orders(others).map((after) => rankingOf(state, rules, first, after, bait(first, others)));
  });
}

function bait(first: Action, others: readonly Action[]): Action[] {
  return ACTIVE_ACTIONS.filter((action) => action !== first && !others.includes(action)).slice(0, 1);
}

function rankingOf(state: RlState, rules: RulesDecision, first: Action, after: readonly Action[], behind: readonly Action[]): Ranking {
  const ranked = [...new Set<Action>([first, ...after, 'ESCALATE', ...behind])];
  const without = ACTIONS.filter((action) => !ranked.includes(action)).map((action) => ({
    ...OPTIONS[action],
    plan: null,
    planHash: null,
  }));
  return {
    listed: [first, ...after],
    label: ranked.join(' > '),
    proposal: {
      action: first,
      reason: 'the policy says so',
      decidedBy: 'policy',
      rulesAction: rules.action,
      rulesAlternatives: [rules.action, ...rules.alternatives].filter((action) => action !== first && action !== 'ESCALATE'),
      policyVersion: 'any',
      policyHash: canonicalHash('any'),
      stateId: stateId(state),
      propensity: 1,
      ranking: [...ranked.map((action) => OPTIONS[action]), ...without],
    },
  };
}

/** Every order of every part of the list, none of it included. */
function orders(actions: readonly Action[]): Action[][] {
  return [[], ...actions.flatMap((first) => orders(actions.filter((action) => action !== first)).map((rest) => [first, ...rest]))];
}

// ---- what the guardrails come to -----------------------------------------------------------------------------------------------

const saidOfAll = (verdict: Verdict) => Object.fromEntries(ACTIONS.map((action) => [action, verdict])) as Record<Action, Verdict>;
const SAID_OF_ALL: readonly Said[] = VERDICTS.map(saidOfAll);

/** Every verdict for each action that may be looked at; what may not be is allowed, so that looking at it shows. */
function* everySaid(listed: readonly Action[]): Generator<Said> {
  const open = listed.filter((action) => action !== 'ESCALATE');
  for (let number = 0; number < VERDICTS.length ** open.length; number += 1) {
    const said = saidOfAll('allow');
    open.forEach((action, place) => {
      said[action] = VERDICTS[Math.floor(number / VERDICTS.length ** place) % VERDICTS.length] ?? 'deny';
    });
    yield said;
  }
}

/** The set under proof as one guardrail: what it comes to depends here on state, action and mode alone, so each is judged once. */
function judgedOnce(guardrails: GuardrailSet, state: RlState, registration: JobRegistration, modes: World['modes']): Guardrail {
  const findings = referenceFindings(state);
  const judged = Object.fromEntries(
    ACTIONS.map((action) => {
      const facts = { ...referenceFacts(action), findings, registration, limits: registration.limits, mode: modes[action] };
      return [action, answer(judgePlan(facts, guardrails).verdict)];
    }),
  ) as Record<Action, ReturnType<Guardrail>>;
  return ({ action }) => judged[action];
}

/** The set, and whatever else guardrails might come to: facts that are worse than the reference only ever make them stricter. */
function withAnyOther(set: Guardrail): { set: GuardrailSet; prepare(said: Said): void } {
  let script = saidOfAll('deny') as Said;
  return {
    set: { 'the-set': set, 'any-other': ({ action }) => ANSWERS[script[action]] },
    prepare: (said) => {
      script = said;
    },
  };
}

const ANSWERS = Object.fromEntries(VERDICTS.map((verdict) => [verdict, answer(verdict)])) as Record<Verdict, ReturnType<Guardrail>>;

function answer(verdict: Verdict): ReturnType<Guardrail> {
  return { verdict, value: 'any', limit: 'any', reason: `comes to ${verdict}` };
}
