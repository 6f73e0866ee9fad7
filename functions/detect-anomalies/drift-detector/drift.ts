/** What the drift detector finds between two sides of one dataset: the shape that the Incident, the stores and the command line share. */
import * as z from 'zod';
import { VERDICTS } from './compare-types.ts';

export const DRIFT_SEVERITIES = ['none', 'compatible', 'breaking', 'unmeasured'] as const;

/**
 * `nested_changed`: values of a JSON column differ below its top level (nothing was declared there, so it is not a declared type that changed);
 * `format_changed`: the dates of a column are written in another way.
 */
export const CHANGE_KINDS = [
  'added',
  'removed',
  'renamed',
  'type_changed',
  'nested_changed',
  'format_changed',
  'partition_changed',
] as const;

export const driftChangeSchema = z.strictObject({
  /** The baseline's path, or the current one's where the column is new: `a.b`, `a[]` element, `a{key}`, `a{value}`. */
  path: z.string(),
  kind: z.enum(CHANGE_KINDS),
  /** The type before; for `renamed` the name, for `format_changed` the date format. Null for what is new. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  verdict: z.enum(VERDICTS),
  /** Only for `renamed`: how well names, values, types and positions agree. */
  score: z.number().min(0).max(1).optional(),
  /** One sentence: what was seen. */
  reason: z.string(),
});

export const driftSchema = z.strictObject({
  /** `unmeasured`: one side shows no columns, so nothing can be said. */
  severity: z.enum(DRIFT_SEVERITIES),
  changes: z.array(driftChangeSchema),
});

export type DriftSeverity = (typeof DRIFT_SEVERITIES)[number];
export type DriftChange = z.infer<typeof driftChangeSchema>;
export type Drift = z.infer<typeof driftSchema>;
