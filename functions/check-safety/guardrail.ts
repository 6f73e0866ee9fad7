/** What a guardrail is: a pure question about one action in one incident, answered with the value seen and the limit. */
import type { Action, Plan } from '../shared/actions.ts';
import type { EvidenceSection, FindingsSection, IncidentSection, Ruling } from '../shared/incident.ts';
import type { JobRegistration, Limits, Mode } from '../shared/job-registration.ts';
import type { Usage } from '../shared/stores/budgets.ts';
import type { JobFreeze } from '../shared/stores/frozen-jobs.ts';
import type { KillSwitch } from '../shared/stores/settings.ts';

export interface GuardrailFacts {
  readonly action: Action;
  readonly plan: Plan;
  readonly mode: Mode;
  readonly incident: IncidentSection;
  readonly evidence: EvidenceSection;
  readonly findings: FindingsSection;
  readonly registration: JobRegistration | null;
  readonly limits: Limits;
  readonly usage: Usage;
  readonly killSwitch: KillSwitch;
  /** Null where the job is not frozen. */
  readonly freeze: JobFreeze | null;
  readonly now: Date;
}

export type Answer = Omit<Ruling, 'guardrail'>;
export type Guardrail = (facts: GuardrailFacts) => Answer;

const answer =
  (verdict: Ruling['verdict']) =>
  (value: unknown, limit: unknown, reason: string): Answer => ({
    verdict,
    value: String(value).slice(0, 200),
    limit: String(limit).slice(0, 200),
    reason: reason.slice(0, 500),
  });

export const allow = answer('allow');
export const needsApproval = answer('needs-approval');
export const deny = answer('deny');
export const notApplicable = (reason: string): Answer => answer('not-applicable')('-', '-', reason);
/** Recording and asking change nothing outside Glue Medic: most guardrails have nothing to say about them. */
export const PASSIVE = notApplicable('changes nothing outside Glue Medic');
