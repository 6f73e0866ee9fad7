/** Made-up shops and their sales: a small table with keys, dependencies, orders and free text, the same for the same seed. */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Cell, TableSample } from '../../../../functions/detect-anomalies/table-sample.ts';

export type Row = Record<string, string>;

const CITIES = ['Bern', 'Basel', 'Zurich', 'Geneva', 'Lugano', 'Chur', 'Sion', 'Thun', 'Aarau', 'Baden'];
const WORDS = ['organic', 'whole', 'fresh', 'roasted', 'coffee', 'bread', 'butter', 'apple', 'cheese', 'juice', 'honey', 'walnut'];

export type Draw = (below: number) => number;

export function drawer(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  return (below) => uniformInt(generator, 0, below - 1);
}

export function saleRows(count: number, seed: number): Row[] {
  const draw = drawer(seed);
  return Array.from({ length: count }, (_, index) => {
    const shop = draw(40);
    const start = draw(700);
    const pick = () => WORDS[draw(WORDS.length)] ?? '';
    return {
      sale_id: String(100_000 + seed * 10_000 + index),
      shop: `S-${String(shop).padStart(3, '0')}`,
      city: CITIES[shop % CITIES.length] ?? '',
      product: `${pick()} ${pick()} ${pick()}`,
      price: ((draw(9_000) + 100) / 100).toFixed(2),
      quantity: String(1 + draw(20)),
      status: ['paid', 'open', 'returned'][Math.floor(draw(9) / 4)] ?? 'paid',
      opened: dayOf(start),
      closed: dayOf(start + draw(60)),
      note: draw(10) === 0 ? '' : `ticket ${1000 + draw(9000)}`,
    };
  });
}

function dayOf(day: number): string {
  return new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
}

export function sampleOf(rows: readonly Record<string, Cell>[], names = Object.keys(rows[0] ?? {})): TableSample {
  return {
    format: 'csv',
    columns: names.map((name) => ({ name, type: 'string', values: rows.map((row) => row[name] ?? null) })),
    rowCount: rows.length,
    totalRows: rows.length,
    malformedRows: 0,
  };
}

/** Changes one column in about `share` of the rows; the rows that were changed come with it. */
export function corrupt(rows: readonly Row[], column: string, share: number, seed: number, change: (cell: string, draw: Draw) => string) {
  const draw = drawer(seed);
  const changed: number[] = [];
  const result = rows.map((row, index) => {
    if (draw(1000) >= share * 1000) return row;
    const cell = change(row[column] ?? '', draw);
    if (cell !== row[column]) changed.push(index);
    return { ...row, [column]: cell };
  });
  return { rows: result, changed };
}
