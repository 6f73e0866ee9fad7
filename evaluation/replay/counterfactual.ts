/**
 * What would have been decided under another policy, other guardrails or other limits, beside what was. Only recorded facts are used:
 * where the other way needs one that nobody asked for, it says NOT_EVALUABLE and ends. Nothing is executed and nothing written.
 */
import type * as z from 'zod';
import { capabilityDecision, decideCapability } from '../../functions/check-capability/capability-decision.ts';
import { CURRENT_GUARDRAILS, GUARDRAIL_SETS, type GuardrailSet } from '../../functions/check-safety/guardrail-sets.ts';
import { NotWeighedError, safetyDecision } from '../../functions/check-safety/safety-decision.ts';
import { decideProposal, type ProposalWeighed, proposalDecision } from '../../functions/propose-action/proposal-decision.ts';
import { isActive } from '../../functions/shared/actions.ts';
import { readDocument } from '../../functions/shared/define-step.ts';
import type { CapabilitySection, Incident, ProposalSection, SafetySection } from '../../functions/shared/incident.ts';
import type { Limits } from '../../functions/shared/job-registration.ts';
import type { Machine } from '../prove/machine.ts';
import { type Difference, firstDifference } from './first-difference.ts';
import { imagineSafety } from './imagine-safety.ts';
import type { RecordedDecision } from './recorded-decisions.ts';
import { type Deciders, followWay, type Way } from './way.ts';

/** What is otherwise; what is not named is as it was. */
export interface Otherwise {
  readonly policy?: ProposalWeighed['policy'];
  readonly guardrails?: GuardrailSet;
  readonly limits?: Partial<Limits>;
}

type Decided = Readonly<Record<string, unknown>> & { readonly reason: string };

export interface ComparedStep {
  readonly step: string;
  /** `same`: the same decision, though perhaps in other words. `not-reached`: only one of both ways comes by here. */
  readonly verdict: 'same' | 'parts' | 'not-reached' | 'NOT_EVALUABLE';
  /** What is decided, in short; null where the way does not come by. */
  readonly recorded: Decided | null;
  readonly would: Decided | null;
  /** The first place in which the two sections differ. */
  readonly difference: Difference | null;
}

export interface Counterfactual {
  readonly policy: string | null;
  readonly guardrails: string | null;
  readonly limits: Partial<Limits> | null;
  readonly steps: readonly ComparedStep[];
  /** The first step at which the ways part, `end` where only their ends differ; null where they are the same. */
  readonly partsAt: string | null;
  readonly ends: { readonly recorded: Way['end']; readonly would: Way['end'] };
}

/** `decisions`: of one opening, made by this code. `said`: what a person decided, where one has. */
export function counterfactual(
  machine: Machine,
  decisions: readonly RecordedDecision[],
  said: Incident['approval'],
  otherwise: Otherwise,
): Counterfactual {
  const record = new Map(decisions.map((decision) => [`${decision.step}#${decision.pass}`, decision]));
  const start = record.get('ProposeAction#1')?.document;
  if (!start?.incident) return nothingProposed(otherwise);
  const was = recordedDeciders(record, said);
  const recorded = followWay(machine, { ...start, incident: start.incident }, was);
  const would = followWay(machine, { ...start, incident: start.incident }, otherDeciders(record, was, recorded, otherwise));
  const steps = [...new Set([...recorded.decisions.keys(), ...would.decisions.keys()])].map((step) => compare(step, recorded, would));
  const endsAlike = recorded.end.state === would.end.state && recorded.end.says === would.end.says;
  return {
    ...named(otherwise),
    steps,
    partsAt: steps.find(({ verdict }) => verdict !== 'same')?.step ?? (endsAlike ? null : 'end'),
    ends: { recorded: recorded.end, would: would.end },
  };
}

type Decisions = ReadonlyMap<string, RecordedDecision>;

function recordedDeciders(record: Decisions, said: Incident['approval']): Deciders {
  const first = record.get('CheckSafety#1');
  const safety = first && safetyDecision.weighed.safeParse(first.entry.basis?.weighed).data;
  return {
    registration: safety?.registration ?? null,
    now: new Date(safety?.now ?? 0),
    proposal: () => sectionIn(record, 'ProposeAction#1', proposalDecision),
    safety: (_document, pass) => sectionIn(record, `CheckSafety#${pass}`, safetyDecision),
    capability: (_document, pass) => sectionIn(record, `CheckCapability#${pass}`, capabilityDecision),
    decision: () => said ?? null,
  };
}

function otherDeciders(record: Decisions, was: Deciders, recorded: Way, { policy, guardrails, limits }: Otherwise): Deciders {
  return {
    ...was,
    proposal(document) {
      const weighed = weighedIn(record, 'ProposeAction#1', proposalDecision);
      return decideProposal(readDocument(proposalDecision, document), policy ? { ...weighed, policy } : weighed);
    },
    safety(document, pass) {
      const step = `CheckSafety#${pass}`;
      const weighed = weighedIn(record, step, safetyDecision);
      const { document: before, entry } = required(record, step);
      const set = GUARDRAIL_SETS[entry.basis?.by['guardrails'] ?? ''] ?? CURRENT_GUARDRAILS;
      return imagineSafety(
        readDocument(safetyDecision, document),
        { document: readDocument(safetyDecision, before), weighed, set },
        { set: guardrails, limits },
      );
    },
    capability({ safety }, pass) {
      const step = `CheckCapability#${pass}`;
      const asked = record.get(step)?.document.safety;
      if (safety && safety.planHash === asked?.planHash)
        return decideCapability(safety.plan, sectionIn(record, step, capabilityDecision).checks);
      // What changes nothing in the environment asks nothing of it.
      if (safety && !isActive(safety.action)) return decideCapability(safety.plan, []);
      throw notWeighed(`the environment was asked about ${asked?.action ?? 'nothing'}, not about this plan for ${safety?.action}`);
    },
    decision: (question) => (question === recorded.question ? was.decision(question) : null),
  };
}

function compare(step: string, recorded: Way, would: Way): ComparedStep {
  const [was, is] = [recorded.decisions.get(step), would.decisions.get(step)];
  const sides = { step, recorded: was ? inShort(was) : null, would: is ? inShort(is) : null };
  if (was instanceof NotWeighedError || is instanceof NotWeighedError) return { ...sides, verdict: 'NOT_EVALUABLE', difference: null };
  if (!was || !is) return { ...sides, verdict: 'not-reached', difference: null };
  const [{ reason: _was, ...one }, { reason: _is, ...other }] = [inShort(was), inShort(is)];
  return { ...sides, verdict: firstDifference(one, other) ? 'parts' : 'same', difference: firstDifference(was, is) };
}

function inShort(decided: ProposalSection | SafetySection | CapabilitySection | NotWeighedError): Decided {
  if (decided instanceof NotWeighedError) return { verdict: 'NOT_EVALUABLE', reason: decided.message };
  if ('ranking' in decided) {
    const { action, reason } = decided;
    return { action, planHash: decided.ranking[0]?.planHash ?? null, reason };
  }
  if ('planHash' in decided) {
    const { verdict, action, planHash, mode, reason } = decided;
    return { verdict, action, planHash, mode, reason };
  }
  return { verdict: decided.verdict, reason: decided.reason };
}

function nothingProposed(otherwise: Otherwise): Counterfactual {
  const end = { state: 'NOT_EVALUABLE', says: 'no action was proposed: there is nothing that could have been decided otherwise' };
  return { ...named(otherwise), steps: [], partsAt: null, ends: { recorded: end, would: end } };
}

function named({ policy, guardrails, limits }: Otherwise): Pick<Counterfactual, 'policy' | 'guardrails' | 'limits'> {
  return { policy: policy?.version ?? null, guardrails: guardrails?.version ?? null, limits: limits ?? null };
}

function required(record: Decisions, step: string): RecordedDecision {
  const decision = record.get(step);
  if (!decision) throw notWeighed(`${step} was never decided: what it would have weighed is not recorded`);
  return decision;
}

function sectionIn<Section>(record: Decisions, step: string, { section }: { readonly section: z.ZodType<Section> }): Section {
  return readable(section, required(record, step).entry.payload, `the section of ${step}`);
}

function weighedIn<Weighed>(record: Decisions, step: string, { weighed }: { readonly weighed: z.ZodType<Weighed> }): Weighed {
  return readable(weighed, required(record, step).entry.basis?.weighed, `what ${step} weighed`);
}

function readable<T>(schema: z.ZodType<T>, recorded: unknown, what: string): T {
  const parsed = schema.safeParse(recorded);
  if (parsed.success) return parsed.data;
  throw notWeighed(
    recorded === undefined ? `${what} was not recorded` : `${what} is unreadable at ${parsed.error.issues[0]?.path.join('.')}`,
  );
}

function notWeighed(message: string): NotWeighedError {
  return new NotWeighedError('E_NOT_WEIGHED', message);
}
