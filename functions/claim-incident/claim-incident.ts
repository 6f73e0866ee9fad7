/** Claims a failed run once, whatever announced it and how often, and says whether it is ours to handle. */

import { GUARDRAIL_VERSION } from '../check-safety/judge-plan.ts';
import { PolicyStore } from '../propose-action/policy-store.ts';
import { isNotFound } from '../shared/aws-errors.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import { quoteForMessage } from '../shared/errors.ts';
import type { IncidentSection } from '../shared/incident.ts';
import { lineageOf, REMEDIATION_ID } from '../shared/lineage.ts';
import type { Job, JobRun, Ports } from '../shared/ports.ts';
import { ActionLedger } from '../shared/stores/action-ledger.ts';
import { AuditTrail } from '../shared/stores/audit-trail.ts';
import { recordDataQualityResult } from '../shared/stores/data-quality-results.ts';
import { IncidentStore, type IncidentSummary, incidentIdOf } from '../shared/stores/incidents.ts';
import { readRegistration } from '../shared/stores/registrations.ts';
import { eventOf, parseTrigger, type Trigger } from './parse-trigger.ts';
import { withoutReservedKeys } from './reserved-keys.ts';
import { type StandDown, standDownOf } from './stand-down.ts';

/** How many recent runs are looked through for one that has overtaken this. */
const RECENT_RUNS = 50;

type RunTrigger = Extract<Trigger, { kind: 'run' }>;

export async function claimIncident(received: unknown, executionId: string, ports: Ports): Promise<IncidentSection> {
  const { event, dropped } = withoutReservedKeys(received);
  const { accountId, region } = ports.settings;
  const trigger = parseTrigger(event, { accountId, region, now: ports.clock() });
  const keyNote = dropped.length === 0 ? '' : `W_KEY_DROPPED: ${quoteForMessage(dropped.join(', '), 120)}`;
  if (trigger.kind === 'ignored') return record(ignoredSection(event, trigger, keyNote, executionId, ports), ports);
  if (trigger.dataQuality) await recordDataQualityResult(ports.operations, trigger.jobName, trigger.runId, trigger.dataQuality);
  const { run, job, recentRuns } = await readRun(trigger, ports);
  const attempt = run?.attempt ?? 0;
  const runId = run?.id ?? trigger.runId;
  const incidentId = incidentIdOf(trigger.jobName, runId, attempt);
  const announced = {
    id: incidentId,
    jobName: trigger.jobName,
    runId,
    attempt,
    runState: run?.state ?? trigger.state,
    lineage: trigger.lineage?.id ?? lineageOf(trigger.jobName, run?.arguments ?? {}),
    retryCount: trigger.lineage?.retryCount ?? 0,
    previousIncidentId: trigger.lineage?.previousIncidentId ?? null,
  };
  const standDown = run && job ? standDownOf({ run, job, recentRuns, source: trigger.source, incidentId }) : null;
  const claim = standDown?.until === 'for-now' ? null : await claimRun(announced, trigger, executionId, standDown, ports);
  const policy = await new PolicyStore(ports).active();
  const registration = await readRegistration(ports.operations, trigger.jobName);
  const registered = registration.status === 'registered';
  const disposition = claim?.disposition ?? 'stood-down';
  const notes = [
    registration.status === 'unregistered' ? 'W_JOB_UNREGISTERED: shadowed' : '',
    registration.status === 'unreadable' ? `shadowed: ${registration.reason}` : '',
    policy.fallbackReason === null ? '' : `policy: ${policy.fallbackReason}`,
  ];
  const section: IncidentSection = {
    ...announced,
    disposition,
    reason: [claim?.reason ?? standDown?.reason ?? '', ...(disposition === 'claimed' ? notes : []), keyNote]
      .filter((part) => part !== '')
      .join('; ')
      .slice(0, 500),
    opening: claim?.summary?.opening ?? 1,
    openedAt: claim?.summary?.openedAt ?? ports.clock().toISOString(),
    executionId,
    source: trigger.source,
    registered,
    policyVersion: policy.version,
    guardrailVersion: GUARDRAIL_VERSION,
  };
  await record(section, ports);
  // Closed only once it is on record: stopped in between, it is open, and will be looked at again.
  if (claim?.disposition === 'stood-down') await new IncidentStore(ports).close(incidentId, 'StoodDown', claim.reason);
  return section;
}

/** Each execution writes one entry of its own: the claim is the one step that is always run again. */
async function record(section: IncidentSection, ports: Ports): Promise<IncidentSection> {
  await new AuditTrail(ports).append(section.id, `ClaimIncident#${canonicalHash(section.executionId).slice(0, 12)}`, section);
  return section;
}

type Announced = Pick<IncidentSection, 'id' | 'jobName' | 'runId' | 'attempt' | 'lineage' | 'retryCount'>;
type Claim = Pick<IncidentSection, 'disposition' | 'reason'> & { readonly summary: IncidentSummary | undefined };

/** What has begun is finished by its own steps, which look again before they act: only a new incident stands down, and is still to be closed. */
async function claimRun(
  { id: incidentId, jobName, runId, attempt, lineage, retryCount }: Announced,
  trigger: RunTrigger,
  executionId: string,
  standDown: StandDown | null,
  ports: Ports,
): Promise<Claim> {
  const store = new IncidentStore(ports);
  const claimed = await store.claim({
    ...{ incidentId, jobName, runId, attempt, lineage, retryCount },
    owner: executionId,
    trigger: eventOf(trigger, ports.settings.accountId),
  });
  if (trigger.lineage) await store.follow(trigger.lineage.previousIncidentId, incidentId);
  const summary = await store.get(incidentId);
  if (claimed === 'duplicate') {
    // The answer to its own claim got lost, and the step is run again.
    const isOwnStandDown = summary?.owner === executionId && summary.outcome === 'StoodDown';
    return isOwnStandDown
      ? { disposition: 'stood-down', reason: summary.reason, summary }
      : { disposition: 'duplicate', reason: `handled by ${summary?.owner ?? 'another execution'}`, summary };
  }
  if (standDown === null || (await isUnderWay(incidentId, summary, ports))) {
    return { disposition: 'claimed', reason: 'a failed run that nobody else handles', summary };
  }
  return { disposition: 'stood-down', reason: standDown.reason, summary };
}

async function isUnderWay(incidentId: string, summary: IncidentSummary | undefined, ports: Ports): Promise<boolean> {
  return (summary?.approvalId ?? null) !== null || (await new ActionLedger(ports, incidentId).rows()).length > 0;
}

/** A run that Glue no longer knows is still claimed: a person has to hear of it. */
async function readRun(trigger: RunTrigger, ports: Ports): Promise<{ run: JobRun | null; job: Job | null; recentRuns: JobRun[] }> {
  try {
    const [run, job, recent] = await Promise.all([
      ports.jobRuns.getJobRun(trigger.jobName, trigger.runId),
      ports.jobRuns.getJob(trigger.jobName),
      ports.jobRuns.listJobRuns(trigger.jobName, { limit: RECENT_RUNS }),
    ]);
    return { run: trigger.source === 'lineage' ? lastAttemptAmong(recent.runs, run) : run, job, recentRuns: recent.runs };
  } catch (error) {
    if (isNotFound(error)) return { run: null, job: null, recentRuns: [] };
    throw error;
  }
}

/** What a remediation hands on is the run that it started; where Glue has retried that one, the last attempt is what failed for good. */
function lastAttemptAmong(recentRuns: readonly JobRun[], run: JobRun): JobRun {
  const remediationId = run.arguments[REMEDIATION_ID];
  const retries = recentRuns.filter(
    (other) => other.arguments[REMEDIATION_ID] === remediationId && other.startedOn > run.startedOn && other.attempt > run.attempt,
  );
  return retries.reduce((last, other) => (other.attempt > last.attempt ? other : last), run);
}

/** Nothing is lost: what is ignored is recorded, under an id of its content. */
function ignoredSection(event: unknown, trigger: { reason: string }, keyNote: string, executionId: string, ports: Ports): IncidentSection {
  return {
    id: `inc-${canonicalHash(event ?? null).slice(0, 20)}`,
    disposition: 'stood-down',
    reason: `${trigger.reason}${keyNote === '' ? '' : `; ${keyNote}`}`.slice(0, 500),
    jobName: '',
    runId: '',
    attempt: 0,
    runState: '',
    lineage: '',
    retryCount: 0,
    previousIncidentId: null,
    opening: 1,
    openedAt: ports.clock().toISOString(),
    executionId,
    source: 'event',
    registered: false,
    policyVersion: '',
    guardrailVersion: GUARDRAIL_VERSION,
  };
}
