/** The state of the decision problem: 10 families × 4 risks × 3 retry counts × 4 drifts × 4 qualities = 1,920. */
import * as z from 'zod';
import { InputError, quoteForMessage } from './errors.ts';

export const FAILURE_FAMILIES = [
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
export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const;
export const RETRY_COUNTS = ['0', '1', '2+'] as const;
export const DRIFT_SEVERITIES = ['none', 'compatible', 'breaking', 'unmeasured'] as const;
export const QUALITY_CONDITIONS = ['good', 'degraded', 'poor', 'unmeasured'] as const;

export const RlStateSchema = z.strictObject({
  family: z.enum(FAILURE_FAMILIES),
  risk: z.enum(RISK_LEVELS),
  retryCount: z.enum(RETRY_COUNTS),
  drift: z.enum(DRIFT_SEVERITIES),
  quality: z.enum(QUALITY_CONDITIONS),
});
export type RlState = z.infer<typeof RlStateSchema>;
export type FailureFamily = RlState['family'];
export type RiskLevel = RlState['risk'];
export type DriftSeverity = RlState['drift'];
export type QualityCondition = RlState['quality'];

/** Reads and prints the id of a state, e.g. `schema_drift|high|0|breaking|good`. */
export function stateId(state: RlState): string {
  return `${state.family}|${state.risk}|${state.retryCount}|${state.drift}|${state.quality}`;
}

export function parseStateId(id: string): RlState {
  const [family, risk, retryCount, drift, quality, ...rest] = id.split('|');
  const parsed = RlStateSchema.safeParse({ family, risk, retryCount, drift, quality });
  if (!parsed.success || rest.length > 0) {
    throw new InputError('E_STATE', `${quoteForMessage(id)} is no state; expected family|risk|retries|drift|quality`);
  }
  return parsed.data;
}

export function retryCountOf(retries: number): RlState['retryCount'] {
  return retries <= 0 ? '0' : retries === 1 ? '1' : '2+';
}

/** Every state, in the order of the Q-table's rows. */
export function* allStates(): Generator<RlState> {
  for (const family of FAILURE_FAMILIES)
    for (const risk of RISK_LEVELS)
      for (const retryCount of RETRY_COUNTS)
        for (const drift of DRIFT_SEVERITIES) for (const quality of QUALITY_CONDITIONS) yield { family, risk, retryCount, drift, quality };
}
