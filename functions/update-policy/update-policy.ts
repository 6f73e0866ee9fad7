/** Credits the executed action with what validation measured: into the candidate, never into the version that decides. */
import { PolicyStore } from '../propose-action/policy-store.ts';
import { isActive } from '../shared/actions.ts';
import type { Reading } from '../shared/define-step.ts';
import type { LearningSection } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { rewardFor } from './reward.ts';

type Document = Reading<'findings' | 'safety' | 'execution'>;

export async function updatePolicy(document: Document, ports: Ports): Promise<LearningSection> {
  const { findings, execution, incident } = document;
  const nothing = (reason: string): LearningSection => ({
    status: 'nothing-to-learn',
    reason,
    action: execution.action,
    stateId: findings.stateId,
    reward: null,
    terms: [],
    policyVersion: null,
    qValueBefore: null,
    qValueAfter: null,
    visits: null,
  });
  if (!isActive(execution.action)) return nothing('recording and asking have fixed, published rewards: nothing is learned from them');
  const measured = rewardFor(outcomeOf(document, ports));
  if (measured === null) return nothing('the outcome is unknown, which teaches nothing');
  const update = await new PolicyStore(ports).updateCandidate(findings.stateId, execution.action, measured.reward, incident.id);
  return {
    status: update.status,
    reason:
      `${execution.action} in ${findings.stateId}: ${measured.terms.map((term) => `${term.name} ${term.value.toFixed(3)}`).join(', ')}`.slice(
        0,
        500,
      ),
    action: execution.action,
    stateId: findings.stateId,
    reward: measured.reward,
    terms: measured.terms,
    policyVersion: update.version,
    qValueBefore: update.before.q,
    qValueAfter: update.after.q,
    visits: update.after.visits,
  };
}

function outcomeOf(
  { findings, evidence, safety, execution, validation, undo, approval, escalation }: Document,
  ports: Ports,
): Parameters<typeof rewardFor>[0] {
  const failedAt = Date.parse(evidence?.run.completedOn ?? evidence?.run.startedOn ?? execution.executedAt);
  const approvedMinutes = approval && escalation ? (Date.parse(approval.decidedAt) - Date.parse(escalation.escalatedAt)) / 60_000 : 0;
  const withheld = safety.plan.action === 'QUARANTINE' && undo?.status !== 'undone' ? safety.plan.shareOfInput : 0;
  return {
    action: execution.action,
    risk: findings.state.risk,
    verdict: validation?.verdict === 'validated' || validation?.verdict === 'failed' ? validation.verdict : 'unknown',
    minutes: Math.max((ports.clock().getTime() - failedAt) / 60_000, 0),
    dpuHours: (validation?.dpuSeconds ?? 0) / 3600,
    humanMinutes: Math.max(approvedMinutes, 0),
    shareOfInputWithheld: withheld,
    undoFailed: undo?.status === 'failed' || undo?.status === 'stopped',
  };
}
