/** Composes the human task: why the machine stopped, what it would do, the exact plan and its hash, and what else could be done. */
import { ACTIVE_ACTIONS, type Action, isActive, type Plan } from '../shared/actions.ts';
import type { EscalationSection, Incident, Option } from '../shared/incident.ts';
import { type JobRegistration, modeOf } from '../shared/job-registration.ts';
import { approvalIdOf } from '../shared/stores/approvals.ts';

const DEFAULT_TIMEOUT_SECONDS = 7 * 86_400;

export interface EscalationFacts {
  readonly document: Incident;
  readonly registration: JobRegistration | null;
  readonly now: Date;
  /** 1 for the incident's first escalation, 2 for a later one. */
  readonly pass: number;
}

/** Pure. */
export function escalateIncident({ document, registration, now, pass }: EscalationFacts): EscalationSection {
  const { kind, reason } = causeOf(document);
  const offered = decidableOptions(document, kind, registration);
  const [proposed] = offered;
  const timeoutSeconds = registration?.approvalTimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  return {
    disposition: dispositionOf(document, registration),
    kind,
    reason: reason.slice(0, 1000),
    approvalId: approvalIdOf(document.incident.id, pass),
    action: proposed?.action ?? null,
    planHash: proposed?.planHash ?? null,
    alternatives: offered.slice(1).map(({ action, planHash, reason: why }) => ({ action, planHash, reason: why })),
    suggestedPatch: document.capability?.suggestedPatch ?? null,
    deadline: new Date(now.getTime() + timeoutSeconds * 1000).toISOString(),
    timeoutSeconds,
    escalatedAt: now.toISOString(),
  };
}

/** In shadow nobody is asked or told; once something was done, somebody is told in any case. */
function dispositionOf(document: Incident, registration: JobRegistration | null): EscalationSection['disposition'] {
  if (document.execution && document.execution.effects.length > 0) return 'ask';
  const mode = document.safety?.mode ?? modeOf(registration, 'ESCALATE');
  return mode === 'shadow' ? 'shadow' : 'ask';
}

function causeOf(document: Incident): Pick<EscalationSection, 'kind' | 'reason'> {
  const { error, undo, validation, execution, safety, capability, proposal } = document;
  const failure = error ? `${error.Error}: ${error.Cause ?? ''}` : '';
  const unfinished = unfinishedInverseOf(document);
  if (unfinished !== null) return { kind: 'failed-validation', reason: `CRITICAL: the inverse was not completed: ${unfinished}` };
  if (validation?.verdict === 'failed')
    return { kind: 'failed-validation', reason: `${validation.reason}; inverse: ${undo?.status ?? 'not made'}` };
  if (validation?.verdict === 'unknown') return { kind: 'unknown-outcome', reason: validation.reason };
  if (execution?.status === 'refused') return { kind: 'refused', reason: execution.reason };
  if (execution) return { kind: 'unknown-outcome', reason: failure || `the outcome of ${execution.action} is not known` };
  if (failure) return { kind: 'error', reason: failure };
  if (capability?.verdict === 'unavailable') return { kind: 'unavailable', reason: capability.reason };
  if (safety?.verdict === 'needs-approval') return { kind: 'needs-approval', reason: safety.reason };
  if (safety && safety.passedOver.length > 0) return { kind: 'unsafe', reason: safety.reason };
  return { kind: 'proposed', reason: safety?.reason ?? proposal?.reason ?? 'the workflow did not know how to go on' };
}

/** Why the inverse was not completed; null where it was, or none was due. UndoAction itself may have died of it. */
export function unfinishedInverseOf({ undo, validation, error }: Incident): string | null {
  if (undo) return undo.status === 'failed' || undo.status === 'stopped' ? undo.reason : null;
  return validation?.verdict === 'failed' && error ? `${error.Error}: ${error.Cause ?? ''}; ${validation.reason}` : null;
}

type Decidable = Option & { plan: Plan; planHash: string };

/**
 * The plans that a person may choose, the proposed one first. Nothing is offered once something was executed: a failed
 * remediation is not followed by a different one. What the environment cannot do, or the team keeps in shadow, is not offered either.
 */
function decidableOptions(document: Incident, kind: EscalationSection['kind'], registration: JobRegistration | null): Decidable[] {
  if (document.execution || kind === 'error' || !document.proposal || document.approval) return [];
  const barred = new Set<Action>(kind === 'unavailable' && document.safety ? [document.safety.action] : []);
  for (const passed of document.safety?.passedOver ?? []) barred.add(passed.action);
  for (const action of ACTIVE_ACTIONS) if (modeOf(registration, action) === 'shadow') barred.add(action);
  const options = document.proposal.ranking.flatMap((option) =>
    option.plan !== null && option.planHash !== null && isActive(option.action) && !barred.has(option.action)
      ? [{ ...option, plan: option.plan, planHash: option.planHash }]
      : [],
  );
  if (kind !== 'needs-approval') return options;
  const first = document.safety?.action;
  return options.toSorted((a, b) => Number(b.action === first) - Number(a.action === first));
}
