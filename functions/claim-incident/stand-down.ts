/** Reasons to leave a failed run alone: a person's intent, Glue's own retry, or a newer run that has overtaken it. */

import { lineageOf, REMEDIATION_ID } from '../shared/lineage.ts';
import type { Job, JobRun } from '../shared/ports.ts';

const LIVE = ['STARTING', 'RUNNING', 'WAITING', 'STOPPING'];
const FAILED = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

export interface StandDown {
  readonly reason: string;
  /**
   * `for-good`: this failure will never be ours. `for-now`: it may be announced again and be ours then, so nothing is claimed:
   * a claim would turn that announcement into a duplicate.
   */
  readonly until: 'for-good' | 'for-now';
}

/** Pure. `recentRuns` newest first. Null where the failure is ours to handle. */
export function standDownOf(facts: {
  readonly run: JobRun;
  readonly job: Job;
  readonly recentRuns: readonly JobRun[];
  readonly source: 'event' | 'reconciler' | 'lineage' | 'data-quality';
  /** The incident's own rerun does not overtake it: the step may be run again after a restart. */
  readonly incidentId: string;
}): StandDown | null {
  const { run, job, recentRuns, source, incidentId } = facts;
  const remediationId = run.arguments[REMEDIATION_ID];
  // Its incident closes first and then hands it on, as the lineage's next.
  if (remediationId !== undefined && source !== 'lineage') return forNow(`the run belongs to remediation ${remediationId.slice(0, 40)}`);
  if (run.state === 'STOPPED' || run.state === 'STOPPING') return forGood('the run was stopped, which is a human intent');
  // A Data Quality ruleset may fail in a run that succeeded: that is evidence of its own.
  const hasFailed = FAILED.includes(run.state);
  if (!hasFailed && !(source === 'data-quality' && run.state === 'SUCCEEDED')) return forNow(`the run is ${run.state} by now`);
  // Glue restarts runs that failed, not runs that reached their timeout.
  if (hasFailed && run.state !== 'TIMEOUT' && run.attempt < job.maxRetries) {
    return forGood(`Glue will retry by itself: attempt ${run.attempt} of ${job.maxRetries}`);
  }
  const overtaking = recentRuns.find(
    (other) =>
      isNewer(other, run) &&
      other.arguments[REMEDIATION_ID] !== incidentId &&
      sameLineage(other, run) &&
      (LIVE.includes(other.state) || other.state === 'SUCCEEDED'),
  );
  return overtaking ? forGood(`overtaken by run ${overtaking.id.slice(0, 80)}, which is ${overtaking.state}`) : null;
}

const forGood = (reason: string): StandDown => ({ reason, until: 'for-good' });
const forNow = (reason: string): StandDown => ({ reason, until: 'for-now' });

function isNewer(other: JobRun, run: JobRun): boolean {
  return other.id !== run.id && other.startedOn > run.startedOn;
}

function sameLineage(other: JobRun, run: JobRun): boolean {
  return lineageOf(other.jobName, other.arguments) === lineageOf(run.jobName, run.arguments);
}
