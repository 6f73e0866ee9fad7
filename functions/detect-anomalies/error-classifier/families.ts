/** What a failed run can have died of. No imports: every layer may name a family. */

/** In the order of the state space: nine causes and `unknown`, a failure without a nameable cause. */
export const FAMILIES = [
  'transient_infrastructure',
  'resource_exhaustion',
  'schema_drift',
  'data_quality',
  'missing_input',
  'access_denied',
  'connectivity',
  'configuration',
  'code_defect',
  'unknown',
] as const;

export type Family = (typeof FAMILIES)[number];

/** A family that a signature can name. */
export type NamedFamily = Exclude<Family, 'unknown'>;

/** `none`: no line reports a failure. */
export type Verdict = Family | 'none';
