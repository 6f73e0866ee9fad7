/** All that people and the environment may answer to a step of the machine, and what an adversary might. */
import type { ApprovalSection, Incident } from '../../functions/shared/incident.ts';
import type { Answer } from './machine.ts';

export const FAILED = { error: 'Lambda.Unknown' } as const;
const SILENCE: Answer = { error: 'States.Timeout' };

export const CAPABILITIES: readonly Answer[] = (['available', 'unavailable'] as const).map((verdict) => ({
  section: { verdict, reason: `${verdict} here`, checks: [], suggestedPatch: null, delaySeconds: 0 },
}));

export const CAPABILITIES_OR_ERROR: readonly Answer[] = [...CAPABILITIES, FAILED];

export const VALIDATIONS: readonly Answer[] = [
  { verdict: 'validated', runState: 'SUCCEEDED' },
  { verdict: 'failed', runState: 'SUCCEEDED' },
  { verdict: 'failed', runState: 'FAILED' },
  { verdict: 'unknown', runState: 'UNKNOWN' },
].map((validation) => ({ section: { ...validation, reason: `${validation.verdict}: the run and its data`, waitSeconds: 1 } }));

export const UNDOINGS: readonly Answer[] = ['undone', 'nothing-to-undo', 'stopped', 'failed'].map((status) => ({
  section: { status, reason: status, effects: [] },
}));

/** `refused` before and after something was done. */
export function executionsOf({ safety }: Incident): Answer[] {
  const execution = (status: string, effects: readonly unknown[]): Answer => ({
    section: { status, reason: status, action: safety?.action, effects, waitSeconds: 1 },
  });
  const effect = { call: 'StartJobRun', target: 'orders', result: 'jr_2' };
  if (safety?.action === 'LOG_EVENT') return [execution('recorded', [])];
  return [execution('started', [effect]), execution('refused', []), execution('refused', [effect])];
}

const FOREIGN_HASH = 'f'.repeat(64);

/**
 * Every plan that was offered, approved; no; nothing at all. Where safety stopped the machine also two approvals that the approval store would not let pass: of a
 * plan that nobody has proposed, and of one that was not offered.
 */
export function* decisionsOn(document: Incident): Generator<Answer> {
  const { escalation, proposal, approval, execution, capability, error } = document;
  if (!escalation) return;
  const offered = [{ action: escalation.action, planHash: escalation.planHash }, ...escalation.alternatives];
  const decided = (decision: ApprovalSection['decision'], plan: Pick<ApprovalSection, 'action' | 'planHash'>): Answer => ({
    section: {
      approvalId: escalation.approvalId,
      decision,
      ...plan,
      decidedBy: 'ada',
      decidedAt: escalation.escalatedAt,
      reason: decision,
    },
  });
  for (const { action, planHash } of offered) if (action !== null) yield decided('approved', { action, planHash });
  yield SILENCE;
  if (approval) return;
  yield decided('rejected', { action: null, planHash: null });
  if (execution || error || capability?.verdict === 'unavailable') return;
  yield decided('approved', { action: 'RETRY', planHash: FOREIGN_HASH });
  const hidden = proposal?.ranking.find(({ plan, planHash }) => plan !== null && !offered.some((each) => each.planHash === planHash));
  if (hidden) yield decided('approved', { action: hidden.action, planHash: hidden.planHash });
}
