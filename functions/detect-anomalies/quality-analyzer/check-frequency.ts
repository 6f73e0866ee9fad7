/** Validity by frequency: one value that stands where there was none so frequent, such as a default that took the place of real ones. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, percent } from './check-result.ts';
import { rowsWhere } from './check-traits.ts';
import { comparable, isDate } from './comparable.ts';
import type { EncodedColumn } from './encode-column.ts';
import type { ColumnBaseline } from './quality-baseline.ts';
import { showCell } from './show-cell.ts';

/** By how much it is more frequent than any value was, and how many times. */
const LEAST_EXCESS = 0.02;
const LEAST_MULTIPLE = 2;
const FEWEST_ROWS = 20;

/** None where every value occurs once: that is for uniqueness. */
export function checkFrequency(baseline: ColumnBaseline, column: EncodedColumn): CheckResult[] {
  const [before, present] = [baseline.rows - baseline.missing, column.rowCount - column.missing];
  if (baseline.mostFrequent === undefined || baseline.isKey || column.isNested || Math.min(before, present) < FEWEST_ROWS) return [];
  const rows = column.counts.reduce((most, count) => Math.max(most, count), 0);
  const code = column.counts.indexOf(rows);
  const text = column.values[code] ?? '';
  const [share, shareBefore] = [rows / present, baseline.mostFrequent / before];
  if (share - shareBefore < LEAST_EXCESS || share < LEAST_MULTIPLE * shareBefore || isNextDay(text, baseline)) return [];
  return [
    {
      metric: 'validity',
      check: 'frequency',
      badShare: share,
      baselineShare: shareBefore,
      measured: present,
      // any of the values could have been the one
      pValue: Math.min(1, predictiveTail(baseline.mostFrequent, before, rows, present) * column.values.length),
      rows: rowsWhere(column, (each) => each === code),
      reason: `${percent(share)} of the values are ${showCell(text)}; no value made up more than ${percent(shareBefore)}`,
    },
  ];
}

/** Dates move on, and a delivery may be all of one day; a day of old times has no reason to become frequent. */
function isNextDay(text: string, { ranges }: ColumnBaseline): boolean {
  const dates = ranges.find(({ unit }) => unit === 'date');
  const value = comparable(text);
  return isDate(text) && (dates === undefined || value === null || value.value > dates.max);
}
