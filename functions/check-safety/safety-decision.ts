/** CheckSafety as a decision: what it weighs besides the proposal, and what follows from it. */
import * as z from 'zod';
import { ActionSchema } from '../shared/actions.ts';
import type { Decision } from '../shared/define-decision.ts';
import type { Reading } from '../shared/define-step.ts';
import { MedicError } from '../shared/errors.ts';
import { ApprovalSectionSchema, type SafetySection, SafetySectionSchema } from '../shared/incident.ts';
import { JobRegistrationSchema, LimitsSchema, MODES } from '../shared/job-registration.ts';
import { JobFreezeSchema } from '../shared/stores/frozen-jobs.ts';
import { budgetClaimOf, withoutBudget } from './budget-claim.ts';
import { checkSafety } from './check-safety.ts';
import { CURRENT_GUARDRAILS, type GuardrailSet } from './guardrail-sets.ts';
import { deferredAt } from './storm.ts';

const count = z.number().int().nonnegative();

const SafetyWeighedSchema = z.strictObject({
  registration: JobRegistrationSchema.nullable(),
  limits: LimitsSchema,
  modes: z.record(ActionSchema, z.enum(MODES)),
  usage: z.strictObject({
    lineageRetries: count,
    jobRemediationsToday: count,
    jobDpuHoursToday: z.number().nonnegative(),
    fleetRemediationsThisHour: count,
    secondsSinceLastOfJob: z.number().nullable(),
    failedValidationsInRow: count,
  }),
  killSwitch: z.strictObject({ engaged: z.boolean(), reason: z.string() }),
  freeze: JobFreezeSchema.nullable(),
  now: z.iso.datetime(),
  approval: ApprovalSectionSchema.nullable(),
  /** Its place among the failures of its signature; null where none was asked for. */
  storm: z.strictObject({ place: count.positive(), deferred: z.boolean() }).nullable(),
  /** The budget that had no room; null itself where nothing was to be reserved. */
  budget: z.strictObject({ full: z.enum(['lineage', 'job', 'job-dpu-hours', 'fleet']).nullable() }).nullable(),
});
export type SafetyWeighed = z.infer<typeof SafetyWeighedSchema>;

type Document = Reading<'evidence' | 'findings' | 'proposal'>;

/** The decision needs an answer that was not asked for when it was weighed. */
export class NotWeighedError extends MedicError {}

/** Pure: the guardrails alone, before what other incidents do at the same time. */
export function judgeSafety(document: Document, weighed: SafetyWeighed, set: GuardrailSet = CURRENT_GUARDRAILS): SafetySection {
  const { incident, evidence, findings, proposal } = document;
  const judged = checkSafety({ incident, evidence, findings, proposal, ...weighed, now: new Date(weighed.now) }, set.guardrails);
  return { ...judged, guardrailVersion: set.version };
}

/** Nothing is done, and nobody asked: it takes no place in a storm and nothing from a budget. */
export function isOnlyShown({ mode, action }: SafetySection): boolean {
  return mode === 'shadow' || action === 'LOG_EVENT';
}

/** Pure. Throws NotWeighedError. */
export function decideSafety(document: Document, weighed: SafetyWeighed, set: GuardrailSet = CURRENT_GUARDRAILS): SafetySection {
  const judged = judgeSafety(document, weighed, set);
  if (isOnlyShown(judged)) return judged;
  if (weighed.approval === null) {
    const { place, deferred } = known(weighed.storm, 'its place among the failures of its signature');
    if (deferred) return deferredAt(place, document, judged, weighed.limits);
  }
  if (budgetClaimOf(document, judged) === null) return judged;
  const { full } = known(weighed.budget, 'room in the budgets');
  return full === null ? judged : withoutBudget(document, judged, full);
}

/** The decision by one guardrail set; `safetyDecision` is by the one that rules. */
export function safetyDecisionBy(set: GuardrailSet): Decision<'evidence' | 'findings' | 'proposal', SafetyWeighed, SafetySection> {
  return {
    name: 'CheckSafety',
    reads: ['evidence', 'findings', 'proposal'],
    section: SafetySectionSchema,
    pass: (document) => (document.approval ? 2 : 1),
    weighed: SafetyWeighedSchema,
    rules: { guardrails: set.version, rulesHash: set.rulesHash },
    decide: (document, weighed) => decideSafety(document, weighed, set),
  };
}

export const safetyDecision = safetyDecisionBy(CURRENT_GUARDRAILS);

function known<T>(answer: T | null, what: string): T {
  if (answer === null) throw new NotWeighedError('E_NOT_WEIGHED', `nobody asked for ${what}`);
  return answer;
}
