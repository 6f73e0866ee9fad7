/** The six actions of the policy, in the order of the Q-table's columns, and what each kind of plan holds. */
import * as z from 'zod';

export const ACTIONS = ['RETRY', 'COERCE_SCHEMA', 'ROLLBACK_SCHEMA', 'QUARANTINE', 'LOG_EVENT', 'ESCALATE'] as const;
export const ActionSchema = z.enum(ACTIONS);
export type Action = z.infer<typeof ActionSchema>;

/** The actions that change something outside Glue Medic; the other two only record or ask. */
export const ACTIVE_ACTIONS = ['RETRY', 'COERCE_SCHEMA', 'ROLLBACK_SCHEMA', 'QUARANTINE'] as const satisfies readonly Action[];
export type ActiveAction = (typeof ACTIVE_ACTIONS)[number];

export function isActive(action: Action): action is ActiveAction {
  return (ACTIVE_ACTIONS as readonly Action[]).includes(action);
}

export const ColumnSchema = z.strictObject({ name: z.string(), type: z.string() });
export type Column = z.infer<typeof ColumnSchema>;

export const ObjectVersionSchema = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().nullable(),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  etag: z.string(),
});
export type ObjectVersion = z.infer<typeof ObjectVersionSchema>;

/** The rerun that ends every repair; its arguments are the failed run's, merged with `argumentChanges`. */
const RerunSchema = z.strictObject({
  jobName: z.string(),
  failedRunId: z.string(),
  /** Added to, or replacing, arguments of the failed run. */
  argumentChanges: z.record(z.string(), z.string()),
  workerType: z.string().nullable(),
  numberOfWorkers: z.number().int().positive().nullable(),
  /** What the rerun may cost at most, from the job's history and capacity. */
  estimatedDpuHours: z.number().nonnegative(),
});
export type Rerun = z.infer<typeof RerunSchema>;

export const PlanSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('RETRY'),
    reason: z.string(),
    delaySeconds: z.number().int().nonnegative(),
    /** 0: same capacity; n: the n-th rung of the registered ladder. */
    rung: z.number().int().nonnegative(),
    rerun: RerunSchema,
  }),
  z.strictObject({
    action: z.literal('COERCE_SCHEMA'),
    reason: z.string(),
    /** `catalog` widens columns of the table; `arguments` asks the job to coerce, where it has declared that it can. */
    mode: z.enum(['catalog', 'arguments']),
    database: z.string().nullable(),
    table: z.string().nullable(),
    fromVersionId: z.string().nullable(),
    changes: z.array(
      z.strictObject({ name: z.string(), kind: z.enum(['type_changed', 'format_changed']), from: z.string(), to: z.string() }),
    ),
    /** What a person could apply where the environment cannot. */
    suggestedPatch: z.string().nullable(),
    delaySeconds: z.number().int().nonnegative(),
    rerun: RerunSchema,
  }),
  z.strictObject({
    action: z.literal('ROLLBACK_SCHEMA'),
    reason: z.string(),
    database: z.string(),
    table: z.string(),
    fromVersionId: z.string(),
    toVersionId: z.string(),
    changes: z.array(z.strictObject({ name: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
    delaySeconds: z.number().int().nonnegative(),
    rerun: RerunSchema,
  }),
  z.strictObject({
    action: z.literal('QUARANTINE'),
    reason: z.string(),
    objects: z.array(ObjectVersionSchema),
    quarantineBucket: z.string(),
    quarantinePrefix: z.string(),
    /** Bytes and share of the input that would move: the blast radius. */
    totalBytes: z.number().int().nonnegative(),
    shareOfInput: z.number().min(0).max(1),
    delaySeconds: z.number().int().nonnegative(),
    rerun: RerunSchema,
  }),
  z.strictObject({ action: z.literal('LOG_EVENT'), reason: z.string(), delaySeconds: z.literal(0) }),
  z.strictObject({ action: z.literal('ESCALATE'), reason: z.string(), delaySeconds: z.literal(0) }),
]);
export type Plan = z.infer<typeof PlanSchema>;
export type PlanOf<A extends Action> = Extract<Plan, { action: A }>;
