/** What the results of several checks amount to: which of them count, and the share of rows that they cost. */
import type { CheckResult } from './check-result.ts';

/** A test above it is no reason to call anything degraded, however many columns are. */
export const NOTABLE = 0.05;
/** Up to here a finding costs its full share of rows in the score; above, the less the likelier it is chance. */
const COUNTS_FULLY = 0.02;
/** Checks that hardly ever fail on good data: their rows can be counted one by one. */
const STRICT_UP_TO = 0.01;

export function notableResults(results: readonly CheckResult[]): CheckResult[] {
  return results.filter(({ pValue }) => pValue <= NOTABLE).sort((a, b) => a.pValue - b.pValue || b.badShare - a.badShare);
}

/**
 * Share of rows with an offending cell beyond the baseline's. Different checks find the same cells: those of the strict checks are
 * united, of the others the largest counts. A finding that may be chance counts by how unlikely that is.
 */
export function lossOf(results: readonly CheckResult[], rowCount: number): number {
  const strict = notableResults(results).filter(
    ({ baselineShare, check }) => baselineShare <= STRICT_UP_TO && !check.endsWith('distribution'),
  );
  const united =
    new Set(strict.flatMap(({ rows }) => rows)).size / rowCount - Math.max(0, ...strict.map(({ baselineShare }) => baselineShare));
  const excesses = results.map(
    ({ badShare, baselineShare, measured, pValue }) =>
      ((badShare - baselineShare) * measured * Math.min(1, COUNTS_FULLY / pValue)) / rowCount,
  );
  return Math.min(1, Math.max(0, united, ...excesses));
}
