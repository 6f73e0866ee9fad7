/** CheckSafety: reads the proposal and, the second time, the approval; adds `safety`. Budgets are reserved here, before any INTENT. */
import { ACTIONS, type Action } from '../shared/actions.ts';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep, type Reading } from '../shared/define-step.ts';
import { type SafetySection, SafetySectionSchema } from '../shared/incident.ts';
import { type JobRegistration, LimitsSchema, type Mode, modeOf } from '../shared/job-registration.ts';
import type { Ports } from '../shared/ports.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { readKillSwitch } from '../shared/stores/settings.ts';
import { checkSafety } from './check-safety.ts';
import { reserveBudget } from './reserve-budget.ts';
import { deferInStormOf } from './storm.ts';

type Document = Reading<'evidence' | 'findings' | 'proposal'>;

export const checkSafetyStep = defineStep({
  name: 'CheckSafety',
  reads: ['evidence', 'findings', 'proposal'],
  section: SafetySectionSchema,
  pass: (document) => (document.approval ? 2 : 1),
  run: decide,
});

async function decide(document: Document, ports: Ports): Promise<SafetySection> {
  const registration = await registrationOf(ports.operations, document.incident.jobName);
  const { id: incidentId, jobName, lineage } = document.incident;
  const [usage, killSwitch] = await Promise.all([
    new BudgetStore(ports).usage({ incidentId, jobName, lineage }),
    readKillSwitch(ports.operations),
  ]);
  const limits = registration?.limits ?? LimitsSchema.parse({});
  const safety = checkSafety({
    incident: document.incident,
    evidence: document.evidence,
    findings: document.findings,
    proposal: document.proposal,
    approval: document.approval ?? null,
    registration,
    limits,
    usage,
    killSwitch,
    now: ports.clock(),
    modes: modesOf(registration),
  });
  if (safety.mode === 'shadow' || safety.action === 'LOG_EVENT') return safety;
  const deferred = await deferInStormOf(document, safety, limits, ports);
  return deferred ?? reserveBudget(document, safety, limits, ports);
}

function modesOf(registration: JobRegistration | null): Record<Action, Mode> {
  return Object.fromEntries(ACTIONS.map((action) => [action, modeOf(registration, action)])) as Record<Action, Mode>;
}

export const handler = checkSafetyStep(awsPorts);
