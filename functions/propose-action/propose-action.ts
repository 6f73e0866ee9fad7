/** Plans every action that the facts allow, and lets the policy rank them. */

import type { PlanningFacts } from '../execute-action/actions/action.ts';
import { ACTION_DEFINITIONS } from '../execute-action/actions/index.ts';
import { ACTIONS, type Action, type Plan } from '../shared/actions.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { Option, ProposalSection } from '../shared/incident.ts';
import type { PolicyReading } from './policy-store.ts';
import { rulesFor } from './rules-policy.ts';
import { selectAction } from './select-action.ts';

export interface ProposalFacts extends PlanningFacts {
  readonly policy: PolicyReading;
  readonly random: () => number;
}

/** Pure and deterministic, given `random`. */
export function proposeAction(facts: ProposalFacts): ProposalSection {
  const { state } = facts.findings;
  const options = new Map(ACTIONS.map((action) => [action, planOption(action, facts)]));
  const feasible = ACTIONS.filter((action) => options.get(action)?.plan !== null);
  const rules = rulesFor(state);
  const selection = selectAction({ state, qRow: facts.policy.row, rules, feasible, explorationRate: 0, random: facts.random });
  const problem = facts.policy.fallbackReason === null ? '' : ` (acting by the rules: ${facts.policy.fallbackReason})`;
  const infeasible = feasible.includes(rules.action) ? '' : `; ${options.get(rules.action)?.reason ?? ''}`;
  return {
    action: selection.action,
    reason: `${selection.reason}${infeasible}${problem}`.slice(0, 1000),
    decidedBy: selection.decidedBy,
    rulesAction: selection.rulesAction,
    // Where the learned choice is denied, what the rules would have done is looked at first.
    rulesAlternatives: [rules.action, ...rules.alternatives].filter((action) => action !== selection.action && action !== 'ESCALATE'),
    policyVersion: facts.policy.version,
    policyHash: facts.policy.hash,
    stateId: facts.findings.stateId,
    propensity: selection.propensity,
    ranking: selection.ranking.map((action) => options.get(action)).filter((option) => option !== undefined),
  };
}

function planOption(action: Action, facts: ProposalFacts): Option {
  const planned = ACTION_DEFINITIONS[action].plan(facts);
  const cell = facts.policy.row?.[action] ?? null;
  const plan: Plan | null = planned.plan;
  return {
    action,
    plan,
    planHash: plan === null ? null : canonicalHash(plan),
    reason: (planned.plan === null ? planned.reason : planned.plan.reason).slice(0, 500),
    qValue: cell?.q ?? 0,
    visits: cell?.visits ?? 0,
  };
}
