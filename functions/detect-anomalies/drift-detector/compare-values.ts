/** How alike the values of two columns are: row by row where the rows can be joined, by their distribution where they cannot. */
import { parseDateTime } from '../schema-profiler/parse-date-time.ts';
import type { Cell, TableSample } from '../table-sample.ts';

/** Rows of either side that are looked at. */
const MAX_ROWS = 2_000;
/** Fewer informative rows than this prove nothing. */
const MIN_ROWS = 5;
const MAX_KEY_COLUMNS = 4;
/** No further column is added to a key once this share of the rows has one of its own. */
const UNIQUE_ENOUGH = 0.98;
/** Share of the smaller side that has to meet its counterpart. */
const MIN_JOINED = 0.2;

/** One spelling per value, so that `1.50` equals 1.5 and ` A ` equals `a`; null is missing. */
export function comparable(cell: Cell): string | null {
  if (cell === null) return null;
  if (typeof cell === 'object')
    return JSON.stringify(cell, (_, value) => (typeof value === 'bigint' ? String(value) : value)).slice(0, 512);
  const text = String(cell).slice(0, 512).trim();
  if (text === '') return null;
  if (/^[+-]?\d/.test(text) || /^[+-]?\.\d/.test(text)) {
    const number = Number(text);
    // beyond 15 digits (identifiers) two different texts may be one double
    if (Number.isFinite(number) && text.length <= 16) return String(Number(number.toPrecision(9)));
  }
  // one day, however it is written
  const date = DATE_LIKE.test(text) ? parseDateTime(text) : null;
  return date && !date.ambiguous ? date.iso : text.toLowerCase();
}

const DATE_LIKE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/;

/** Pairs of row numbers, [baseline, current], that are the same record on both sides; null where no key was found. */
export type JoinedRows = readonly (readonly [number, number])[] | null;

/** A column's values, comparable. */
export type Prepared = readonly (string | null)[];

/** Every column of a sample by name, its first rows made comparable once. */
export function prepare(sample: TableSample): ReadonlyMap<string, Prepared> {
  return new Map(sample.columns.map(({ name, values }) => [name, values.slice(0, MAX_ROWS).map(comparable)]));
}

/** Joins two samples on the columns that they share: up to four that together tell the rows apart and meet again on the other side. */
export function joinRows(
  baseline: ReadonlyMap<string, Prepared>,
  current: ReadonlyMap<string, Prepared>,
  shared: readonly (readonly [string, string])[],
): JoinedRows {
  const candidates = shared.flatMap(([before, after]) => {
    const [a, b] = [baseline.get(before), current.get(after)];
    if (!a || !b) return [];
    const [valuesA, valuesB] = [new Set(a), new Set(b)];
    const met = [...valuesB].filter((value) => valuesA.has(value)).length;
    const overlap = met / Math.max(1, Math.min(valuesA.size, valuesB.size));
    return valuesA.size > 1 && overlap >= 0.3 ? [{ a, b, worth: overlap * Math.log(valuesA.size) }] : [];
  });
  candidates.sort((p, q) => q.worth - p.worth);
  const rowsA = candidates[0]?.a.length ?? 0;
  const rowsB = candidates[0]?.b.length ?? 0;
  const chosen: { a: Prepared; b: Prepared }[] = [];
  let joined: (readonly [number, number])[] = [];
  while (chosen.length < MAX_KEY_COLUMNS) {
    const next = bestExtension(chosen, candidates.slice(0, 12), rowsA);
    if (!next) break;
    chosen.push(next);
    const keysA = uniqueKeys(
      chosen.map(({ a }) => a),
      rowsA,
    );
    const keysB = uniqueKeys(
      chosen.map(({ b }) => b),
      rowsB,
    );
    joined = [...keysB].flatMap(([key, row]) => (keysA.has(key) ? [[keysA.get(key) ?? 0, row] as const] : []));
    if (keysA.size >= UNIQUE_ENOUGH * rowsA && keysB.size >= UNIQUE_ENOUGH * rowsB) break;
  }
  // rows whose key repeats are left out: the others are evidence enough
  return joined.length >= Math.max(2 * MIN_ROWS, MIN_JOINED * Math.min(rowsA, rowsB)) ? joined : null;
}

function bestExtension<T extends { a: Prepared; b: Prepared; worth: number }>(
  chosen: readonly { a: Prepared }[],
  candidates: readonly T[],
  rows: number,
): T | null {
  let best: T | null = null;
  let most = -1;
  for (const candidate of candidates) {
    if (chosen.includes(candidate)) continue;
    const keys = new Set(Array.from({ length: rows }, (_, row) => keyOf([...chosen.map(({ a }) => a), candidate.a], row)));
    const gain = keys.size * (1 + candidate.worth / 100);
    if (gain > most) [best, most] = [candidate, gain];
  }
  return best;
}

const keyOf = (columns: readonly Prepared[], row: number) => columns.map((values) => values[row] ?? '\u0000').join('\u0001');

/** Key → row, for the keys that occur once. */
function uniqueKeys(columns: readonly Prepared[], rows: number): Map<string, number> {
  const found = new Map<string, number>();
  const repeated = new Set<string>();
  for (let row = 0; row < rows; row += 1) {
    const key = keyOf(columns, row);
    if (found.has(key)) repeated.add(key);
    else found.set(key, row);
  }
  for (const key of repeated) found.delete(key);
  return found;
}

/**
 * Agreement of two columns over joined rows beyond what chance gives (Cohen's kappa), at most 1; null where the rows say nothing
 * (too few, or constants). Rows where both are missing do not count.
 */
export function joinedAgreement(before: Prepared, after: Prepared, rows: NonNullable<JoinedRows>): number | null {
  const countsA = new Map<string | null, number>();
  const countsB = new Map<string | null, number>();
  let seen = 0;
  let equal = 0;
  for (const [rowA, rowB] of rows) {
    const [a, b] = [before[rowA] ?? null, after[rowB] ?? null];
    if (a === null && b === null) continue;
    seen += 1;
    if (a === b) equal += 1;
    countsA.set(a, (countsA.get(a) ?? 0) + 1);
    countsB.set(b, (countsB.get(b) ?? 0) + 1);
  }
  if (seen < MIN_ROWS) return null;
  let chance = 0;
  for (const [value, count] of countsA) chance += (count / seen) * ((countsB.get(value) ?? 0) / seen);
  // one constant on both sides: equal, and yet no evidence
  if (chance > 0.95) return null;
  return (equal / seen - chance) / (1 - chance);
}

/** Overlap of two distributions in [0, 1]; null where either side shows fewer than five values, or both only one. */
export function distributionSimilarity(before: Prepared, after: Prepared): number | null {
  const [a, b] = [filled(before), filled(after)];
  if (a.length < MIN_ROWS || b.length < MIN_ROWS) return null;
  // one constant on each side is no distribution
  if (new Set(a).size === 1 && new Set(b).size === 1) return null;
  const values = shareInCommon(a, b);
  const shapes = shareInCommon(a.map(shapeOf), b.map(shapeOf));
  const [numbersA, numbersB] = [a.map(Number).filter(Number.isFinite), b.map(Number).filter(Number.isFinite)];
  const numeric = numbersA.length >= 0.95 * a.length && numbersB.length >= 0.95 * b.length;
  const spread = numeric ? 1 - largestGap(numbersA, numbersB) : shapes;
  // equal values prove more than equal shapes: two unrelated counts have the same digits
  return Math.max(values, 0.5 * spread + 0.3 * values + 0.2 * shapes);
}

const filled = (values: Prepared) => values.filter((value) => value !== null);

/** Letters and digits only by their kind, runs shortened: `AB-12` and `xyz-7` are one shape. */
const shapeOf = (value: string) =>
  value
    .slice(0, 64)
    .replace(/\p{L}+/gu, 'a')
    .replace(/\d+/g, '9');

/** Σ min(share in a, share in b). */
function shareInCommon(a: readonly string[], b: readonly string[]): number {
  const count = (values: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const [countsA, countsB] = [count(a), count(b)];
  let common = 0;
  for (const [value, times] of countsA) common += Math.min(times / a.length, (countsB.get(value) ?? 0) / b.length);
  return common;
}

/** The Kolmogorov-Smirnov distance: the largest gap between the two cumulative distributions. */
function largestGap(a: number[], b: number[]): number {
  const [x, y] = [a.toSorted((p, q) => p - q), b.toSorted((p, q) => p - q)];
  let [i, j, gap] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i] ?? 0, y[j] ?? 0);
    while (i < x.length && (x[i] ?? 0) <= at) i += 1;
    while (j < y.length && (y[j] ?? 0) <= at) j += 1;
    gap = Math.max(gap, Math.abs(i / x.length - j / y.length));
  }
  return gap;
}
