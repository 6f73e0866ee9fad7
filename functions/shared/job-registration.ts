/** What a team says about a job when it registers it: what matters, what is safe, and which authority Glue Medic has. */
import * as z from 'zod';
import { ACTIVE_ACTIONS, type Action, ActionSchema, isActive } from './actions.ts';

export const MODES = ['shadow', 'approve', 'auto'] as const;
export type Mode = (typeof MODES)[number];

const count = z.number().int().nonnegative();
/** What is counted by listing who counts, in one item: a limit has to leave room in it. */
const places = count.max(1000);

/** Limits of the guardrails. Every one has a default; a team may only name what it changes. */
export const LimitsSchema = z.strictObject({
  /** Below this confidence of the classification nothing active is done. */
  confidenceFloor: z.number().min(0).max(1).default(0.7),
  retriesPerLineage: places.default(2),
  remediationsPerJobPerDay: places.default(6),
  remediationsPerFleetPerHour: places.default(30),
  cooldownSeconds: count.default(0),
  /** Validations that may fail in a row before the circuit opens. */
  failedValidations: count.default(3),
  quarantineObjects: count.default(10),
  quarantineBytes: count.default(1_073_741_824),
  quarantineShareOfInput: z.number().min(0).max(1).default(0.34),
  tables: count.default(1),
  dpuHoursPerRerun: z.number().nonnegative().default(20),
  dpuHoursPerJobPerDay: z.number().nonnegative().default(60),
  /** From this many incidents of one signature within the window on, incidents are deferred. */
  stormIncidents: places.min(2).default(10),
  stormWindowSeconds: count.default(600),
});
export type Limits = z.infer<typeof LimitsSchema>;

/** The name alone, of the oldest buckets too; a URI or an ARN would name nothing, or another team's. */
const bucketName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/, 'the name of a bucket, no URI and no ARN');
const PREFIX = 'a prefix such as "orders/incoming/": not empty, no leading "/", no "." or ".." in between, no URI, ends with "/"';
const isPrefix = (prefix: string): boolean =>
  /^[^/].*\/$/.test(prefix) && !prefix.includes('://') && !prefix.split('/').some((part) => part === '.' || part === '..');

export const RegisteredInputSchema = z.strictObject({
  name: z.string().min(1),
  bucket: bucketName,
  /** Ends with "/"; an empty prefix is refused, it would mean the whole bucket. */
  prefix: z.string().refine(isPrefix, PREFIX),
  format: z.enum(['csv', 'jsonl', 'parquet']),
  table: z.strictObject({ database: z.string().min(1), name: z.string().min(1) }).nullable(),
});
export type RegisteredInput = z.infer<typeof RegisteredInputSchema>;

export const JobRegistrationSchema = z.strictObject({
  jobName: z.string().min(1).max(255),
  registeredAt: z.iso.datetime(),
  criticality: z.enum(['low', 'medium', 'high', 'critical']),
  /** The job's sink is idempotent: running it again over the same input does no harm. Undeclared, every rerun needs approval. */
  rerunSafe: z.boolean().default(false),
  protected: z.boolean().default(false),
  /** Actions that whoever changed this registration last may not approve: somebody else has to. */
  fourEyes: z.array(z.enum(ACTIVE_ACTIONS)).max(ACTIVE_ACTIONS.length).default([]),
  modes: z.partialRecord(ActionSchema, z.enum(MODES)).default({}),
  inputs: z.array(RegisteredInputSchema).max(20),
  outputs: z.array(z.strictObject({ bucket: bucketName, prefix: z.string().min(1) })).default([]),
  /** Coercions the job's script understands: kind of change → argument name, e.g. `{"datetime-format": "--datetime_format"}`. */
  coercions: z.record(z.string(), z.string()).default({}),
  /** Capacity to climb when memory or disk ran out; never a type the job's Glue version does not have. */
  ladder: z
    .array(z.strictObject({ workerType: z.string(), numberOfWorkers: z.number().int().positive() }))
    .max(4)
    .default([]),
  maxDpu: z.number().positive().default(20),
  retryDelaySeconds: count.max(3600).default(60),
  /** At most ten days: two waits in a row still end before the execution does. */
  approvalTimeoutSeconds: z.number().int().min(60).max(864_000).default(604_800),
  changeFreezes: z.array(z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), reason: z.string() })).default([]),
  explorationRate: z.number().min(0).max(0.1).default(0),
  limits: LimitsSchema.prefault({}),
  /** Who changed it last, and when; noted by whoever stores it, whatever was given. Null where that is not known. */
  changedBy: z.string().max(200).nullable().default(null),
  changedAt: z.iso.datetime().nullable().default(null),
});
export type JobRegistration = z.infer<typeof JobRegistrationSchema>;

/**
 * The authority for one action on one job. Undeclared means shadow; recording and asking follow the job: once any active action
 * may be taken or asked for, people also want to be told.
 */
export function modeOf(registration: JobRegistration | null, action: Action): Mode {
  if (!registration) return 'shadow';
  const declared = registration.modes[action];
  if (declared) return declared;
  if (isActive(action)) return 'shadow';
  const anyAuthority = Object.entries(registration.modes).some(([name, mode]) => isActive(name as Action) && mode !== 'shadow');
  return anyAuthority ? 'auto' : 'shadow';
}
