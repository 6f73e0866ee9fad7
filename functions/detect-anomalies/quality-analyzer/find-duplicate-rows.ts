/** Rows that repeat an earlier one. */
import type { EncodedColumn } from './encode-column.ts';

/** Rows that repeat an earlier row in every column. */
export function findDuplicateRows(columns: readonly EncodedColumn[], rowCount: number): number[] {
  if (columns.length === 0) return [];
  const seen = new Set<string>();
  const repeats: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const key = columns.map((column) => column.codes[row]).join(',');
    if (seen.has(key)) repeats.push(row);
    else seen.add(key);
  }
  return repeats;
}
