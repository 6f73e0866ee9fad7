/** Validity by range and distribution: cells outside of what the baseline allows, and a distribution that moved as a whole. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import { rowsWhere } from './check-traits.ts';
import type { EncodedColumn } from './encode-column.ts';
import { kolmogorovTail } from './kolmogorov.ts';
import { scaleColumn, shareUpTo } from './learn-ranges.ts';
import type { ColumnBaseline, RangeBaseline } from './quality-baseline.ts';

/** How far the distributions must be apart (Kolmogorov-Smirnov distance), and the fewest values on both sides. */
const LEAST_SHIFT = 0.15;
const FEWEST_ROWS = 20;

export function checkRanges(baseline: ColumnBaseline, column: EncodedColumn): CheckResult[] {
  return baseline.ranges.flatMap((range) => {
    const scaled = scaleColumn(column, range.unit);
    if (scaled.sorted.length === 0) return [];
    return [checkFences(range, column, scaled), ...checkShift(range, column, scaled)];
  });
}

type Scaled = ReturnType<typeof scaleColumn>;

function checkFences(range: RangeBaseline, column: EncodedColumn, { ofValue, sorted }: Scaled): CheckResult {
  const isOutside = (code: number) => {
    const value = ofValue[code] ?? Number.NaN;
    return value < (range.lowest ?? Number.NEGATIVE_INFINITY) || value > (range.highest ?? Number.POSITIVE_INFINITY);
  };
  const rows = rowsWhere(column, isOutside);
  const badShare = rows.length / sorted.length;
  return checkResult({
    metric: 'validity',
    check: range.unit === 'length' ? 'length' : 'range',
    badShare,
    baselineShare: range.outside / range.rows,
    measured: sorted.length,
    pValue: predictiveTail(range.outside, range.rows, rows.length, sorted.length),
    rows,
    reason: `${percent(badShare)} of the ${range.unit === 'length' ? 'lengths' : 'values'} lie outside of ${show(range.min, range)} to ${show(range.max, range)}`,
  });
}

function checkShift(range: RangeBaseline, column: EncodedColumn, { ofValue, sorted }: Scaled): CheckResult[] {
  if (range.quantiles.length < 2 || Math.min(range.rows, sorted.length) < FEWEST_ROWS) return [];
  let shift = { distance: 0, point: 0, up: true, expected: 0 };
  for (const [index, point] of range.quantiles.entries()) {
    const before = range.shares[index] ?? 0;
    const difference = shareUpTo(sorted, point) - before;
    if (Math.abs(difference) <= shift.distance) continue;
    shift = { distance: Math.abs(difference), point, up: difference < 0, expected: difference < 0 ? 1 - before : before };
  }
  const isBeyond = (value: number) => (shift.up ? value > shift.point : value <= shift.point);
  const median = range.quantiles[Math.floor(range.quantiles.length / 2)] ?? 0;
  const now = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return [
    checkResult(
      {
        metric: 'validity',
        check: range.unit === 'length' ? 'length-distribution' : 'distribution',
        badShare: shift.distance,
        baselineShare: 0,
        measured: sorted.length,
        pValue: kolmogorovTail(shift.distance, range.rows, sorted.length),
        // Most rows on the fuller side are there because of the shift, or none is singled out.
        rows: shift.distance < shift.expected ? [] : rowsWhere(column, (code) => isBeyond(ofValue[code] ?? Number.NaN)),
        reason: `the ${range.unit === 'length' ? 'lengths are' : 'values are'} distributed differently: the median is ${show(now, range)} (${show(median, range)} expected)`,
      },
      LEAST_SHIFT,
    ),
  ];
}

function show(value: number, { unit }: RangeBaseline): string {
  if (unit === 'date' && Math.abs(value) < 8.64e15) return new Date(value).toISOString().slice(0, 10);
  if (unit === 'time') return `${Math.floor(value / 3600)}:${String(Math.floor(value / 60) % 60).padStart(2, '0')}`;
  return String(Number(value.toPrecision(6)));
}
