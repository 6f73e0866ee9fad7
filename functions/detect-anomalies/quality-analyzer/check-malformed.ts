/** Validity of whole records: those that could not be read as rows. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import type { QualityBaseline } from './quality-baseline.ts';

/** `rows` and `malformed` of the current sample; such records have no row number. */
export function checkMalformed(baseline: QualityBaseline, rows: number, malformed: number): CheckResult {
  const before = baseline.malformedRows ?? 0;
  const [all, allBefore] = [rows + malformed, baseline.rows + before];
  const badShare = malformed / Math.max(all, 1);
  return checkResult({
    metric: 'validity',
    check: 'malformed-rows',
    badShare,
    baselineShare: before / Math.max(allBefore, 1),
    measured: all,
    pValue: predictiveTail(before, allBefore, malformed, all),
    rows: [],
    reason: `${percent(badShare)} of the records could not be read as rows (${percent(before / Math.max(allBefore, 1))} expected)`,
  });
}
