/** The rerun as it is now, or the last of the retries that Glue itself has made of it: only that one's end is the rerun's end. */
import { REMEDIATION_ID } from '../shared/lineage.ts';
import type { JobRun, JobRunReader } from '../shared/ports.ts';

const RECENT_RUNS = 200;
/** Glue starts its own retry within seconds, and without capacity tries for a quarter of an hour. */
const RETRY_COMES_WITHIN_MS = 15 * 60_000;

export async function lastAttemptOf(jobName: string, runId: string, maxRetries: number, jobRuns: JobRunReader): Promise<JobRun> {
  const rerun = await jobRuns.getJobRun(jobName, runId);
  const remediationId = rerun.arguments[REMEDIATION_ID];
  if (maxRetries === 0 || rerun.state === 'SUCCEEDED' || remediationId === undefined) return rerun;
  const { runs } = await jobRuns.listJobRuns(jobName, { limit: RECENT_RUNS });
  const retries = runs.filter((run) => run.attempt > rerun.attempt && run.arguments[REMEDIATION_ID] === remediationId);
  return retries.reduce((last, run) => (run.attempt > last.attempt ? run : last), rerun);
}

/** Glue will run it once more. A run that reached its timeout is not retried. */
export function isRetryDue(run: JobRun, maxRetries: number, now: Date): boolean {
  const ended = Date.parse(run.completedOn ?? run.startedOn);
  return ['FAILED', 'ERROR'].includes(run.state) && run.attempt < maxRetries && now.getTime() - ended < RETRY_COMES_WITHIN_MS;
}
