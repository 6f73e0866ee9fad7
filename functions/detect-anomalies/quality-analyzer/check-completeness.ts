/** Completeness: missing cells, absent columns, and new ways of writing that there is no value. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, unpackFingerprints } from './fingerprints.ts';
import type { ColumnBaseline } from './quality-baseline.ts';
import { showCell } from './show-cell.ts';

export function checkCompleteness(baseline: ColumnBaseline, column: EncodedColumn): CheckResult {
  const badShare = column.missing / column.rowCount;
  return checkResult({
    metric: 'completeness',
    check: 'missing',
    badShare,
    baselineShare: baseline.missing / Math.max(1, baseline.rows),
    measured: column.rowCount,
    pValue: predictiveTail(baseline.missing, baseline.rows, column.missing, column.rowCount),
    rows: rowsBelowZero(column, () => true),
    reason: `${percent(badShare)} of the cells are missing (${percent(baseline.missing / Math.max(1, baseline.rows))} expected)`,
  });
}

/** Missing cells that are written differently than before, such as `N/A` for an empty cell: readers of the data will take them for values. */
export function checkMissingSpelling(baseline: ColumnBaseline, column: EncodedColumn): CheckResult {
  const known = new Set(unpackFingerprints(baseline.missingSpellings));
  const isNew = column.spellings.map((text) => text.trim() !== '' && !known.has(fingerprint(text)));
  const rows = rowsBelowZero(column, (spelling) => isNew[spelling] ?? false);
  const written = column.spellings.filter((_, index) => isNew[index]).map(showCell);
  return checkResult({
    metric: 'validity',
    check: 'missing-spelling',
    badShare: rows.length / column.rowCount,
    baselineShare: 0,
    measured: column.rowCount,
    pValue: predictiveTail(0, baseline.rows, rows.length, column.rowCount),
    rows,
    reason: `${percent(rows.length / column.rowCount)} of the cells say that there is no value in a new way: ${written.slice(0, 3).join(', ')}`,
  });
}

export function checkAbsent(column: ColumnBaseline, rowCount: number): CheckResult {
  const present = 1 - column.missing / Math.max(1, column.rows);
  return {
    metric: 'completeness',
    check: 'absent',
    badShare: 1,
    baselineShare: 1 - present,
    measured: rowCount,
    pValue: present === 0 ? 1 : predictiveTail(column.missing, column.rows, rowCount, rowCount),
    rows: [],
    reason: 'the column is absent',
  };
}

function rowsBelowZero(column: EncodedColumn, holds: (spelling: number) => boolean): number[] {
  const rows: number[] = [];
  for (const [row, code] of column.codes.entries()) if (code < 0 && holds(-1 - code)) rows.push(row);
  return rows;
}
