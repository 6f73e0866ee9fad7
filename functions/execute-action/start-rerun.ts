/**
 * Starts the rerun exactly once although Glue has no idempotency token: the run carries the remediation id, and an INTENT without
 * a RESULT is first looked for among the runs since then. A duplicate that shows up all the same is stopped and recorded.
 */
import type { Rerun } from '../shared/actions.ts';
import { isServiceError } from '../shared/aws-errors.ts';
import { MedicError } from '../shared/errors.ts';
import { REMEDIATION_ID } from '../shared/lineage.ts';
import type { JobRun, Ports } from '../shared/ports.ts';
import type { LedgerRow } from '../shared/stores/action-ledger.ts';
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

export interface Started {
  readonly runId: string;
  readonly adopted: boolean;
}

export async function startRerun(rerun: Rerun, mutations: Mutations, ports: Ports): Promise<Started> {
  const call = 'StartJobRun';
  return mutations.make<Started>({
    call,
    target: rerun.jobName,
    before: { failedRunId: rerun.failedRunId },
    effect: (unsettled) => start(rerun, mutations.incidentId, unsettled, ports),
  });
}

async function start(rerun: Rerun, remediationId: string, unsettled: LedgerRow | null, ports: Ports): Promise<Started> {
  if (unsettled) {
    const existing = await findRuns(rerun.jobName, remediationId, unsettled.intentAt, ports);
    const [oldest, ...duplicates] = existing.toReversed();
    for (const duplicate of duplicates) await ports.jobStarter.stopJobRun(rerun.jobName, duplicate.id);
    if (oldest) return { runId: oldest.id, adopted: true };
    if (ports.clock().getTime() - Date.parse(unsettled.intentAt) < SETTLING_MS) {
      throw new IntentUnsettledError(
        'E_INTENT_UNSETTLED',
        `a run of ${remediationId} may have been started at ${unsettled.intentAt}; looking again in a minute`,
      );
    }
  }
  const failed = await ports.jobRuns.getJobRun(rerun.jobName, rerun.failedRunId);
  const capacity =
    rerun.workerType !== null && rerun.numberOfWorkers !== null
      ? { workerType: rerun.workerType, numberOfWorkers: rerun.numberOfWorkers }
      : {};
  try {
    const runId = await ports.jobStarter.startJobRun({
      jobName: rerun.jobName,
      arguments: { ...failed.arguments, ...rerun.argumentChanges, [REMEDIATION_ID]: remediationId },
      ...capacity,
    });
    return { runId, adopted: false };
  } catch (error) {
    if (isServiceError(error, 'ConcurrentRunsExceededException', 'ResourceNumberLimitExceededException')) {
      throw new RerunNotStartedError('E_NO_RUN_SLOT', `${error.name}: ${error.message}`, { cause: error });
    }
    if (isServiceError(error, 'OperationTimeoutException', 'InternalServiceException')) {
      throw new IntentUnsettledError('E_INTENT_UNSETTLED', `${error.name}: the run may have been started; looking again in a minute`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Newest first; bounded by the INTENT's time and by pages. */
async function findRuns(jobName: string, remediationId: string, intentAt: string, ports: Ports): Promise<JobRun[]> {
  const since = new Date(Date.parse(intentAt) - CLOCK_SKEW_MS).toISOString();
  const found: JobRun[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { runs, nextToken: next } = await ports.jobRuns.listJobRuns(jobName, {
      limit: PAGE,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    found.push(...runs.filter((run) => run.arguments[REMEDIATION_ID] === remediationId && run.startedOn >= since));
    if (next === undefined || runs.some((run) => run.startedOn < since)) break;
    nextToken = next;
  }
  return found;
}
