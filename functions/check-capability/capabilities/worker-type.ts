/** The planned capacity must exist for this job and stay below its DPU cap. */
import { dpuOf, workerTypeProblem } from '../../shared/worker-types.ts';
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

export const workerType: Capability = async ({ plan, incident, registration }, { jobRuns }) => {
  if (plan.action !== 'RETRY' || plan.rung === 0) return notApplicable('keeps the capacity of the failed run');
  const { workerType: type, numberOfWorkers } = plan.rerun;
  if (type === null || numberOfWorkers === null)
    return unavailable('E_WORKER: the rung names no worker type', 'register a ladder of worker types');
  const problem = workerTypeProblem(type, await jobRuns.getJob(incident.jobName));
  if (problem) return unavailable(problem, 'register a rung that the job can use');
  const dpu = dpuOf(type, numberOfWorkers) ?? Number.POSITIVE_INFINITY;
  const cap = registration?.maxDpu ?? 0;
  return dpu <= cap
    ? available(`${dpu} DPU, cap ${cap}`)
    : unavailable(`${dpu} DPU is above the job's cap of ${cap}`, 'raise maxDpu in the registration, or register a smaller rung');
};
