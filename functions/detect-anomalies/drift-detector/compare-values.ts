/** How alike the values of two columns are: row by row where the rows can be joined, by their distribution where they cannot. */
import { parseDateTime } from '../schema-profiler/parse-date-time.ts';
import type { Cell, TableSample } from '../table-sample.ts';
import type { JoinedRows } from './join-rows.ts';

/** Rows of either side that are looked at. */
const MAX_ROWS = 2_000;
/** Fewer informative rows than this prove nothing. */
export const MIN_ROWS = 5;

/** One spelling per value, so that `1.50` equals 1.5 and ` A ` equals `a`; null is missing. */
export function comparable(cell: Cell): string | null {
  if (cell === null) return null;
  if (typeof cell === 'object')
    return JSON.stringify(cell, (_, value) => (typeof value === 'bigint' ? String(value) : value)).slice(0, 512);
  const text = String(cell).slice(0, 512).trim();
  if (text === '') return null;
  // identifiers of more digits than a double holds stay text
  if (/^[+-]?\d{1,15}$/.test(text)) return String(Number(text));
  if (/^[+-]?[\d.][\d.e+-]*$/i.test(text) && Number.isFinite(Number(text)) && /[.e]/i.test(text))
    return String(Number(Number(text).toPrecision(9)));
  // one day, however it is written
  const date = DATE_LIKE.test(text) ? parseDateTime(text) : null;
  return date && !date.ambiguous ? date.iso : text.toLowerCase();
}

const DATE_LIKE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/;

/** A column's values, comparable. */
export type Prepared = readonly (string | null)[];

/** Every column of a sample by name, its first rows made comparable once. */
export function prepare(sample: TableSample): ReadonlyMap<string, Prepared> {
  return new Map(sample.columns.map(({ name, values }) => [name, values.slice(0, MAX_ROWS).map(comparable)]));
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

/** From this many shared words on, and this share of the rows, two columns speak the same vocabulary. */
const MIN_VOCABULARY = 8;
const SHARED_VOCABULARY = 0.85;

export interface DistributionSimilarity {
  /** Overlap in [0, 1]. */
  readonly alike: number;
  /** True where nearly all the texts of either side are those of the other: more than chance, unlike equal numbers or shapes. */
  readonly isVocabulary: boolean;
}

/** How alike two distributions are; null where either side shows fewer than five values, or both only one. */
export function distributionSimilarity(before: Prepared, after: Prepared): DistributionSimilarity | null {
  const [a, b] = [filled(before), filled(after)];
  if (a.length < MIN_ROWS || b.length < MIN_ROWS) return null;
  const [distinctA, distinctB] = [new Set(a), new Set(b)];
  // one constant on each side is no distribution
  if (distinctA.size === 1 && distinctB.size === 1) return null;
  const values = shareInCommon(a, b);
  const shapes = shareInCommon(a.map(shapeOf), b.map(shapeOf));
  const [numbersA, numbersB] = [a.map(Number).filter(Number.isFinite), b.map(Number).filter(Number.isFinite)];
  const numeric = numbersA.length >= 0.95 * a.length && numbersB.length >= 0.95 * b.length;
  const spread = numeric ? 1 - largestGap(numbersA, numbersB) : shapes;
  const words = [...distinctA].filter((value) => distinctB.has(value) && /\p{L}{2}/u.test(value)).length;
  return {
    // equal values prove more than equal shapes: two unrelated counts have the same digits
    alike: Math.max(values, 0.5 * spread + 0.3 * values + 0.2 * shapes),
    isVocabulary: words >= MIN_VOCABULARY && values >= SHARED_VOCABULARY,
  };
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
