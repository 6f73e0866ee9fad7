/** Reasons to leave a failed run alone: a person's intent, Glue's own retry, or a newer run that has overtaken it. */

import { lineageOf, REMEDIATION_ID } from '../shared/lineage.ts';
import type { Job, JobRun } from '../shared/ports.ts';

const LIVE = ['STARTING', 'RUNNING', 'WAITING', 'STOPPING'];
const FAILED = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

/** Pure. `recentRuns` newest first. Null where the failure is ours to handle. */
export function standDownReason(facts: {
  readonly run: JobRun;
  readonly job: Job;
  readonly recentRuns: readonly JobRun[];
  readonly source: 'event' | 'reconciler' | 'lineage' | 'data-quality';
  /** The incident's own rerun does not overtake it: the step may be run again after a restart. */
  readonly incidentId: string;
}): string | null {
  const { run, job, recentRuns, source, incidentId } = facts;
  const remediationId = run.arguments[REMEDIATION_ID];
  if (remediationId !== undefined && source !== 'lineage') return `the run belongs to remediation ${remediationId.slice(0, 40)}`;
  if (run.state === 'STOPPED' || run.state === 'STOPPING') return 'the run was stopped, which is a human intent';
  // A Data Quality ruleset may fail in a run that succeeded: that is evidence of its own.
  if (!FAILED.includes(run.state) && source !== 'data-quality') return `the run is ${run.state} by now`;
  if (run.attempt < job.maxRetries && source !== 'data-quality')
    return `Glue will retry by itself: attempt ${run.attempt} of ${job.maxRetries}`;
  const overtaking = recentRuns.find(
    (other) =>
      isNewer(other, run) &&
      other.arguments[REMEDIATION_ID] !== incidentId &&
      sameLineage(other, run) &&
      (LIVE.includes(other.state) || other.state === 'SUCCEEDED'),
  );
  return overtaking ? `overtaken by run ${overtaking.id.slice(0, 80)}, which is ${overtaking.state}` : null;
}

function isNewer(other: JobRun, run: JobRun): boolean {
  return other.id !== run.id && other.startedOn > run.startedOn;
}

function sameLineage(other: JobRun, run: JobRun): boolean {
  return lineageOf(other.jobName, other.arguments) === lineageOf(run.jobName, run.arguments);
}
