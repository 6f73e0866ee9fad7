/**
 * What the simulated world is like: how often which failure comes, and how often which action mends it. These are assumptions of
 * engineers, not measurements; what is learned from them is learned in simulation, not in the world.
 */
import type { Action, ActiveAction } from '../functions/shared/actions.ts';
import type { JobRegistration } from '../functions/shared/job-registration.ts';
import type { DriftSeverity, FailureFamily, QualityCondition, RlState } from '../functions/shared/rl-state.ts';

/** Changes with every change of a number below: policies name the world they were trained in. */
export const SIMULATOR_VERSION = '1';

type Mix<K extends string> = Readonly<Record<K, number>>;

/** Of a hundred failures. */
export const FAMILY_MIX: Mix<FailureFamily> = {
  transient_infrastructure: 22,
  resource_exhaustion: 14,
  schema_drift: 16,
  data_quality: 12,
  missing_input: 10,
  access_denied: 6,
  connectivity: 7,
  configuration: 4,
  code_defect: 5,
  unknown: 4,
};

export const CRITICALITY_MIX: Mix<JobRegistration['criticality']> = { low: 25, medium: 45, high: 22, critical: 8 };
export const RETRY_MIX: Mix<RlState['retryCount']> = { '0': 65, '1': 22, '2+': 13 };

const USUAL_DRIFT: Mix<DriftSeverity> = { none: 70, compatible: 10, breaking: 2, unmeasured: 18 };
export const DRIFT_MIX: Readonly<Partial<Record<FailureFamily, Mix<DriftSeverity>>>> & { readonly usual: Mix<DriftSeverity> } = {
  usual: USUAL_DRIFT,
  schema_drift: { none: 6, compatible: 44, breaking: 38, unmeasured: 12 },
};

const USUAL_QUALITY: Mix<QualityCondition> = { good: 66, degraded: 12, poor: 2, unmeasured: 20 };
export const QUALITY_MIX: Readonly<Partial<Record<FailureFamily, Mix<QualityCondition>>>> & { readonly usual: Mix<QualityCondition> } = {
  usual: USUAL_QUALITY,
  schema_drift: { good: 45, degraded: 27, poor: 13, unmeasured: 15 },
  data_quality: { good: 22, degraded: 40, poor: 28, unmeasured: 10 },
};

/** Confidence of the classification, from and to. */
export const CONFIDENCE: Readonly<Partial<Record<FailureFamily, readonly [number, number]>>> & {
  readonly usual: readonly [number, number];
} = {
  usual: [0.7, 1],
  unknown: [0, 0.5],
};
export const PARTIAL_EVIDENCE = 0.2;

/** How likely the action mends a first failure of the family; what is not named mends nothing. */
export const SUCCESS: Readonly<Record<FailureFamily, Readonly<Partial<Record<ActiveAction, number>>>>> = {
  transient_infrastructure: { RETRY: 0.88 },
  resource_exhaustion: { RETRY: 0.72 },
  schema_drift: { RETRY: 0.04, COERCE_SCHEMA: 0.85, ROLLBACK_SCHEMA: 0.8, QUARANTINE: 0.25 },
  data_quality: { RETRY: 0.05, COERCE_SCHEMA: 0.08, QUARANTINE: 0.82 },
  missing_input: { RETRY: 0.6 },
  access_denied: { RETRY: 0.03 },
  connectivity: { RETRY: 0.58 },
  configuration: { RETRY: 0.02 },
  code_defect: { RETRY: 0.02 },
  unknown: { RETRY: 0.2 },
};

/** What the measured drift does to the chance of the two schema actions. */
export const DRIFT_FACTOR: Readonly<Record<'COERCE_SCHEMA' | 'ROLLBACK_SCHEMA', Mix<DriftSeverity>>> = {
  COERCE_SCHEMA: { none: 0.55, compatible: 1, breaking: 0.3, unmeasured: 0.6 },
  ROLLBACK_SCHEMA: { none: 0.15, compatible: 0.5, breaking: 1, unmeasured: 0.55 },
};

/** Where much of the data is bad, moving objects away leaves too little. */
export const QUARANTINE_QUALITY_FACTOR: Mix<QualityCondition> = { good: 1, degraded: 1, poor: 0.45, unmeasured: 0.6 };

/** What failed before is likelier to fail again. */
export const RETRY_FACTOR: Mix<RlState['retryCount']> = { '0': 1, '1': 0.7, '2+': 0.3 };

/** Minutes from the failure to the verdict, and DPU-hours of the rerun: from and to. */
export const COST: Readonly<Record<Action, { readonly minutes: readonly [number, number]; readonly dpuHours: readonly [number, number] }>> =
  {
    RETRY: { minutes: [3, 40], dpuHours: [0.2, 4] },
    COERCE_SCHEMA: { minutes: [4, 35], dpuHours: [0.2, 3] },
    ROLLBACK_SCHEMA: { minutes: [4, 35], dpuHours: [0.2, 3] },
    QUARANTINE: { minutes: [5, 40], dpuHours: [0.2, 3] },
    LOG_EVENT: { minutes: [0, 0], dpuHours: [0, 0] },
    ESCALATE: { minutes: [0, 0], dpuHours: [0, 0] },
  };
/** Each rung of the ladder that a repeated resource failure climbs multiplies what the rerun costs. */
export const LADDER_COST_FACTOR: Mix<RlState['retryCount']> = { '0': 1.5, '1': 3, '2+': 6 };
/** Minutes a person spends on an approval, which high risk asks for. */
export const APPROVAL_MINUTES: readonly [number, number] = [3, 25];

/** Share of the input that a quarantine withholds. */
export const WITHHELD: Readonly<Record<QualityCondition, readonly [number, number]>> = {
  good: [0.01, 0.1],
  degraded: [0.02, 0.2],
  poor: [0.2, 0.9],
  unmeasured: [0.02, 0.4],
};
export const UNDO_FAILS = 0.02;
