/** Claims a failed run once, whatever announced it and how often, and says whether it is ours to handle. */

import { GUARDRAIL_VERSION } from '../check-safety/judge-plan.ts';
import { PolicyStore } from '../propose-action/policy-store.ts';
import { isNotFound } from '../shared/aws-errors.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { IncidentSection } from '../shared/incident.ts';
import { lineageOf } from '../shared/lineage.ts';
import type { Job, JobRun, Ports } from '../shared/ports.ts';
import { recordDataQualityResult } from '../shared/stores/data-quality-results.ts';
import { IncidentStore, incidentIdOf } from '../shared/stores/incidents.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { parseTrigger, type Trigger } from './parse-trigger.ts';
import { standDownReason } from './stand-down.ts';

/** How many recent runs are looked through for one that has overtaken this. */
const RECENT_RUNS = 50;

type RunTrigger = Extract<Trigger, { kind: 'run' }>;

export async function claimIncident(event: unknown, executionId: string, ports: Ports): Promise<IncidentSection> {
  const trigger = parseTrigger(event, { accountId: ports.settings.accountId, now: ports.clock() });
  if (trigger.kind === 'ignored') return ignoredSection(event, trigger, executionId, ports);
  if (trigger.dataQuality) await recordDataQualityResult(ports.operations, trigger.jobName, trigger.runId, trigger.dataQuality);
  const { run, job, recentRuns } = await readRun(trigger, ports);
  const attempt = run?.attempt ?? 0;
  const incidentId = incidentIdOf(trigger.jobName, trigger.runId, attempt);
  const store = new IncidentStore(ports);
  const lineage = trigger.lineage?.id ?? lineageOf(trigger.jobName, run?.arguments ?? {});
  const retryCount = trigger.lineage?.retryCount ?? 0;
  const { jobName, runId } = trigger;
  const claim = await store.claim({
    incidentId,
    jobName,
    runId,
    attempt,
    lineage,
    retryCount,
    owner: executionId,
    trigger: recordOf(event),
  });
  const summary = await store.get(incidentId);
  const standDown =
    claim === 'claimed' && run && job ? standDownReason({ run, job, recentRuns, source: trigger.source, incidentId }) : null;
  if (standDown !== null) await store.close(incidentId, 'StoodDown', standDown);
  const policy = await new PolicyStore(ports).active();
  return {
    id: incidentId,
    disposition: claim === 'duplicate' ? 'duplicate' : standDown === null ? 'claimed' : 'stood-down',
    reason:
      claim === 'duplicate'
        ? `handled by ${summary?.owner ?? 'another execution'}`
        : (
            standDown ??
            `a failed run that nobody else handles${policy.fallbackReason === null ? '' : `; policy: ${policy.fallbackReason}`}`
          ).slice(0, 500),
    jobName,
    runId,
    attempt,
    runState: run?.state ?? trigger.state,
    lineage,
    retryCount,
    previousIncidentId: trigger.lineage?.previousIncidentId ?? null,
    opening: summary?.opening ?? 1,
    openedAt: summary?.openedAt ?? ports.clock().toISOString(),
    executionId,
    source: trigger.source,
    registered: (await registrationOf(ports.operations, trigger.jobName)) !== null,
    policyVersion: policy.version,
    guardrailVersion: GUARDRAIL_VERSION,
  };
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

function recordOf(event: unknown): Record<string, unknown> {
  return event !== null && typeof event === 'object' && !Array.isArray(event) ? { ...event } : {};
}
