/**
 * Value lost to missing capability: what safety would have let happen, and the environment could not do. It tells a team which integration to
 * build next. Pure: from the audit trails of closed incidents and the published reward terms alone.
 */
import { type Action, isActive, type Plan } from '../../functions/shared/actions.ts';
import type { Incident } from '../../functions/shared/incident.ts';
import { documentOf } from '../../functions/shared/incident-report.ts';
import type { AuditEntry } from '../../functions/shared/stores/audit-trail.ts';
import { ESCALATE_REWARD, REWARD_TERMS, rewardFor } from '../../functions/update-policy/reward.ts';

export interface Assumptions {
  /** What an incident that is handed over takes of a person: by default where the published term for human minutes stops. */
  readonly handedOverMinutes: number;
  /** What approving the action would have taken, where that was all that was missing. */
  readonly approvalMinutes: number;
}

export const ASSUMPTIONS: Assumptions = { handedOverMinutes: REWARD_TERMS.humanMinutes.per, approvalMinutes: 5 };

/** One incident in which an action was lost. */
export interface Loss {
  readonly incidentId: string;
  readonly job: string;
  readonly action: Action;
  /** In shadow nothing would have been done in any case: it shows what would be lost with authority. */
  readonly side: 'live' | 'shadow';
  readonly missing: readonly { readonly capability: string; readonly remedy: string | null }[];
  readonly humanMinutes: number;
  readonly reward: number;
}

export interface Side {
  readonly incidents: number;
  /** Of these, those in which nothing else was missing. */
  readonly alone: number;
  /** Incidents by the action that was lost. */
  readonly actions: Readonly<Partial<Record<Action, number>>>;
  /** Where several capabilities were missing, what was lost is shared equally between them. */
  readonly humanMinutes: number;
  readonly reward: number;
}

export interface CapabilityRow {
  readonly capability: string;
  readonly live: Side;
  readonly shadow: Side;
  /** What would make it available, most frequent first. */
  readonly remedies: readonly string[];
  readonly jobs: readonly string[];
}

export interface CapabilityReport {
  readonly closedIncidents: number;
  /** Of these, those in which an action was lost. */
  readonly incidents: number;
  readonly assumptions: readonly string[];
  /** By value, most first: reward on both sides, then minutes. */
  readonly rows: readonly CapabilityRow[];
  readonly total: { readonly live: Side; readonly shadow: Side };
}

const MOST_REMEDIES = 3;

export function capabilityReport(trails: readonly (readonly AuditEntry[])[], assumptions: Assumptions = ASSUMPTIONS): CapabilityReport {
  const closed = trails.filter((entries) => documentOf(entries).closure !== undefined);
  const losses = closed.map((entries) => lossIn(entries, assumptions)).filter((loss) => loss !== null);
  const capabilities = [...new Set(losses.flatMap(({ missing }) => missing.map(({ capability }) => capability)))];
  const rows = capabilities.map((capability) => rowOf(capability, losses));
  return {
    closedIncidents: closed.length,
    incidents: losses.length,
    assumptions: told(assumptions),
    rows: rows.toSorted((a, b) => rewardOf(b) - rewardOf(a) || minutesOf(b) - minutesOf(a) || (a.capability < b.capability ? -1 : 1)),
    total: { live: sideOf(ofSide(losses, 'live'), () => 1), shadow: sideOf(ofSide(losses, 'shadow'), () => 1) },
  };
}

/** What the incident has lost the first time that the environment said no to what safety had let through; null where it never did. */
export function lossIn(entries: readonly AuditEntry[], assumptions: Assumptions = ASSUMPTIONS): Loss | null {
  const whole = documentOf(entries);
  const suffix = (whole.incident?.opening ?? 1) > 1 ? `@${whole.incident?.opening}#` : '#';
  for (const [index, { stepKey }] of entries.entries()) {
    if (!stepKey.startsWith(`CheckCapability${suffix}`)) continue;
    const then = documentOf(entries.slice(0, index + 1));
    const { incident, safety, capability } = then;
    if (!incident || !safety || capability?.verdict !== 'unavailable' || !isActive(safety.action)) continue;
    const asks = safety.verdict === 'needs-approval';
    const missing = capability.checks.filter(({ verdict }) => verdict === 'unavailable');
    if (missing.length === 0) continue;
    return {
      incidentId: incident.id,
      job: incident.jobName,
      action: safety.action,
      side: safety.mode === 'shadow' ? 'shadow' : 'live',
      missing: missing.map(({ capability: id, remedy }) => ({ capability: id, remedy })),
      humanMinutes: Math.max(assumptions.handedOverMinutes - (asks ? assumptions.approvalMinutes : 0), 0),
      reward: rewardLost(then, safety.plan, asks ? assumptions.approvalMinutes : 0, whole.learning?.reward ?? ESCALATE_REWARD),
    };
  }
  return null;
}

/** What the action would have been worth, had it helped, over what came of the incident without it. */
function rewardLost({ findings, evidence }: Partial<Incident>, plan: Plan, humanMinutes: number, without: number): number {
  if (!('rerun' in plan)) return 0;
  const outcome = rewardFor({
    action: plan.action,
    risk: findings?.state.risk ?? 'low',
    verdict: 'validated',
    minutes: (plan.delaySeconds + (evidence?.job.medianRunSeconds ?? 0)) / 60,
    dpuHours: plan.rerun.estimatedDpuHours,
    humanMinutes,
    shareOfInputWithheld: plan.action === 'QUARANTINE' ? plan.shareOfInput : 0,
    undoFailed: false,
  });
  return Math.max((outcome?.reward ?? without) - without, 0);
}

function rowOf(capability: string, losses: readonly Loss[]): CapabilityRow {
  const own = losses.filter(({ missing }) => missing.some((each) => each.capability === capability));
  const remedies = own.flatMap(({ missing }) => missing.filter((each) => each.capability === capability).map(({ remedy }) => remedy));
  const counted = Map.groupBy(
    remedies.filter((remedy) => remedy !== null),
    (remedy) => remedy,
  );
  const share = ({ missing }: Loss) => 1 / missing.length;
  return {
    capability,
    live: sideOf(ofSide(own, 'live'), share),
    shadow: sideOf(ofSide(own, 'shadow'), share),
    remedies: [...counted]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .slice(0, MOST_REMEDIES)
      .map(([remedy]) => remedy),
    jobs: [...new Set(own.map(({ job }) => job))].toSorted(),
  };
}

function ofSide(losses: readonly Loss[], side: Loss['side']): Loss[] {
  return losses.filter((loss) => loss.side === side);
}

function sideOf(losses: readonly Loss[], share: (loss: Loss) => number): Side {
  const actions = Map.groupBy(losses, ({ action }) => action);
  return {
    incidents: losses.length,
    alone: losses.filter(({ missing }) => missing.length === 1).length,
    actions: Object.fromEntries([...actions].map(([action, of]) => [action, of.length])),
    humanMinutes: rounded(losses.reduce((sum, loss) => sum + loss.humanMinutes * share(loss), 0)),
    reward: rounded(losses.reduce((sum, loss) => sum + loss.reward * share(loss), 0)),
  };
}

const rewardOf = ({ live, shadow }: CapabilityRow) => live.reward + shadow.reward;
const minutesOf = ({ live, shadow }: CapabilityRow) => live.humanMinutes + shadow.humanMinutes;
const rounded = (value: number) => Math.round(value * 1000) / 1000;

function told({ handedOverMinutes, approvalMinutes }: Assumptions): string[] {
  return [
    'the action would have helped: its reward is that of a validated fix, less the published terms for time, DPU-hours and input withheld',
    `without it the incident was worth ${ESCALATE_REWARD}, the published reward of escalating, unless something else was validated`,
    `an incident that is handed over takes ${handedOverMinutes} minutes of a person, an approval ${approvalMinutes}`,
    'where several capabilities were missing, what was lost is shared equally between them',
  ];
}
