/** What one test of one column says; `analyzeQuality` combines them. */
import type { QualityFinding } from './quality-report.ts';

export interface CheckResult {
  readonly metric: QualityFinding['metric'];
  readonly check: string;
  /** Share of rows that fail, now and in the baseline. */
  readonly badShare: number;
  readonly baselineShare: number;
  /** Rows that the shares are of. */
  readonly measured: number;
  /** Of the difference, one-sided: more bad rows than the baseline makes one expect. */
  readonly pValue: number;
  /** All failing rows, ascending. */
  readonly rows: readonly number[];
  /** A sentence for a person. */
  readonly reason: string;
}

/** A difference smaller than this is of no interest, however significant. */
export const LEAST_EXCESS = 0.005;

/** A test whose effect is too small counts as passed. */
export function checkResult(result: CheckResult, leastExcess = LEAST_EXCESS): CheckResult {
  return result.badShare - result.baselineShare >= leastExcess ? result : { ...result, pValue: 1 };
}

/** A share as people read it. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
