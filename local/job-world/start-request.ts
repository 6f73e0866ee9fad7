/** What Glue refuses before it starts a run. */
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { Job, JobRun, StartJobRun } from '../../functions/shared/ports.ts';
import { workerTypeProblem } from '../../functions/shared/worker-types.ts';

/** Worker type and number go together, and neither with MaxCapacity. */
export function capacityFor(job: Job, { workerType, numberOfWorkers }: StartJobRun): Pick<JobRun, 'workerType' | 'numberOfWorkers'> {
  if (workerType === undefined && numberOfWorkers === undefined)
    return { workerType: job.workerType, numberOfWorkers: job.numberOfWorkers };
  if (workerType === undefined || numberOfWorkers === undefined) {
    throw new ServiceError('InvalidInputException', 'Please set both Worker Type and Number of Workers.');
  }
  const problem = workerTypeProblem(workerType, job) ?? (numberOfWorkers < 2 ? 'Number of Workers must be at least 2.' : null);
  if (problem) throw new ServiceError('InvalidInputException', problem);
  return { workerType, numberOfWorkers };
}

export function refuseFixedArguments(job: Job, request: StartJobRun): void {
  for (const [name, value] of Object.entries(job.nonOverridableArguments)) {
    if ((request.arguments[name] ?? value) !== value) {
      throw new ServiceError('InvalidInputException', `Argument ${name} cannot be overridden`);
    }
  }
}
