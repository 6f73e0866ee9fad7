/** Finds the same records on both sides: row by row where a file was written again, by a key made of shared columns where it was not. */
import { MIN_ROWS, type Prepared } from './compare-values.ts';

const MAX_KEY_COLUMNS = 4;
/** No further column is added to a key once this share of the rows has one of its own. */
const UNIQUE_ENOUGH = 0.98;
/** Rows stand in the same order where this share of the shared cells is equal line by line. */
const ALIGNED = 0.95;
/** Share of the smaller side that has to meet its counterpart. */
const MIN_JOINED = 0.2;

/** Pairs of row numbers, [baseline, current], that are the same record on both sides; null where no key was found. */
export type JoinedRows = readonly (readonly [number, number])[] | null;

/** Joins two samples on the columns that they share: up to four that together tell the rows apart and meet again on the other side. */
export function joinRows(
  baseline: ReadonlyMap<string, Prepared>,
  current: ReadonlyMap<string, Prepared>,
  shared: readonly (readonly [string, string])[],
): JoinedRows {
  const candidates = sharedColumns(baseline, current, shared);
  return alignRows(candidates) ?? matchKeys(candidates);
}

interface SharedColumn {
  readonly a: Prepared;
  readonly b: Prepared;
  /** How much the column helps to tell rows apart and to find them again. */
  readonly worth: number;
}

function sharedColumns(
  baseline: ReadonlyMap<string, Prepared>,
  current: ReadonlyMap<string, Prepared>,
  shared: readonly (readonly [string, string])[],
): SharedColumn[] {
  const columns = shared.flatMap(([before, after]) => {
    const [a, b] = [baseline.get(before), current.get(after)];
    if (!a || !b) return [];
    const [valuesA, valuesB] = [new Set(a), new Set(b)];
    const met = [...valuesB].filter((value) => valuesA.has(value)).length;
    const overlap = met / Math.max(1, Math.min(valuesA.size, valuesB.size));
    return valuesA.size > 1 && overlap >= 0.3 ? [{ a, b, worth: overlap * Math.log(valuesA.size) }] : [];
  });
  return columns.sort((p, q) => q.worth - p.worth);
}

/** The same file written again, or longer: row for row, as far as both go. */
function alignRows(columns: readonly SharedColumn[]): JoinedRows {
  const telling = columns.slice(0, 12).filter(({ a }) => new Set(a).size > MIN_ROWS);
  const rows = Math.min(telling[0]?.a.length ?? 0, telling[0]?.b.length ?? 0);
  const cells = rows * telling.length;
  let equal = 0;
  for (const { a, b } of telling) for (let row = 0; row < rows; row += 1) if (a[row] === b[row]) equal += 1;
  return rows >= 2 * MIN_ROWS && equal >= ALIGNED * cells ? Array.from({ length: rows }, (_, row) => [row, row] as const) : null;
}

function matchKeys(candidates: readonly SharedColumn[]): JoinedRows {
  const rowsA = candidates[0]?.a.length ?? 0;
  const rowsB = candidates[0]?.b.length ?? 0;
  const chosen: SharedColumn[] = [];
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

function bestExtension(chosen: readonly SharedColumn[], candidates: readonly SharedColumn[], rows: number): SharedColumn | null {
  let best: SharedColumn | null = null;
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
