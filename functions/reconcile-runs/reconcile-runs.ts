/**
 * Glue's events are best effort, so a schedule looks for what they missed: failed runs that nobody claimed, failed reruns whose
 * hand-over got lost, decisions that were not delivered, storms that have been decided.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { HANDED_OVER, RECONCILED } from '../claim-incident/parse-trigger.ts';
import { deliverDecision } from '../decide-approval/deliver-decision.ts';
import { isServiceError } from '../shared/aws-errors.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import { REMEDIATION_ID } from '../shared/lineage.ts';
import type { JobRun, Ports } from '../shared/ports.ts';
import { ApprovalStore } from '../shared/stores/approvals.ts';
import { modify, read } from '../shared/stores/compare-and-set.ts';
import { IncidentStore, incidentIdOf } from '../shared/stores/incidents.ts';
import { listRegistrations } from '../shared/stores/registrations.ts';
import { listStorms, type Storm, settleStorm } from '../shared/stores/storms.ts';

const PAGE = 200;
const PAGES = 10;
const WINDOW_MS = 24 * 3_600_000;
/** An event gets this long before the reconciler opens an incident in its place; late writers are looked for this far back. */
const GRACE_MS = 2 * 60_000;
const OVERLAP_MS = 3_600_000;
/** Glue's longest run is seven days: what started before this cannot end within the window. */
const LONGEST_RUN_MS = 7 * 86_400_000;
const FAILED = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

const WatermarkSchema = z.strictObject({ at: z.iso.datetime() });

export interface Reconciled {
  readonly opened: number;
  readonly digested: number;
  readonly redelivered: number;
  readonly stormsSettled: number;
}

type ReconcilePorts = Pick<Ports, 'jobRuns' | 'operations' | 'clock' | 'workflow' | 'notifier' | 'callback' | 'settings'>;

export async function reconcileRuns(ports: ReconcilePorts, graceMs = GRACE_MS): Promise<Reconciled> {
  let opened = 0;
  let digested = 0;
  for (const registration of await listRegistrations(ports.operations)) {
    const missed = await reconcileJob(registration, ports, graceMs);
    opened += missed.opened;
    digested += missed.digested;
  }
  return { opened, digested, redelivered: await redeliver(ports), stormsSettled: await settleStorms(ports) };
}

async function reconcileJob(
  registration: JobRegistration,
  ports: ReconcilePorts,
  graceMs: number,
): Promise<{ opened: number; digested: number }> {
  const { jobName } = registration;
  const now = ports.clock().getTime();
  const key = { pk: 'WATERMARKS', sk: jobName };
  const watermark = (await read(ports.operations, key, WatermarkSchema))?.at ?? registration.registeredAt;
  const from = Math.max(Date.parse(watermark) - OVERLAP_MS, Date.parse(registration.registeredAt));
  let opened = 0;
  const tooOld: JobRun[] = [];
  for (const run of await failedRuns(jobName, from, now - graceMs, ports)) {
    const claimed = await new IncidentStore(ports).get(incidentIdOf(jobName, run.id, run.attempt));
    if (claimed) continue;
    if (Date.parse(run.completedOn ?? run.startedOn) < now - WINDOW_MS) tooOld.push(run);
    else opened += (await open(run, ports)) ? 1 : 0;
  }
  if (tooOld.length > 0) await digest(jobName, tooOld, ports);
  await modify(ports.operations, key, WatermarkSchema, (current) => {
    const at = new Date(now - graceMs).toISOString();
    return current && current.at >= at ? undefined : { at };
  });
  return { opened, digested: tooOld.length };
}

/** Failed runs that ended within [from, until], bounded in pages. */
async function failedRuns(jobName: string, from: number, until: number, ports: ReconcilePorts): Promise<JobRun[]> {
  const found: JobRun[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { runs, nextToken: next } = await ports.jobRuns.listJobRuns(jobName, {
      limit: PAGE,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    found.push(
      ...runs.filter((run) => {
        const ended = Date.parse(run.completedOn ?? run.startedOn);
        return FAILED.includes(run.state) && ended >= from && ended <= until;
      }),
    );
    const last = runs.at(-1);
    if (next === undefined || (last && Date.parse(last.startedOn) < from - LONGEST_RUN_MS)) break;
    nextToken = next;
  }
  return found;
}

async function open(run: JobRun, ports: ReconcilePorts): Promise<boolean> {
  const remediationId = run.arguments[REMEDIATION_ID];
  if (remediationId === undefined) return start(run, RECONCILED, {}, ports);
  // A remediation's own rerun: only where its incident was closed to hand it on, and the hand-over got lost.
  const previous = await new IncidentStore(ports).get(remediationId);
  if (previous?.outcome !== 'Superseded') return false;
  return start(
    run,
    HANDED_OVER,
    { lineage: previous.lineage, retryCount: previous.retryCount + 1, previousIncidentId: previous.incidentId },
    ports,
  );
}

async function start(run: JobRun, detailType: string, extra: Record<string, unknown>, ports: ReconcilePorts): Promise<boolean> {
  const detail = { jobName: run.jobName, jobRunId: run.id, state: run.state, ...extra };
  try {
    await ports.workflow.startExecution(executionNameOf(run), {
      source: 'glue-medic',
      'detail-type': detailType,
      account: ports.settings.accountId,
      detail,
    });
    return true;
  } catch (error) {
    if (isServiceError(error, 'ExecutionAlreadyExists')) return false;
    throw error;
  }
}

/** 1-80 legal characters for any job name. */
export function executionNameOf(run: Pick<JobRun, 'jobName' | 'id' | 'attempt'>): string {
  return `h-${createHash('sha256')
    .update(JSON.stringify([run.jobName, run.id, run.attempt]))
    .digest('hex')
    .slice(0, 40)}`;
}

async function digest(jobName: string, runs: readonly JobRun[], ports: ReconcilePorts): Promise<void> {
  const lines = runs.slice(0, 50).map((run) => `${run.completedOn ?? run.startedOn} ${run.state} ${run.id}`);
  await ports.notifier.notify({
    subject: `Glue Medic: ${runs.length} older failures of ${jobName}`.slice(0, 100),
    body: [`${runs.length} runs failed more than 24 hours ago and no event announced them; nothing was done.`, ...lines].join('\n'),
    incidentId: '',
  });
}

/** Decisions that stand but did not reach the waiting state. */
async function redeliver(ports: ReconcilePorts): Promise<number> {
  let redelivered = 0;
  for (const approval of await new ApprovalStore(ports).list()) {
    if (approval.decision === null || approval.delivered) continue;
    await deliverDecision(approval, ports);
    redelivered += 1;
  }
  return redelivered;
}

/** When the first of a storm is resolved its deferred members are opened again; when it is not, a person gets one digest. */
async function settleStorms(ports: ReconcilePorts): Promise<number> {
  let settled = 0;
  for (const storm of await listStorms(ports.operations)) {
    if (storm.settled !== 'pending') continue;
    const first = await new IncidentStore(ports).get(storm.members[0] ?? '');
    if (first?.status !== 'closed') continue;
    const how = first.outcome === 'Resolved' ? 'reopened' : 'digested';
    if (!(await settleStorm(ports.operations, storm.signature, how))) continue;
    settled += 1;
    if (how === 'digested') await digestStorm(storm, ports);
    else for (const member of storm.deferred) await reopen(member, ports);
  }
  return settled;
}

async function reopen(incidentId: string, ports: ReconcilePorts): Promise<void> {
  const summary = await new IncidentStore(ports).reopen(incidentId);
  if (summary?.status !== 'open') return;
  await ports.workflow.startExecution(`r${summary.opening}-${incidentId}`, summary.trigger).catch((error: unknown) => {
    if (!isServiceError(error, 'ExecutionAlreadyExists')) throw error;
  });
}

async function digestStorm(storm: Storm, ports: ReconcilePorts): Promise<void> {
  await ports.notifier.notify({
    subject: `Glue Medic: ${storm.deferred.length} failures wait behind ${storm.signature}`.slice(0, 100),
    body: [`The first incident of this storm was not resolved; these wait for a person:`, ...storm.deferred.slice(0, 100)].join('\n'),
    incidentId: storm.members[0] ?? '',
  });
}
