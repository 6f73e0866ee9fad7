/**
 * Glue's events are best effort, so a schedule looks for what they missed: failed runs that nobody claimed, failed reruns whose
 * hand-over got lost, incidents whose execution has died, decisions that were not delivered, storms that have been decided.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { HANDED_OVER, RECONCILED } from '../claim-incident/parse-trigger.ts';
import { deliverDecision } from '../decide-approval/deliver-decision.ts';
import { isNotFound, isServiceError } from '../shared/aws-errors.ts';
import { EnvironmentError, quoteForMessage } from '../shared/errors.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import { REMEDIATION_ID } from '../shared/lineage.ts';
import type { JobRun, Ports } from '../shared/ports.ts';
import { type Approval, ApprovalStore } from '../shared/stores/approvals.ts';
import { modify, read } from '../shared/stores/compare-and-set.ts';
import { IncidentStore, type IncidentSummary, incidentIdOf } from '../shared/stores/incidents.ts';
import { listRegistrations } from '../shared/stores/registrations.ts';
import { beginSettling, finishSettling, listStorms, type Storm } from '../shared/stores/storms.ts';

/** As often as the schedule runs. */
const PASS_MS = 5 * 60_000;
const PAGE = 200;
const PAGES = 10;
const WINDOW_MS = 24 * 3_600_000;
/** An event gets this long before the reconciler opens an incident in its place; late writers are looked for this far back. */
const GRACE_MS = 2 * 60_000;
const OVERLAP_MS = 3_600_000;
/** Glue's longest run is seven days: what started before this cannot end within the window. */
const LONGEST_RUN_MS = 7 * 86_400_000;
/** An incident that keeps dying is left to the alarm after so long. */
const STRANDED_DAYS = 4;
/** A decision has been taken up by the next step long before. */
const TAKEN_UP_MS = 20 * 60_000;
/** Incidents named in one message. */
const DIGESTED = 100;
const FAILED = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

const WatermarkSchema = z.strictObject({ at: z.iso.datetime() });

export interface Reconciled {
  readonly opened: number;
  readonly digested: number;
  readonly redelivered: number;
  readonly restarted: number;
  readonly stormsSettled: number;
}

type ReconcilePorts = Pick<Ports, 'jobRuns' | 'operations' | 'clock' | 'workflow' | 'notifier' | 'callback' | 'settings' | 'audit'>;

/** One job, decision or storm that fails keeps none of the others waiting. Error: E_RECONCILE, at the end, naming what failed. */
export async function reconcileRuns(ports: ReconcilePorts, graceMs = GRACE_MS): Promise<Reconciled> {
  const failures: string[] = [];
  const attempt = async <T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failures.push(`${what} (${error instanceof Error ? error.name : 'error'})`);
      return otherwise;
    }
  };
  let opened = 0;
  let digested = 0;
  let redelivered = 0;
  let restarted = 0;
  let stormsSettled = 0;
  for (const registration of await listRegistrations(ports.operations)) {
    const { jobName } = registration;
    const missed = await attempt(`job ${quoteForMessage(jobName)}`, NOTHING_MISSED, () => reconcileJob(registration, ports, graceMs));
    opened += missed.opened;
    digested += missed.digested;
  }
  const approvals = new ApprovalStore(ports);
  for (const listed of await approvals.list()) {
    // Silence that has lasted until the deadline is an answer too: no action.
    const isOver = listed.status === 'pending' && listed.deadline <= ports.clock().toISOString();
    const approval = isOver
      ? ((await attempt(`approval ${listed.approvalId}`, undefined, () => approvals.expire(listed.approvalId))) ?? listed)
      : listed;
    if (approval.status === 'pending') continue;
    if (!approval.delivered && (await attempt(`decision ${approval.approvalId}`, null, () => deliverDecision(approval, ports))))
      redelivered += 1;
    if (await attempt(`incident ${approval.incidentId}`, false, () => restartUndecided(approval, ports))) restarted += 1;
  }
  for (const incident of await new IncidentStore(ports).list(STRANDED_DAYS)) {
    const what = `incident ${incident.incidentId}`;
    if (isStranded(incident, ports) && (await attempt(what, false, () => restart(incident, ports)))) restarted += 1;
    if (isNotFollowed(incident) && (await attempt(what, false, () => handOnAgain(incident, ports)))) opened += 1;
  }
  for (const storm of await listStorms(ports.operations)) {
    if (await attempt(`storm ${storm.signature}`, false, () => settle(storm, ports))) stormsSettled += 1;
  }
  if (failures.length > 0) {
    const listed = failures.slice(0, 10).join(', ');
    throw new EnvironmentError('E_RECONCILE', `${failures.length} left for the next pass: ${listed}; everything else was reconciled`);
  }
  return { opened, digested, redelivered, restarted, stormsSettled };
}

const NOTHING_MISSED = { opened: 0, digested: 0 };

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
  for (const run of await failedRunsOf(jobName, from, now - graceMs, ports)) {
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

/** A job that Glue does not know any more has no runs. */
async function failedRunsOf(jobName: string, from: number, until: number, ports: ReconcilePorts): Promise<JobRun[]> {
  try {
    return await failedRuns(jobName, from, until, ports);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
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
  // A remediation's own rerun belongs to its incident until that hands it on.
  if (run.arguments[REMEDIATION_ID] !== undefined) return false;
  return startFor(run, RECONCILED, { state: run.state }, ports);
}

/** The hand-over is an event like any other, and may get lost, however late the incident was closed. */
function handOnAgain(
  { incidentId, jobName, handedOnRunId, lineage, retryCount }: IncidentSummary,
  ports: ReconcilePorts,
): Promise<boolean> {
  const next = { jobName, id: handedOnRunId ?? '', attempt: 0 };
  return startFor(next, HANDED_OVER, { state: 'FAILED', lineage, retryCount: retryCount + 1, previousIncidentId: incidentId }, ports);
}

/** False where it was started before. */
async function startFor(
  run: Pick<JobRun, 'jobName' | 'id' | 'attempt'>,
  detailType: string,
  detail: Record<string, unknown>,
  ports: ReconcilePorts,
): Promise<boolean> {
  try {
    await ports.workflow.startExecution(executionNameOf(run, ports.clock()), {
      source: 'glue-medic',
      'detail-type': detailType,
      account: ports.settings.accountId,
      detail: { jobName: run.jobName, jobRunId: run.id, ...detail },
    });
    return true;
  } catch (error) {
    if (isServiceError(error, 'ExecutionAlreadyExists')) return false;
    throw error;
  }
}

/**
 * 1-80 legal characters for any job name. Another name for each pass: an execution that died before its claim must not bar the way to the next
 * one for as long as Step Functions remembers names. Whether there is anything left to do the claim decides.
 */
export function executionNameOf(run: Pick<JobRun, 'jobName' | 'id' | 'attempt'>, now: Date): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([run.jobName, run.id, run.attempt]))
    .digest('hex');
  return `h-${hash.slice(0, 40)}-${passOf(now)}`;
}

/** The same for passes that run at once. */
function passOf(now: Date): number {
  return Math.floor(now.getTime() / PASS_MS);
}

async function digest(jobName: string, runs: readonly JobRun[], ports: ReconcilePorts): Promise<void> {
  const lines = runs.slice(0, 50).map((run) => `${run.completedOn ?? run.startedOn} ${run.state} ${run.id}`);
  await ports.notifier.notify({
    subject: `Glue Medic: ${runs.length} older failures of ${jobName}`.slice(0, 100),
    body: [`${runs.length} runs failed more than 24 hours ago and no event announced them; nothing was done.`, ...lines].join('\n'),
    incidentId: '',
  });
}

/** When the first of a storm is resolved its deferred members are opened again; when it is not, a person gets one digest. */
async function settle(storm: Storm, ports: ReconcilePorts): Promise<boolean> {
  const how = storm.settled === 'reopening' || storm.settled === 'digesting' ? storm.settled : await whatBecameOf(storm, ports);
  if (how === null || !(await beginSettling(ports, storm, how))) return false;
  // Done before it is marked as done: after a crash it is taken up again, and each part of it changes nothing the second time.
  if (how === 'digesting') await digestStorm(storm, ports);
  else for (const member of storm.deferred) await reopen(member, ports);
  await finishSettling(ports.operations, storm);
  return true;
}

/** Null while the first is under way, or while a member is about to be closed as deferred: it could not be opened again yet. */
async function whatBecameOf(storm: Storm, ports: ReconcilePorts): Promise<'reopening' | 'digesting' | null> {
  const now = ports.clock().getTime();
  const incidents = new IncidentStore(ports);
  const first = await incidents.get(storm.members[0] ?? '');
  // The machine itself failed on the first one: nobody will ever close it.
  const isStalled = first === undefined || (first.status === 'open' && Date.parse(first.leaseUntil) < now - WINDOW_MS);
  if (!isStalled && first.status !== 'closed') return null;
  for (const member of storm.deferred) {
    const summary = await incidents.get(member);
    if (summary?.status === 'open' && Date.parse(summary.leaseUntil) >= now) return null;
  }
  return first?.outcome === 'Resolved' ? 'reopening' : 'digesting';
}

async function reopen(incidentId: string, ports: ReconcilePorts): Promise<void> {
  const summary = await new IncidentStore(ports).reopen(incidentId);
  if (summary?.status !== 'open') return;
  await ports.workflow.startExecution(`r${summary.opening}-${incidentId}`, summary.trigger).catch((error: unknown) => {
    if (!isServiceError(error, 'ExecutionAlreadyExists')) throw error;
  });
}

async function digestStorm(storm: Storm, ports: ReconcilePorts): Promise<void> {
  const listed = storm.deferred.slice(0, DIGESTED);
  const others = storm.deferred.length - listed.length;
  await ports.notifier.notify({
    subject: `Glue Medic: ${storm.deferred.length} failures wait behind ${storm.signature}`.slice(0, 100),
    body: [
      'The first incident of this storm was not resolved; these wait for a person:',
      ...listed,
      ...(others > 0 ? [`and ${others} more: glue-medic incidents lists them all`] : []),
    ].join('\n'),
    incidentId: storm.members[0] ?? '',
  });
}

/** Open, and its owner has said nothing for a whole lease: a crash left it behind. */
function isStranded({ status, leaseUntil }: IncidentSummary, ports: ReconcilePorts): boolean {
  return status === 'open' && leaseUntil < ports.clock().toISOString();
}

function isNotFollowed({ outcome, handedOnRunId, followedBy }: IncidentSummary): boolean {
  return outcome === 'Superseded' && handedOnRunId !== null && followedBy === null;
}

/** A decision that nobody has taken up: the execution that waited for it has died, and its incident waits for nothing. */
async function restartUndecided({ approvalId, incidentId, decision, deadline }: Approval, ports: ReconcilePorts): Promise<boolean> {
  const age = ports.clock().getTime() - Date.parse(decision?.at ?? deadline);
  if (age < TAKEN_UP_MS || age > STRANDED_DAYS * 86_400_000) return false;
  const incidents = new IncidentStore(ports);
  const waiting = await incidents.get(incidentId);
  if (waiting === undefined || waiting.status === 'closed' || waiting.approvalId !== approvalId) return false;
  const summary = waiting.status === 'awaiting-decision' ? await incidents.abandonWait(incidentId) : waiting;
  return summary?.status === 'open' && summary.leaseUntil < ports.clock().toISOString() ? restart(summary, ports) : false;
}

/** Started anew it finds what its steps have recorded, and goes on from there. Each pass starts one; the claim admits one to each lease. */
async function restart(summary: IncidentSummary, ports: ReconcilePorts): Promise<boolean> {
  try {
    await ports.workflow.startExecution(`l-${summary.incidentId}-${passOf(ports.clock())}`, summary.trigger);
    return true;
  } catch (error) {
    if (isServiceError(error, 'ExecutionAlreadyExists')) return false;
    throw error;
  }
}
