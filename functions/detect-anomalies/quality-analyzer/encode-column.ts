/** A column as codes into its distinct texts, so that each distinct text is looked at once, however often it stands in the column. */
import type { SampleColumn } from '../table-sample.ts';
import { cellText, isMissing } from './missing-values.ts';

export interface EncodedColumn {
  readonly name: string;
  readonly type: string;
  readonly rowCount: number;
  /** Per row: index into `values`, or -1 - index into `spellings` where the cell is missing. */
  readonly codes: Int32Array;
  /** Distinct texts that are values, in order of appearance, and how often each occurs. */
  readonly values: readonly string[];
  readonly counts: readonly number[];
  /** How missing cells were written, and how often. */
  readonly spellings: readonly string[];
  readonly spellingCounts: readonly number[];
  readonly missing: number;
  /** Most values are objects or lists: compared by their structure, so that nothing can be said of their uniqueness. */
  readonly isNested: boolean;
}

export function encodeColumn(column: SampleColumn): EncodedColumn {
  const codes = new Int32Array(column.values.length);
  const known = new Map<string, number>();
  const values: string[] = [];
  const counts: number[] = [];
  const spellings: string[] = [];
  const spellingCounts: number[] = [];
  let nested = 0;
  for (const [row, cell] of column.values.entries()) {
    if (typeof cell === 'object' && cell !== null) nested++;
    const text = cellText(cell);
    let code = known.get(text);
    if (code === undefined) {
      code = isMissing(text) ? -spellings.push(text) : values.push(text) - 1;
      known.set(text, code);
    }
    codes[row] = code;
    if (code < 0) spellingCounts[-1 - code] = (spellingCounts[-1 - code] ?? 0) + 1;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  const missing = spellingCounts.reduce((sum, count) => sum + count, 0);
  return {
    name: column.name,
    type: column.type,
    rowCount: codes.length,
    codes,
    values,
    counts,
    spellings,
    spellingCounts,
    missing,
    isNested: nested > (codes.length - missing) / 2,
  };
}
