/** May it be done? Goes down the ranking until a plan comes through, a person is needed, or nothing is left but to ask. */
import type { Action } from '../shared/actions.ts';
import type { ApprovalSection, Option, ProposalSection, Ruling, SafetySection } from '../shared/incident.ts';
import type { Mode } from '../shared/job-registration.ts';
import type { Guardrail, GuardrailFacts } from './guardrail.ts';
import { GUARDRAILS } from './guardrails/index.ts';
import { GUARDRAIL_VERSION, type Judgement, judgePlan } from './judge-plan.ts';

export interface SafetyFacts extends Omit<GuardrailFacts, 'action' | 'plan' | 'mode'> {
  readonly proposal: ProposalSection;
  readonly approval: ApprovalSection | null;
  readonly modes: Readonly<Record<Action, Mode>>;
}

type Plannable = Option & { plan: NonNullable<Option['plan']>; planHash: string };

type GuardrailSet = Readonly<Record<string, Guardrail>>;

/** Pure. Another set than the product's own is for proofs and counterfactuals. */
export function checkSafety(facts: SafetyFacts, guardrails: GuardrailSet = GUARDRAILS): SafetySection {
  return facts.approval?.decision === 'approved' ? judgeApproved(facts, facts.approval, guardrails) : judgeRanking(facts, guardrails);
}

function judgeRanking(facts: SafetyFacts, guardrails: GuardrailSet): SafetySection {
  const [first, ...others] = plannable(facts.proposal);
  // After a deny only what the rules list for this state is looked at: the ranking must not reach around a guardrail.
  const candidates = first ? [first, ...others.filter((option) => facts.proposal.rulesAlternatives.includes(option.action))] : [];
  const passedOver: SafetySection['passedOver'] = [];
  for (const option of candidates) {
    if (option.action === 'ESCALATE') break;
    const judgement = judge(facts, option, guardrails);
    if (judgement.verdict !== 'deny') return section(facts, option, judgement.verdict, judgement.rulings, passedOver, reasonOf(judgement));
    passedOver.push(passOver(option, judgement));
  }
  return escalate(
    facts,
    guardrails,
    passedOver,
    passedOver.length > 0 ? `denied: ${passedOver.map((each) => each.reason).join('; ')}` : facts.proposal.reason,
  );
}

/** An approval turns needs-approval, and nothing else, into allow, for exactly the plan that was shown. */
function judgeApproved(facts: SafetyFacts, approval: ApprovalSection, guardrails: GuardrailSet): SafetySection {
  const option = plannable(facts.proposal).find((each) => each.planHash === approval.planHash && each.action === approval.action);
  if (!option) return escalate(facts, guardrails, [], 'E_PLAN_CHANGED: the approved plan is none of the plans of this incident');
  if (option.action === 'ESCALATE') return escalate(facts, guardrails, [], 'approved was that a person is asked, which has been done');
  const judgement = judge(facts, option, guardrails);
  if (judgement.verdict === 'deny')
    return escalate(facts, guardrails, [passOver(option, judgement)], `approved, but denied: ${reasonOf(judgement)}`);
  return section(
    facts,
    option,
    'allow',
    judgement.rulings,
    [],
    `approved by ${approval.decidedBy}: ${approval.reason || 'no reason given'}`,
  );
}

function judge(facts: SafetyFacts, option: Plannable, guardrails: GuardrailSet): Judgement {
  return judgePlan({ ...facts, action: option.action, plan: option.plan, mode: facts.modes[option.action] }, guardrails);
}

function escalate(facts: SafetyFacts, guardrails: GuardrailSet, passedOver: SafetySection['passedOver'], reason: string): SafetySection {
  const option = escalationIn(facts.proposal);
  const { rulings } = judge(facts, option, guardrails);
  return section(facts, option, 'escalate', rulings, passedOver, reason);
}

/** What is left where nothing else may be done: ProposeAction always plans it. */
export function escalationIn(proposal: ProposalSection): Plannable {
  const option = plannable(proposal).find((each) => each.action === 'ESCALATE');
  if (!option) throw new TypeError('a ranking without a plan for ESCALATE: ProposeAction always adds one');
  return option;
}

function section(
  facts: SafetyFacts,
  option: Plannable,
  verdict: SafetySection['verdict'],
  rulings: Ruling[],
  passedOver: SafetySection['passedOver'],
  reason: string,
): SafetySection {
  return {
    verdict,
    action: option.action,
    plan: option.plan,
    planHash: option.planHash,
    mode: facts.modes[option.action],
    reason: reason.slice(0, 1000),
    rulings,
    passedOver,
    guardrailVersion: GUARDRAIL_VERSION,
    approvalId: facts.approval?.approvalId ?? null,
  };
}

function plannable(proposal: ProposalSection): Plannable[] {
  return proposal.ranking.flatMap((option) =>
    option.plan !== null && option.planHash !== null ? [{ ...option, plan: option.plan, planHash: option.planHash }] : [],
  );
}

function passOver(option: Plannable, judgement: Judgement): SafetySection['passedOver'][number] {
  const denied = judgement.rulings.filter((ruling) => ruling.verdict === 'deny');
  return {
    action: option.action,
    verdict: judgement.verdict,
    guardrails: denied.map((ruling) => ruling.guardrail),
    reason: reasonOf(judgement),
  };
}

function reasonOf(judgement: Judgement): string {
  const decisive = judgement.rulings.filter((ruling) => ruling.verdict === judgement.verdict);
  if (judgement.verdict === 'allow') return `all ${decisive.length} guardrails that apply allow it`;
  return decisive
    .map((ruling) => `${ruling.guardrail}: ${ruling.reason} (${ruling.value}, limit ${ruling.limit})`)
    .join('; ')
    .slice(0, 500);
}
