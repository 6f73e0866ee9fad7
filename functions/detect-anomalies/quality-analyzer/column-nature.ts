/** What kind of column it is, as far as that decides which comparisons with later data make sense. */
import { comparable, isDate, type Unit } from './comparable.ts';
import type { EncodedColumn } from './encode-column.ts';
import type { TraitName } from './traits.ts';

/** Share of the values that must be of one unit for the column to be of that unit. */
const DOMINANT = 0.9;
const KEY_REPEATS_AT_MOST = 0.02;
const KEY_FEWEST_ROWS = 20;

export interface ColumnNature {
  /** Nearly every value occurs once, and it is no measurement. */
  readonly isKey: boolean;
  /** The scale of nearly all values, or null. */
  readonly unit: Unit | null;
  /** Later data has other values by nature: numbers that are counted up, dates. */
  readonly movesOn: boolean;
  /** Every value has as many characters: a longer one is written in another way. */
  readonly isFixedWidth: boolean;
}

export function natureOf(column: EncodedColumn): ColumnNature {
  const present = column.rowCount - column.missing;
  const rows = new Map<Unit, number>();
  let fractions = 0;
  let dates = 0;
  for (const [code, text] of column.values.entries()) {
    if (isDate(text)) dates += column.counts[code] ?? 0;
    const value = comparable(text);
    if (!value) continue;
    rows.set(value.unit, (rows.get(value.unit) ?? 0) + (column.counts[code] ?? 0));
    if (value.unit === 'number' && text.includes('.')) fractions++;
  }
  const unit = [...rows].find(([, count]) => count >= present * DOMINANT)?.[0] ?? null;
  const isUnique = !column.isNested && present >= KEY_FEWEST_ROWS && present - column.values.length <= KEY_REPEATS_AT_MOST * present;
  const isKey = isUnique && fractions === 0;
  const movesOn = (present > 0 && dates >= present * DOMINANT) || (isKey && unit === 'number');
  return { isKey, unit, movesOn, isFixedWidth: isFixedWidth(column.values) };
}

/** A day of one digit has two a week later. */
const UNPADDED_DATE = /^(?:\d|\d{1,4}[-/.]\d)[-/.]/;

function isFixedWidth(values: readonly string[]): boolean {
  return new Set(values.map((text) => text.length)).size <= 1 && !values.some((text) => UNPADDED_DATE.test(text) && isDate(text));
}

/** Whether a trait of later values can be expected to be known: the next key is new, and one day it or a date has a digit more. */
export function isComparedBy(nature: ColumnNature, trait: TraitName): boolean {
  if (!nature.movesOn) return true;
  return trait !== 'domain' && (trait !== 'format' || (nature.isFixedWidth && nature.unit !== 'number'));
}
