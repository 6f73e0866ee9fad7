/** Learns the range and the distribution of what is comparable in a column: numbers, dates, times, and the length of its texts. */
import type { ColumnNature } from './column-nature.ts';
import { comparable } from './comparable.ts';
import type { EncodedColumn } from './encode-column.ts';
import type { RangeBaseline } from './quality-baseline.ts';

const POINTS = 33;
const FEWEST_ROWS = 10;

export type RangeUnit = RangeBaseline['unit'];

/** Values of a column on one scale with their rows, ascending; distinct texts that are not on the scale are left out. */
export interface Scaled {
  readonly unit: RangeUnit;
  /** Per distinct value of the column; NaN where it is not on the scale. */
  readonly ofValue: readonly number[];
  readonly sorted: readonly number[];
}

export function scaleColumn(column: EncodedColumn, unit: RangeUnit): Scaled {
  const ofValue = column.values.map((text) => {
    if (unit === 'length') return text.length;
    const value = comparable(text);
    return value?.unit === unit ? value.value : Number.NaN;
  });
  const sorted: number[] = [];
  for (const [code, value] of ofValue.entries()) {
    if (!Number.isNaN(value)) for (let copies = column.counts[code] ?? 0; copies > 0; copies--) sorted.push(value);
  }
  return { unit, ofValue, sorted: sorted.sort((a, b) => a - b) };
}

export function learnRanges(column: EncodedColumn, nature: ColumnNature): RangeBaseline[] {
  const mayGrow = nature.movesOn && (nature.unit === 'number' || !nature.isFixedWidth);
  const units = mayGrow ? [nature.unit] : [nature.unit, 'length' as const];
  return units.filter((unit) => unit !== null).flatMap((unit) => learnRange(scaleColumn(column, unit), nature) ?? []);
}

function learnRange({ unit, sorted }: Scaled, { movesOn, isKey }: ColumnNature): RangeBaseline | null {
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined || sorted.length < FEWEST_ROWS) return null;
  const isCounted = isKey && movesOn && unit === 'number';
  const { lowest, highest } = isCounted ? keyFences(min, max) : fences(sorted, unit);
  const inner = isCounted ? { lowest: min, highest: max } : fences(sorted.slice(1, -1), unit);
  const points = movesOn && unit !== 'length' ? [] : [...new Set(Array.from({ length: POINTS }, (_, i) => at(sorted, i / (POINTS - 1))))];
  return {
    unit,
    rows: sorted.length,
    min,
    max,
    lowest,
    highest,
    outside: Number(min < (inner.lowest ?? min)) + Number(max > (inner.highest ?? max)),
    quantiles: points,
    shares: points.map((point) => shareUpTo(sorted, point)),
  };
}

/** A tenth of the spread beyond the extremes; for dates a whole spread, or a year, since they move on. */
const YEAR = 366 * 86_400_000;

function fences(sorted: readonly number[], unit: RangeUnit) {
  const [min = 0, max = 0] = [sorted[0], sorted.at(-1)];
  const spread = max - min;
  if (unit === 'date') return { lowest: min - Math.max(spread, YEAR), highest: max + Math.max(spread, YEAR) };
  return { lowest: min - spread / 10, highest: max + spread / 10 };
}

/** Keys are counted up, but not by two digits at once. */
const KEY_GROWTH = 100;
const SMALL_KEY = 1000;

function keyFences(min: number, max: number): { lowest: number | null; highest: number | null } {
  if (min < 0) return { lowest: null, highest: null };
  return { lowest: min / KEY_GROWTH, highest: Math.max(max, SMALL_KEY) * KEY_GROWTH };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

/** Share of the values that are at most `point`, by bisection. */
export function shareUpTo(sorted: readonly number[], point: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? 0) <= point) from = middle + 1;
    else to = middle;
  }
  return sorted.length === 0 ? 0 : from / sorted.length;
}
