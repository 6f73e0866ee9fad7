/**
 * One incident from its proposal on, through the product's own steps and the machine's own text, with everything that people and the
 * environment might answer on the way.
 */
import { checkSafety, type SafetyFacts } from '../../functions/check-safety/check-safety.ts';
import type { Guardrail } from '../../functions/check-safety/guardrail.ts';
import { outcomeOf } from '../../functions/close-incident/close-incident.ts';
import { escalateIncident } from '../../functions/escalate-incident/escalate-incident.ts';
import { ACTIONS, type Action } from '../../functions/shared/actions.ts';
import type { Incident, Option, SafetySection } from '../../functions/shared/incident.ts';
import type { RlState } from '../../functions/shared/rl-state.ts';
import { CAPABILITIES, CAPABILITIES_OR_ERROR, decisionsOn, executionsOf, FAILED, UNDOINGS, VALIDATIONS } from './answers.ts';
import type { Machine, Step } from './machine.ts';
import type { Tally } from './tally.ts';
import { UNSAFE_ACTS, UNSAFE_CHOICES, UNSAFE_ENDINGS, unsafeIn, type Verdict } from './unsafe.ts';

export type Said = Readonly<Record<Action, Verdict>>;

export interface Scenario {
  readonly state: RlState;
  readonly facts: Omit<SafetyFacts, 'approval'>;
  readonly guardrails: Readonly<Record<string, Guardrail>>;
  /** The policy's choice and what the rules list for the state: what may be done without a person's word. */
  readonly listed: readonly Action[];
  /** What has to be said about each action when the incident is decided first; and, where a person approves, all that may be so by then. */
  readonly said: Said;
  readonly saidLater: readonly Said[];
  /** Called before each decision, so that `guardrails` can say what they are meant to. */
  prepare?(said: Said): void;
  /** The first decisions that have been followed; of scenarios that differ in `said` alone, those that are decided alike go the same ways. */
  readonly decided: Set<string>;
  /** What tells this scenario from others, for a counterexample. */
  readonly label: Readonly<Record<string, unknown>>;
}

/** `followed`: what follows an execution depends on nothing that is varied but the action and its mode; these have been followed to the end. */
export function exploreIncident(machine: Machine, scenario: Scenario, tally: Tally, followed: Set<string>): void {
  const { state, facts, listed, label, decided } = scenario;
  const { incident, evidence, findings, proposal, modes, registration, now } = facts;
  const everythingInShadow = ACTIONS.every((action) => modes[action] === 'shadow');
  // Ways are walked depth first: what was said after the last approval is what belongs to the way at hand.
  let said = scenario.said;
  const saidOn = (document: Incident) => (document.approval ? said : scenario.said);

  const steps: Readonly<Record<string, Step>> = {
    ProposeAction: () => [{ section: proposal }],
    *CheckSafety(document) {
      const { approval } = document;
      // Decided alike, an incident goes the same ways: they are followed once.
      const alike = approval ? new Set<string>() : decided;
      for (const each of approval ? scenario.saidLater : [scenario.said]) {
        said = each;
        scenario.prepare?.(each);
        const safety = checkSafety({ ...facts, approval: approval ?? null }, scenario.guardrails);
        tally.verdict(safety.verdict);
        if (!approval) judgeChoice(document, safety);
        const decision = decisionOf(safety, each);
        if (alike.has(decision)) tally.way('decided alike');
        else yield { section: safety };
        alike.add(decision);
      }
      if (!approval && !alike.has(FAILED.error)) yield FAILED;
      alike.add(FAILED.error);
    },
    CheckCapability: (document) => (document.approval ? CAPABILITIES : CAPABILITIES_OR_ERROR),
    ExecuteAction(document) {
      judgeAct(document);
      tally.way('executed');
      const { safety, approval } = document;
      const key = `${safety?.action} ${safety?.mode} ${approval?.decision}`;
      if (followed.has(key)) return [];
      followed.add(key);
      return [...executionsOf(document), FAILED];
    },
    ValidateOutcome: () => [...VALIDATIONS, FAILED],
    UndoAction: () => [...UNDOINGS, FAILED],
    UpdatePolicy: () => [{ section: {} }, FAILED],
    EscalateIncident: (document) => [{ section: escalateIncident({ document, registration, now, pass: document.approval ? 2 : 1 }) }],
    AwaitDecision(document) {
      report(unsafeIn(UNSAFE_ENDINGS, { everythingInShadow, end: null }), document);
      return decisionsOn(document);
    },
    CloseIncident: (document) => [{ section: outcomeOf(document) }],
  };

  machine.walk('ProposeAction', { incident, evidence, findings }, steps, (document, end) => {
    tally.way(end);
    report(unsafeIn(UNSAFE_ENDINGS, { everythingInShadow, end }), document);
  });

  function judgeChoice(document: Incident, safety: SafetySection): void {
    const onOffer = listed.filter((action) => action !== 'ESCALATE' && planOf(action) !== undefined);
    const choice = { said: onOffer.map((action) => scenario.said[action]), chosen: safety.action, verdict: safety.verdict };
    report(unsafeIn(UNSAFE_CHOICES, choice), { ...document, safety });
  }

  function judgeAct(document: Incident): void {
    const { safety, capability, approval = null, execution } = document;
    if (!safety) {
      report(['executed-without-safety'], document);
      return;
    }
    const { plan, planHash } = safety;
    const act = {
      state,
      plan,
      planHash,
      proposedHash: planOf(plan.action)?.planHash ?? undefined,
      mode: modes[plan.action],
      said: saidOn(document)[plan.action],
      listed,
      approval,
      capability: capability?.verdict ?? ('not asked' as const),
      actedBefore: execution !== undefined,
    };
    report(unsafeIn(UNSAFE_ACTS, act), document);
  }

  function planOf(action: Action): Option | undefined {
    return proposal.ranking.find((option) => option.action === action && option.plan !== null);
  }

  function report(unsafe: readonly string[], document: Incident): void {
    if (unsafe.length > 0) tally.found(unsafe, () => ({ ...label, said: saidOn(document), ...tellingOf(document) }));
  }
}

/** All that the ways after a decision, and the judgement on them, can depend on where state, ranking and modes are the same. */
function decisionOf({ verdict, action, passedOver }: SafetySection, said: Said): string {
  return `${verdict} ${action} ${action === 'ESCALATE' ? '' : said[action]} after ${passedOver.map((passed) => passed.action)}`;
}

/** The few words of a document that tell how it came so far. */
function tellingOf({ safety, capability, approval, execution }: Incident): Record<string, unknown> {
  return {
    safety: safety && `${safety.verdict} ${safety.action} in ${safety.mode}: ${safety.reason}`,
    capability: capability?.verdict,
    approval: approval && `${approval.decision} ${approval.action ?? ''}`.trim(),
    execution: execution?.status,
  };
}
