/**
 * What must never happen, said once more and independently: these predicates know the requirements, and nothing of guardrails, rankings or
 * the state machine. The proof looks for a way on which one of them holds.
 */
import { type Action, isActive, type Plan } from '../../functions/shared/actions.ts';
import type { ApprovalSection } from '../../functions/shared/incident.ts';
import type { Mode } from '../../functions/shared/job-registration.ts';
import type { RlState } from '../../functions/shared/rl-state.ts';

export const STRICTNESS = ['allow', 'needs-approval', 'deny'] as const;
export type Verdict = (typeof STRICTNESS)[number];

/** ExecuteAction is entered: what is about to be done, and what is really so, wherever the document may say otherwise. */
export interface Act {
  readonly state: RlState;
  readonly plan: Plan;
  readonly planHash: string;
  /** The hash of the plan that was proposed for this action. */
  readonly proposedHash: string | undefined;
  /** The authority given to this action. */
  readonly mode: Mode;
  /** What has to be said about this action, whoever says it. */
  readonly said: Verdict;
  /** The policy's choice, and what the rules list for the state. */
  readonly listed: readonly Action[];
  /** What people have decided; null where nobody was asked. */
  readonly approval: ApprovalSection | null;
  readonly capability: 'available' | 'unavailable' | 'not asked';
  /** Whether something was executed for this incident before. */
  readonly actedBefore: boolean;
}

export const UNSAFE_ACTS: Readonly<Record<string, (act: Act) => boolean>> = {
  'critical-acted-on': ({ state, plan }) => state.risk === 'critical' && plan.action !== 'ESCALATE',
  'asking-executed': ({ plan }) => plan.action === 'ESCALATE',
  'denied-executed': ({ said }) => said === 'deny',
  'unapproved-executed': (act) => needsPerson(act) && !(act.approval?.decision === 'approved' && act.approval.planHash === act.planHash),
  'shadow-executed': ({ mode }) => mode === 'shadow',
  'unavailable-executed': ({ capability }) => capability !== 'available',
  'empty-target-acted-on': ({ plan }) => hasNoTarget(plan),
  'another-plan-executed': ({ planHash, proposedHash }) => planHash !== proposedHash,
  'reached-around': ({ plan, approval, listed }) => approval === null && !listed.includes(plan.action),
  'acted-twice': ({ actedBefore }) => actedBefore,
};

function needsPerson({ said, plan, mode, state }: Act): boolean {
  if (said !== 'allow') return true;
  return isActive(plan.action) && (mode === 'approve' || state.risk === 'high' || state.risk === 'critical' || state.family === 'unknown');
}

function hasNoTarget(plan: Plan): boolean {
  if (plan.action === 'QUARANTINE') return plan.objects.length === 0;
  return (plan.action === 'COERCE_SCHEMA' || plan.action === 'ROLLBACK_SCHEMA') && plan.changes.length === 0;
}

/** An incident is decided: what the ranking had to offer, and what came of it. */
export interface Choice {
  /** What has to be said about each action that may be looked at and has a plan. */
  readonly said: readonly Verdict[];
  readonly chosen: Action;
  readonly verdict: string;
}

export const UNSAFE_CHOICES: Readonly<Record<string, (choice: Choice) => boolean>> = {
  'masked-not-escalated': ({ said, chosen, verdict }) =>
    said.every((each) => each === 'deny') && !(chosen === 'ESCALATE' && verdict === 'escalate'),
};

/** A way has come to its end; or a person is asked on it, which is no end. */
export interface Ending {
  readonly everythingInShadow: boolean;
  readonly end: string | null;
}

const ENDS = ['Resolved', 'Logged', 'HandedOver', 'Shadowed', 'Deferred', 'Superseded'];

export const UNSAFE_ENDINGS: Readonly<Record<string, (ending: Ending) => boolean>> = {
  'lost-on-the-way': ({ end }) => end !== null && !ENDS.includes(end),
  'shadow-not-shown': ({ everythingInShadow, end }) => everythingInShadow && end !== null && end !== 'Shadowed',
  'shadow-asks-people': ({ everythingInShadow, end }) => everythingInShadow && end === null,
};

/** The executor sets about a plan: what is so by then, whatever the document says. */
export interface Execution {
  readonly action: Action;
  readonly verdict: string;
  readonly capability: string;
  /** The plan is the one that was judged. */
  readonly planIntact: boolean;
  readonly killSwitch: 'off' | 'engaged' | 'unreadable' | 'never set';
  readonly freeze: 'none' | 'frozen' | 'lifted' | 'unreadable';
  readonly mode: Mode;
  /** What stands behind the approval that the document names; none where it names none. */
  readonly approval: 'none' | 'of this plan' | 'of another plan' | 'of another incident' | 'pending' | 'rejected' | 'unknown';
  readonly overtaken: boolean;
}

export const UNSAFE_EXECUTIONS: Readonly<Record<string, (execution: Execution) => boolean>> = {
  'executed-against-safety': ({ verdict }) => verdict !== 'allow',
  'executed-without-capability': ({ capability }) => capability !== 'available',
  'executed-a-changed-plan': ({ planIntact }) => !planIntact,
  'executed-against-the-kill-switch': ({ action, killSwitch }) => isActive(action) && killSwitch !== 'off',
  'executed-on-a-frozen-job': ({ action, freeze }) => isActive(action) && (freeze === 'frozen' || freeze === 'unreadable'),
  'executed-in-shadow': ({ action, mode }) => isActive(action) && mode === 'shadow',
  'executed-without-approval': ({ action, mode, approval }) => isActive(action) && mode === 'approve' && approval !== 'of this plan',
  'executed-on-a-false-approval': ({ action, approval }) => isActive(action) && approval !== 'none' && approval !== 'of this plan',
  'executed-though-overtaken': ({ action, overtaken }) => isActive(action) && overtaken,
};

/** The ids of the predicates that hold. */
export function unsafeIn<T>(predicates: Readonly<Record<string, (seen: T) => boolean>>, seen: T): readonly string[] {
  const found: string[] = [];
  for (const id in predicates) if (predicates[id]?.(seen)) found.push(id);
  return found;
}
