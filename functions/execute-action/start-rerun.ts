/**
 * Starts the rerun exactly once although Glue has no idempotency token: the run carries the remediation id, and an INTENT without
 * a RESULT is first looked for among the runs since then. A duplicate that shows up all the same is stopped and recorded.
 */
import type { Rerun } from '../shared/actions.ts';
import { isNotFound, isServiceError, isThrottling } from '../shared/aws-errors.ts';
import { MedicError } from '../shared/errors.ts';
import { REMEDIATION_ID } from '../shared/lineage.ts';
import type { JobRun, JobRunReader, StartJobRun } from '../shared/ports.ts';
import type { LedgerRow } from '../shared/stores/action-ledger.ts';
import type { ReadingPorts, Writers } from './guarded-writers.ts';
import type { Mutations } from './mutations.ts';

/** It is not known yet whether the run was started: the workflow asks again in a while. */
export class IntentUnsettledError extends MedicError {}
/** Glue said no, definitely: nothing was started, and it may be asked again. */
export class RerunNotStartedError extends MedicError {}

/** Glue lists a started run within seconds; a minute leaves no doubt. */
const SETTLING_MS = 60_000;
const CLOCK_SKEW_MS = 5 * 60_000;
const PAGE = 200;
const PAGES = 10;
/** The workflow gives up long before. */
const ATTEMPTS = 50;
const LIVE = ['STARTING', 'RUNNING', 'WAITING'];

const CALL = 'StartJobRun';
/** Each attempt has its own INTENT, so that each gets its own minute. */
const callOf = (attempt: number) => (attempt === 1 ? CALL : `${CALL}#${attempt}`);

export interface Started {
  readonly runId: string;
  readonly adopted: boolean;
}
/** `notStarted`: why this attempt, definitely, started nothing. */
type Outcome = Started | { readonly notStarted: string };

/** Errors: IntentUnsettledError, RerunNotStartedError; KillSwitchEngagedError; Glue's own where it will not start this run at all. */
export async function startRerun(rerun: Rerun, mutations: Mutations, ports: ReadingPorts): Promise<Started> {
  const request = await requestOf(rerun, mutations.incidentId, ports.jobRuns);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    let refusal: unknown;
    const outcome = await mutations.make<Outcome>({
      call: callOf(attempt),
      target: rerun.jobName,
      before: { failedRunId: rerun.failedRunId },
      effect: async (writers, unsettled) => {
        if (unsettled) return settle(unsettled, request, mutations.incidentId, ports);
        try {
          return await start(request, writers);
        } catch (error) {
          if (!isDefiniteNo(error)) throw error;
          refusal = error;
          return { notStarted: error.name };
        }
      },
    });
    if ('runId' in outcome) {
      if (outcome.adopted || attempt > 1) await stopDuplicates(outcome.runId, rerun.jobName, mutations, ports);
      return outcome;
    }
    if (refusal) throw mayBeAskedAgain(refusal) ? notStarted(refusal) : refusal;
  }
  throw new RerunNotStartedError('E_NO_RUN_SLOT', `${ATTEMPTS} attempts started nothing`);
}

/** Whether this row of a ledger says that a run may have been started: a definite no has begun nothing. */
export function mayHaveBegun(row: LedgerRow): boolean {
  return row.resultAt === null || !(row.call.startsWith(CALL) && 'notStarted' in (row.result as object));
}

/** Runs that carry the remediation's id although another one is its rerun; Glue's own retries of that one are not among them. */
export async function duplicatesOf(
  runId: string,
  jobName: string,
  mutations: Pick<Mutations, 'incidentId' | 'ledger'>,
  ports: Pick<ReadingPorts, 'jobRuns'>,
): Promise<JobRun[]> {
  const intents = (await mutations.ledger.rows()).filter((row) => row.call.startsWith(CALL)).map((row) => row.intentAt);
  const [first] = intents.toSorted();
  if (first === undefined) return [];
  return (await findRuns(jobName, mutations.incidentId, first, ports.jobRuns)).filter((run) => run.id !== runId);
}

async function requestOf(rerun: Rerun, remediationId: string, jobRuns: JobRunReader): Promise<StartJobRun> {
  const failed = await jobRuns.getJobRun(rerun.jobName, rerun.failedRunId);
  const capacity =
    rerun.workerType !== null && rerun.numberOfWorkers !== null
      ? { workerType: rerun.workerType, numberOfWorkers: rerun.numberOfWorkers }
      : {};
  return {
    jobName: rerun.jobName,
    arguments: { ...failed.arguments, ...rerun.argumentChanges, [REMEDIATION_ID]: remediationId },
    ...capacity,
  };
}

async function start(request: StartJobRun, { jobStarter }: Writers): Promise<Started> {
  try {
    return { runId: await jobStarter.startJobRun(request), adopted: false };
  } catch (error) {
    if (!isServiceError(error, 'OperationTimeoutException', 'InternalServiceException')) throw error;
    throw new IntentUnsettledError('E_INTENT_UNSETTLED', `${error.name}: the run may have been started; looking again in a minute`, {
      cause: error,
    });
  }
}

/** Adopts the run that the attempt has started; a minute after its INTENT, without a run, it has started none. */
async function settle(intent: LedgerRow, { jobName }: StartJobRun, remediationId: string, ports: ReadingPorts): Promise<Outcome> {
  const oldest = (await findRuns(jobName, remediationId, intent.intentAt, ports.jobRuns)).at(-1);
  if (oldest) return { runId: oldest.id, adopted: true };
  if (ports.clock().getTime() - Date.parse(intent.intentAt) < SETTLING_MS) {
    throw new IntentUnsettledError(
      'E_INTENT_UNSETTLED',
      `a run of ${remediationId} may have been started at ${intent.intentAt}; looking again in a minute`,
    );
  }
  return { notStarted: 'no run carries the remediation id a minute later' };
}

async function stopDuplicates(runId: string, jobName: string, mutations: Mutations, ports: ReadingPorts): Promise<void> {
  for (const duplicate of await duplicatesOf(runId, jobName, mutations, ports)) {
    await mutations.make({
      call: `StopJobRun:${duplicate.id}`,
      target: duplicate.id,
      before: { duplicateOf: runId, state: duplicate.state },
      effect: async ({ jobStarter }) => {
        if (LIVE.includes(duplicate.state)) await stopIfLive(jobStarter, jobName, duplicate.id);
        return { duplicateOf: runId, state: duplicate.state };
      },
    });
  }
}

async function stopIfLive(jobStarter: Writers['jobStarter'], jobName: string, runId: string): Promise<void> {
  try {
    await jobStarter.stopJobRun(jobName, runId);
  } catch (error) {
    // It has ended between the look and the stop.
    if (!(error instanceof Error && /^JobRun(InvalidStateTransition|NotInTerminalState)Exception$/.test(error.name))) throw error;
  }
}

/** Newest first; bounded by the INTENT's time and by pages. Glue's own retries repeat the arguments, but are nobody's start. */
async function findRuns(jobName: string, remediationId: string, intentAt: string, jobRuns: JobRunReader): Promise<JobRun[]> {
  const since = new Date(Date.parse(intentAt) - CLOCK_SKEW_MS).toISOString();
  const found: JobRun[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { runs, nextToken: next } = await jobRuns.listJobRuns(jobName, {
      limit: PAGE,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    found.push(...runs.filter((run) => run.arguments[REMEDIATION_ID] === remediationId && run.attempt === 0 && run.startedOn >= since));
    if (next === undefined || runs.some((run) => run.startedOn < since)) break;
    nextToken = next;
  }
  return found;
}

function isDefiniteNo(error: unknown): error is Error {
  return (
    mayBeAskedAgain(error) ||
    isNotFound(error) ||
    isServiceError(error, 'AccessDeniedException', 'InvalidInputException', 'ValidationException')
  );
}

function mayBeAskedAgain(error: unknown): boolean {
  return isThrottling(error) || isServiceError(error, 'ConcurrentRunsExceededException', 'ResourceNumberLimitExceededException');
}

function notStarted(error: unknown): RerunNotStartedError {
  const { name, message } = error as Error;
  return new RerunNotStartedError('E_NO_RUN_SLOT', `${name}: ${message}`, { cause: error });
}
