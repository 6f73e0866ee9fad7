/** Uniqueness: values of a key that repeat, and rows that repeat as a whole. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import type { EncodedColumn } from './encode-column.ts';
import { findDuplicateRows } from './find-duplicate-rows.ts';
import type { ColumnBaseline, QualityBaseline } from './quality-baseline.ts';

export function checkUniqueness(baseline: ColumnBaseline, column: EncodedColumn): CheckResult[] {
  const present = column.rowCount - column.missing;
  if (!baseline.isKey || column.isNested || present === 0) return [];
  const before = Math.max(1, baseline.rows - baseline.missing);
  const seen = new Set<number>();
  const rows: number[] = [];
  for (const [row, code] of column.codes.entries()) {
    if (code >= 0 && seen.has(code)) rows.push(row);
    seen.add(code);
  }
  return [
    checkResult({
      metric: 'uniqueness',
      check: 'repeated',
      badShare: rows.length / present,
      baselineShare: baseline.repeated / before,
      measured: present,
      pValue: predictiveTail(repeatsExpected(baseline.repeated, before, present), before, rows.length, present),
      rows,
      reason: `${percent(rows.length / present)} of the values repeat an earlier one, where nearly none did`,
    }),
  ];
}

export function checkDuplicateRows(baseline: QualityBaseline, columns: readonly EncodedColumn[], rowCount: number): CheckResult {
  const rows = findDuplicateRows(columns, rowCount);
  return checkResult({
    metric: 'uniqueness',
    check: 'duplicate-rows',
    badShare: rows.length / rowCount,
    baselineShare: baseline.duplicateRows / baseline.rows,
    measured: rowCount,
    pValue: predictiveTail(repeatsExpected(baseline.duplicateRows, baseline.rows, rowCount), baseline.rows, rows.length, rowCount),
    rows,
    reason: `${percent(rows.length / rowCount)} of the rows repeat an earlier row (${percent(baseline.duplicateRows / baseline.rows)} expected)`,
  });
}

/**
 * By chance, repeats grow with the square of the rows. A few may have been few by luck, and one more may have gone unseen, which shows in
 * a larger sample.
 */
function repeatsExpected(repeated: number, baselineRows: number, rows: number): number {
  const growth = Math.max(1, rows / baselineRows);
  const unlucky = repeated + 2 * Math.sqrt(repeated) + (growth > 1 ? 1 : 0);
  return Math.min(baselineRows, unlucky * growth);
}
