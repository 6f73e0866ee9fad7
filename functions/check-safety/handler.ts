/** CheckSafety: reads the proposal and, the second time, the approval; adds `safety`. Budgets are reserved here, before any INTENT. */
import { ACTIONS, type Action } from '../shared/actions.ts';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineDecision } from '../shared/define-decision.ts';
import type { Reading } from '../shared/define-step.ts';
import { type JobRegistration, LimitsSchema, type Mode, modeOf } from '../shared/job-registration.ts';
import type { Ports } from '../shared/ports.ts';
import { redact } from '../shared/redact.ts';
import { BudgetStore } from '../shared/stores/budgets.ts';
import { readJobFreeze } from '../shared/stores/frozen-jobs.ts';
import { readKillSwitch } from '../shared/stores/settings.ts';
import { joinStorm } from '../shared/stores/storms.ts';
import { weighRegistration } from '../shared/weigh-registration.ts';
import { budgetClaimOf } from './budget-claim.ts';
import { isOnlyShown, judgeSafety, type SafetyWeighed, safetyDecision } from './safety-decision.ts';
import { stormSignature } from './storm.ts';

type Document = Reading<'evidence' | 'findings' | 'proposal'>;

export const checkSafetyStep = defineDecision(safetyDecision, async (document, ports) => {
  const { id: incidentId, jobName, lineage } = document.incident;
  const registration = await weighRegistration(ports.operations, jobName);
  const [usage, { engaged, reason }, freeze] = await Promise.all([
    new BudgetStore(ports).usage({ incidentId, jobName, lineage }),
    readKillSwitch(ports.operations),
    readJobFreeze(ports.operations, jobName),
  ]);
  const weighed: SafetyWeighed = {
    registration,
    limits: registration?.limits ?? LimitsSchema.parse({}),
    modes: modesOf(registration),
    usage,
    killSwitch: { engaged, reason: redact(reason) },
    freeze,
    now: ports.clock().toISOString(),
    approval: document.approval ?? null,
    storm: null,
    budget: null,
  };
  return { ...weighed, ...(await contend(document, weighed, ports)) };
});

/** What is only known once it was taken: a place in the storm, and room in the budgets for what the guardrails allow. */
async function contend(document: Document, weighed: SafetyWeighed, ports: Ports): Promise<Pick<SafetyWeighed, 'storm' | 'budget'>> {
  const { approval, limits } = weighed;
  const judged = judgeSafety(document, weighed);
  if (isOnlyShown(judged)) return { storm: null, budget: null };
  const storm = approval ? null : await joinStorm(ports, stormSignature(document), document.incident.id, limits);
  const claim = storm?.deferred ? null : budgetClaimOf(document, judged);
  return { storm, budget: claim && { full: (await new BudgetStore(ports).reserve(claim, limits)) ?? null } };
}

function modesOf(registration: JobRegistration | null): Record<Action, Mode> {
  return Object.fromEntries(ACTIONS.map((action) => [action, modeOf(registration, action)])) as Record<Action, Mode>;
}

export const handler = checkSafetyStep(awsPorts);
