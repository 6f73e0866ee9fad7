/** Glue's worker types: DPUs per worker and where they exist (Glue developer guide, "worker types"). */
import type { Job, JobRun } from './ports.ts';

interface WorkerType {
  readonly dpu: number;
  readonly minimumGlueVersion: number;
  readonly commands: readonly string[];
}

const ETL = ['glueetl', 'gluestreaming'];
const WORKER_TYPES: Readonly<Record<string, WorkerType>> = {
  Standard: { dpu: 1, minimumGlueVersion: 0.9, commands: ETL },
  'G.025X': { dpu: 0.25, minimumGlueVersion: 3, commands: ['gluestreaming'] },
  'G.1X': { dpu: 1, minimumGlueVersion: 1, commands: ETL },
  'G.2X': { dpu: 2, minimumGlueVersion: 1, commands: ETL },
  'G.4X': { dpu: 4, minimumGlueVersion: 3, commands: ETL },
  'G.8X': { dpu: 8, minimumGlueVersion: 3, commands: ETL },
  'G.12X': { dpu: 12, minimumGlueVersion: 3, commands: ETL },
  'G.16X': { dpu: 16, minimumGlueVersion: 3, commands: ETL },
  'R.1X': { dpu: 1, minimumGlueVersion: 4, commands: ETL },
  'R.2X': { dpu: 2, minimumGlueVersion: 4, commands: ETL },
  'R.4X': { dpu: 4, minimumGlueVersion: 4, commands: ETL },
  'R.8X': { dpu: 8, minimumGlueVersion: 4, commands: ETL },
};

/** DPUs of a fleet of workers; null for a type that is not known. */
export function dpuOf(workerType: string, numberOfWorkers: number): number | null {
  const type = Object.hasOwn(WORKER_TYPES, workerType) ? WORKER_TYPES[workerType] : undefined;
  return type ? type.dpu * numberOfWorkers : null;
}

/** DPUs that a run had; null where Glue does not say. */
export function capacityOf(run: Pick<JobRun, 'workerType' | 'numberOfWorkers' | 'maxCapacity'>): number | null {
  if (run.workerType !== null && run.numberOfWorkers !== null) return dpuOf(run.workerType, run.numberOfWorkers);
  return run.maxCapacity;
}

/** Why this worker type cannot serve this job; null where it can. */
export function workerTypeProblem(
  workerType: string,
  job: Pick<Job, 'command' | 'glueVersion' | 'maxCapacity' | 'workerType'>,
): string | null {
  if (job.workerType === null && job.maxCapacity !== null) return 'E_WORKER: job uses MaxCapacity';
  const type = Object.hasOwn(WORKER_TYPES, workerType) ? WORKER_TYPES[workerType] : undefined;
  if (!type) return `E_WORKER: ${workerType} is not a worker type that is known here`;
  if (!type.commands.includes(job.command)) {
    return workerType === 'G.025X' ? 'E_WORKER: G.025X is streaming only' : `E_WORKER: ${workerType} does not serve ${job.command} jobs`;
  }
  const version = Number(job.glueVersion ?? Number.NaN);
  if (!(version >= type.minimumGlueVersion))
    return `E_WORKER: ${workerType} needs Glue ${type.minimumGlueVersion}, the job has ${job.glueVersion ?? 'none named'}`;
  return null;
}
