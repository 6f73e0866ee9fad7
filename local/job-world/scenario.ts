/** What a scenario is: a job, the data it lives on, and the real change upstream that will make it fail. */
import type * as z from 'zod';
import type { DataFormat } from '../../functions/detect-anomalies/table-sample.ts';
import type { JobRegistrationSchema } from '../../functions/shared/job-registration.ts';
import type { Job, JobRun } from '../../functions/shared/ports.ts';
import type { JobWorld } from './job-world.ts';

export type Registration = Omit<z.input<typeof JobRegistrationSchema>, 'registeredAt'>;

export interface Scenario {
  /** Also the job's name. */
  readonly name: string;
  /** One line. */
  readonly describe: string;
  readonly registration: Registration;
  /** Somebody's word that the good run's input is good, whatever an earlier baseline says; it is run at every start. */
  readonly isVouchedFor?: true;
  /** Buckets, table and job: what is there already stays as it is. */
  prepare(world: JobWorld): Promise<void>;
  /** Delivers good input and runs the job over it. Returns the succeeded run. */
  goodRun(world: JobWorld): Promise<JobRun>;
  /** Makes the real change upstream and starts the run that will fail over it. Returns the run's id. */
  upset(world: JobWorld): Promise<string>;
}

export const LAKE = 'acme-lake';
export const DATABASE = 'acme';

/** A scenario's job, as small as Glue's jobs get. */
export function jobOf(name: string, changes: Partial<Job> = {}): Job {
  return {
    name,
    command: 'glueetl',
    glueVersion: '5.0',
    maxRetries: 0,
    maxConcurrentRuns: 1,
    workerType: 'G.1X',
    numberOfWorkers: 2,
    maxCapacity: null,
    defaultArguments: {},
    nonOverridableArguments: {},
    securityConfiguration: null,
    role: roleOf(name),
    ...changes,
  };
}

export function roleOf(name: string): string {
  return `arn:aws:iam::000000000000:role/${name}`;
}

/** `orders` is read from `orders/incoming/` and written to `orders/daily/`, both in the lake. */
export function registrationOf(name: string, dataset: string, format: DataFormat, changes: Partial<Registration> = {}): Registration {
  return {
    jobName: name,
    criticality: 'medium',
    rerunSafe: true,
    modes: { RETRY: 'auto', COERCE_SCHEMA: 'auto', ROLLBACK_SCHEMA: 'auto', QUARANTINE: 'auto' },
    inputs: [{ name: dataset, bucket: LAKE, prefix: incomingOf(dataset), format, table: { database: DATABASE, name: dataset } }],
    outputs: [{ bucket: LAKE, prefix: dailyOf(dataset) }],
    retryDelaySeconds: 4,
    ...changes,
  };
}

export function incomingOf(dataset: string): string {
  return `${dataset}/incoming/`;
}

export function dailyOf(dataset: string): string {
  return `${dataset}/daily/`;
}

/** The lake, its database and the table of `dataset`. */
export async function prepareTable(world: JobWorld, dataset: string, columns: Readonly<Record<string, string>>): Promise<void> {
  world.objects.createBucket(LAKE);
  world.catalog.createDatabase(DATABASE);
  try {
    await world.catalog.getTable(DATABASE, dataset);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'EntityNotFoundException') throw error;
    world.catalog.createTable({
      database: DATABASE,
      name: dataset,
      columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
      location: `s3://${LAKE}/${incomingOf(dataset)}`,
    });
  }
}

/** Runs the job and insists that it succeeds. */
export async function succeed(world: JobWorld, jobName: string, args: Readonly<Record<string, string>>): Promise<JobRun> {
  const run = await world.glue.finished(jobName, await world.glue.runJob(jobName, args));
  if (run.state !== 'SUCCEEDED') throw new Error(`the good run of ${jobName} is ${run.state}: ${run.errorMessage ?? ''}`);
  return run;
}
