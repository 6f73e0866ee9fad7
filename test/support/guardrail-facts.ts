/** Facts about a RETRY that every guardrail allows. */
import type { GuardrailFacts } from '../../functions/check-safety/guardrail.ts';
import type { Usage } from '../../functions/shared/stores/budgets.ts';
import { NOW } from './memory-ports.ts';
import { anIncident, aRegistration, someEvidence, someFindings, somePlans } from './sample-incident.ts';

export const noUsage: Usage = {
  lineageRetries: 0,
  jobRemediationsToday: 0,
  jobDpuHoursToday: 0,
  fleetRemediationsThisHour: 0,
  secondsSinceLastOfJob: null,
  failedValidationsInRow: 0,
};

export function guardrailFacts(changes: Partial<GuardrailFacts> = {}): GuardrailFacts {
  const registration = aRegistration();
  return {
    action: 'RETRY',
    plan: somePlans.RETRY,
    mode: 'auto',
    incident: anIncident(),
    evidence: someEvidence(),
    findings: someFindings(),
    registration,
    limits: registration.limits,
    usage: noUsage,
    killSwitch: { engaged: false, reason: 'not engaged' },
    freeze: null,
    now: NOW,
    ...changes,
  };
}
