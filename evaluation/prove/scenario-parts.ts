/** What scenarios are put together from: worlds of one authority, proposals of given plans, verdicts for all actions. */
import type { Guardrail } from '../../functions/check-safety/guardrail.ts';
import { REFERENCE_PLANS, referenceRegistration } from '../../functions/check-safety/reference-facts.ts';
import { rulesFor } from '../../functions/propose-action/rules-policy.ts';
import { ACTIONS, ACTIVE_ACTIONS, type Action, type Plan } from '../../functions/shared/actions.ts';
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import type { Option, ProposalSection } from '../../functions/shared/incident.ts';
import { type JobRegistration, type Mode, modeOf } from '../../functions/shared/job-registration.ts';
import { type RlState, stateId } from '../../functions/shared/rl-state.ts';
import type { Said } from './explore-incident.ts';
import type { Verdict } from './unsafe.ts';

export type GuardrailSet = Readonly<Record<string, Guardrail>>;

export interface World {
  /** The mode of every active action; where they differ, each with its own. */
  readonly mode: string;
  readonly registration: JobRegistration;
  readonly modes: Readonly<Record<Action, Mode>>;
}

/** A job with this authority for all four active actions; what goes for the other two follows from it. */
export function worldIn(mode: Mode): World {
  return worldWith(Object.fromEntries(ACTIVE_ACTIONS.map((action) => [action, mode])), mode);
}

export function worldWith(modes: JobRegistration['modes'], label: string): World {
  const registration = referenceRegistration({ modes });
  return { mode: label, registration, modes: forAll((action) => modeOf(registration, action)) };
}

export function saidOfAll(verdict: Verdict): Said {
  return forAll(() => verdict);
}

export function forAll<T>(of: (action: Action) => T): Record<Action, T> {
  return Object.fromEntries(ACTIONS.map((action) => [action, of(action)])) as Record<Action, T>;
}

const WITHOUT_PLAN = forAll((action): Option => ({ ...optionOf(REFERENCE_PLANS[action]), plan: null, planHash: null }));
const REFERENCE_OPTIONS = forAll((action) => optionOf(REFERENCE_PLANS[action]));
const POLICY_HASH = canonicalHash('any policy');

/** The ranking begins with these plans, in this order; then ESCALATE, which always has a plan, and the rest without one. */
export function proposalOf({ state, plans }: { readonly state: RlState; readonly plans: readonly Plan[] }): ProposalSection {
  const rules = rulesFor(state);
  const named = plans.map((plan) => (plan === REFERENCE_PLANS[plan.action] ? REFERENCE_OPTIONS[plan.action] : optionOf(plan)));
  const escalation = named.some(({ action }) => action === 'ESCALATE') ? [] : [REFERENCE_OPTIONS.ESCALATE];
  const ranked = [...named, ...escalation];
  const action = ranked[0]?.action ?? 'ESCALATE';
  return {
    action,
    reason: 'the policy says so',
    decidedBy: 'policy',
    rulesAction: rules.action,
    rulesAlternatives: [rules.action, ...rules.alternatives].filter((each) => each !== action && each !== 'ESCALATE'),
    policyVersion: 'any',
    policyHash: POLICY_HASH,
    stateId: stateId(state),
    propensity: 1,
    ranking: [...ranked, ...ACTIONS.filter((each) => !ranked.some((option) => option.action === each)).map((each) => WITHOUT_PLAN[each])],
  };
}

function optionOf(plan: Plan): Option {
  return { action: plan.action, plan, planHash: canonicalHash(plan), reason: plan.reason, qValue: 0, visits: 0 };
}
