/** Learns, for one trait of one column, which categories are known and how many new rows to expect outside of them. */
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, packFingerprints } from './fingerprints.ts';
import type { TraitBaseline } from './quality-baseline.ts';
import type { Trait } from './traits.ts';

/** A trait that fails to recognise so many of its own rows says nothing about new ones. */
const USELESS_FROM = 0.5;
const COUNTS_KEPT = 64;

export interface TraitCensus {
  readonly trait: Trait;
  readonly rows: number;
  /** Fingerprint of each category → rows that have it, most frequent first. */
  readonly categories: readonly (readonly [fingerprint: number, rows: number])[];
  /** Per distinct value: fingerprints of its categories. */
  readonly ofValue: readonly (readonly number[])[];
}

export function countCategories(column: EncodedColumn, trait: Trait): TraitCensus {
  const rowsOf = new Map<number, number>();
  const ofValue = column.values.map((text) => trait.categoriesOf(text).map(fingerprint));
  for (const [code, categories] of ofValue.entries()) {
    for (const category of categories) rowsOf.set(category, (rowsOf.get(category) ?? 0) + (column.counts[code] ?? 0));
  }
  const categories = [...rowsOf].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return { trait, rows: column.rowCount - column.missing, categories, ofValue };
}

/** Null where the trait is of no use for this column. */
export function learnTrait(column: EncodedColumn, census: TraitCensus): TraitBaseline | null {
  const rowsOf = new Map(census.categories);
  // A category of one row is not one that the rest of the baseline would have recognised.
  let unrecognised = 0;
  for (const [code, categories] of census.ofValue.entries()) {
    const rows = column.counts[code] ?? 0;
    if (rows === 1 && categories.some((category) => rowsOf.get(category) === 1)) unrecognised += rows;
  }
  if (census.rows === 0 || unrecognised / census.rows > USELESS_FROM) return null;
  return {
    rows: census.rows,
    unrecognised,
    clump: clumpOf(census.categories.map(([, rows]) => rows)),
    distinct: census.categories.length,
    known: packFingerprints(rowsOf.keys()),
    counts: census.trait.single ? [...rowsOf.values()].slice(0, COUNTS_KEPT) : [],
  };
}

/**
 * A category of t rows is missing from one half of the data, with all its rows in the other, with probability 2^-t. The size of such
 * clumps, weighted by their rows; half a row on its own is added for the categories that were never seen at all.
 */
export function clumpOf(rowsOfCategories: readonly number[]): number {
  let [rows, squares] = [0.5, 0.5];
  for (const count of rowsOfCategories) {
    rows += count * 2 ** -count;
    squares += count ** 2 * 2 ** -count;
  }
  return Math.max(1, squares / rows);
}
