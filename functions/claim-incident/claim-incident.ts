/** Claims a failed run once, whatever announced it and how often, and says whether it is ours to handle. */

import { GUARDRAIL_VERSION } from '../check-safety/judge-plan.ts';
import { PolicyStore } from '../propose-action/policy-store.ts';
import { isNotFound } from '../shared/aws-errors.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { IncidentSection } from '../shared/incident.ts';
import { lineageOf } from '../shared/lineage.ts';
import type { Job, JobRun, Ports } from '../shared/ports.ts';
import { ActionLedger } from '../shared/stores/action-ledger.ts';
import { recordDataQualityResult } from '../shared/stores/data-quality-results.ts';
import { IncidentStore, type IncidentSummary, incidentIdOf } from '../shared/stores/incidents.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { eventOf, parseTrigger, type Trigger } from './parse-trigger.ts';
import { type StandDown, standDownOf } from './stand-down.ts';

/** How many recent runs are looked through for one that has overtaken this. */
const RECENT_RUNS = 50;

type RunTrigger = Extract<Trigger, { kind: 'run' }>;

export async function claimIncident(event: unknown, executionId: string, ports: Ports): Promise<IncidentSection> {
  const { accountId, region } = ports.settings;
  const trigger = parseTrigger(event, { accountId, region, now: ports.clock() });
  if (trigger.kind === 'ignored') return ignoredSection(event, trigger, executionId, ports);
  if (trigger.dataQuality) await recordDataQualityResult(ports.operations, trigger.jobName, trigger.runId, trigger.dataQuality);
  const { run, job, recentRuns } = await readRun(trigger, ports);
  const attempt = run?.attempt ?? 0;
  const incidentId = incidentIdOf(trigger.jobName, trigger.runId, attempt);
  const announced = {
    id: incidentId,
    jobName: trigger.jobName,
    runId: trigger.runId,
    attempt,
    runState: run?.state ?? trigger.state,
    lineage: trigger.lineage?.id ?? lineageOf(trigger.jobName, run?.arguments ?? {}),
    retryCount: trigger.lineage?.retryCount ?? 0,
    previousIncidentId: trigger.lineage?.previousIncidentId ?? null,
  };
  const standDown = run && job ? standDownOf({ run, job, recentRuns, source: trigger.source, incidentId }) : null;
  const claim = standDown?.until === 'for-now' ? null : await claimRun(announced, trigger, executionId, standDown, ports);
  const policy = await new PolicyStore(ports).active();
  const registered = (await registrationOf(ports.operations, trigger.jobName)) !== null;
  const disposition = claim?.disposition ?? 'stood-down';
  const notes = [
    registered ? '' : 'W_JOB_UNREGISTERED: shadowed',
    policy.fallbackReason === null ? '' : `policy: ${policy.fallbackReason}`,
  ];
  return {
    ...announced,
    disposition,
    reason: [claim?.reason ?? standDown?.reason ?? '', ...(disposition === 'claimed' ? notes : [])]
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
}

type Announced = Pick<IncidentSection, 'id' | 'jobName' | 'runId' | 'attempt' | 'lineage' | 'retryCount'>;
type Claim = Pick<IncidentSection, 'disposition' | 'reason'> & { readonly summary: IncidentSummary | undefined };

/** What has begun is finished by its own steps, which look again before they act: only a new incident stands down. */
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
  await store.close(incidentId, 'StoodDown', standDown.reason);
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
    return { run, job, recentRuns: recent.runs };
  } catch (error) {
    if (isNotFound(error)) return { run: null, job: null, recentRuns: [] };
    throw error;
  }
}

/** Nothing is lost: what is ignored is recorded, under an id of its content. */
function ignoredSection(event: unknown, trigger: { reason: string }, executionId: string, ports: Ports): IncidentSection {
  return {
    id: `inc-${canonicalHash(event ?? null).slice(0, 20)}`,
    disposition: 'stood-down',
    reason: trigger.reason.slice(0, 500),
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
