/** One way of an incident through the machine's own text, from its proposal to where something is done, a person is asked, or it ends. */
import { NotWeighedError } from '../../functions/check-safety/safety-decision.ts';
import { outcomeOf } from '../../functions/close-incident/close-incident.ts';
import { escalateIncident } from '../../functions/escalate-incident/escalate-incident.ts';
import { canonicalJson } from '../../functions/shared/canonical-hash.ts';
import type { ApprovalSection, CapabilitySection, Incident, ProposalSection, SafetySection } from '../../functions/shared/incident.ts';
import type { JobRegistration } from '../../functions/shared/job-registration.ts';
import type { Answer, Machine, Step } from '../prove/machine.ts';

/** Who answers on the way. Each may throw NotWeighedError: then the way ends there. */
export interface Deciders {
  readonly registration: JobRegistration | null;
  readonly now: Date;
  proposal(document: Incident): ProposalSection;
  safety(document: Incident, pass: number): SafetySection;
  capability(document: Incident, pass: number): CapabilitySection;
  /** What a person said to this question; null where nobody has said anything that is known. */
  decision(question: string): ApprovalSection | null;
}

export interface Way {
  /** In order, by step and pass: `CheckSafety#1`. */
  readonly decisions: ReadonlyMap<string, ProposalSection | SafetySection | CapabilitySection | NotWeighedError>;
  /** What people were asked; null where nobody was. */
  readonly question: string | null;
  readonly end: { readonly state: string; readonly says: string };
}

export function followWay(machine: Machine, start: Incident, deciders: Deciders): Way {
  const decisions = new Map<string, ProposalSection | SafetySection | CapabilitySection | NotWeighedError>();
  const passOf = (document: Incident) => (document.approval ? 2 : 1);
  let question: string | null = null;
  let end: Way['end'] | undefined;

  /** A decision is noted and followed; one that cannot be made is noted, and ends the way. */
  const deciding =
    <Section extends ProposalSection | SafetySection | CapabilitySection>(step: string, decide: (document: Incident) => Section): Step =>
    (document) => {
      const key = `${step}#${step === 'ProposeAction' ? 1 : passOf(document)}`;
      try {
        const section = decide(document);
        decisions.set(key, section);
        return [{ section }];
      } catch (error) {
        if (!(error instanceof NotWeighedError)) throw error;
        decisions.set(key, error);
        end = { state: 'NOT_EVALUABLE', says: error.message };
        return [];
      }
    };
  const endsWith =
    (state: string, says: (document: Incident) => string): Step =>
    (document) => {
      end = { state, says: says(document) };
      return [];
    };

  machine.walk(
    'ProposeAction',
    start,
    {
      ProposeAction: deciding('ProposeAction', (document) => deciders.proposal(document)),
      CheckSafety: deciding('CheckSafety', (document) => deciders.safety(document, passOf(document))),
      CheckCapability: deciding('CheckCapability', (document) => deciders.capability(document, passOf(document))),
      EscalateIncident: (document) => {
        const { registration, now } = deciders;
        return [{ section: escalateIncident({ document, registration, now, pass: passOf(document) }) }];
      },
      AwaitDecision(document): Answer[] {
        const { escalation } = document;
        // A second question follows an approval: what was said to the first is no answer to it.
        if (!document.approval) question = questionIn(document);
        const said = document.approval || question === null ? null : deciders.decision(question);
        if (said) return [{ section: said }];
        end = {
          state: 'AwaitDecision',
          says: `a person is asked: ${escalation?.kind}${escalation?.action ? `, ${escalation.action}` : ''}`,
        };
        return [];
      },
      ExecuteAction: endsWith('ExecuteAction', ({ safety }) => `${safety?.action} is carried out`),
      CloseIncident: endsWith('CloseIncident', (document) => {
        const { outcome, reason } = outcomeOf(document);
        return `${outcome}: ${reason}`;
      }),
    },
    (_document, state) => {
      end ??= { state, says: state };
    },
  );
  return { decisions, question, end: end ?? { state: 'NOT_EVALUABLE', says: 'the machine went nowhere' } };
}

/** Two questions are one where they are asked for the same cause and offer the same plans. */
function questionIn({ escalation }: Incident): string {
  const offered = escalation && [escalation.planHash, ...escalation.alternatives.map(({ planHash }) => planHash)];
  return canonicalJson({ kind: escalation?.kind ?? null, offered: offered ?? [] });
}
