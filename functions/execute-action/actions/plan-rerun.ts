/** The rerun that ends every repair: same job, the failed run's arguments, the failed run's capacity unless a rung is named. */
import type { Rerun } from '../../shared/actions.ts';
import { dpuOf } from '../../shared/worker-types.ts';
import type { PlanningFacts } from './action.ts';

/** Glue bills at least a minute; a rerun is estimated to take half as long again as runs usually do. */
const MARGIN = 1.5;
const MINIMUM_SECONDS = 60;

export function planRerun(
  facts: PlanningFacts,
  changes: { argumentChanges?: Record<string, string>; capacity?: { workerType: string; numberOfWorkers: number } } = {},
): Rerun {
  const { run, job } = facts.evidence;
  const workerType = changes.capacity?.workerType ?? run.workerType;
  const numberOfWorkers = changes.capacity?.numberOfWorkers ?? run.numberOfWorkers;
  const dpu = (workerType !== null && numberOfWorkers !== null ? dpuOf(workerType, numberOfWorkers) : run.maxCapacity) ?? 10;
  const seconds = Math.max(job.medianRunSeconds ?? run.executionTimeSeconds, run.executionTimeSeconds, MINIMUM_SECONDS) * MARGIN;
  return {
    jobName: facts.incident.jobName,
    failedRunId: facts.incident.runId,
    argumentChanges: changes.argumentChanges ?? {},
    // Glue takes worker type and count together, and neither beside MaxCapacity.
    workerType: run.maxCapacity !== null && workerType === null ? null : workerType,
    numberOfWorkers: workerType === null ? null : numberOfWorkers,
    estimatedDpuHours: Math.round(((dpu * seconds) / 3600) * 1000) / 1000,
  };
}
