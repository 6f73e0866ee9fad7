/** Generated data that looks like a small company's: seeded, so that a day's files are the same on every machine. */

import { parquetWriteBuffer } from 'hyparquet-writer';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws of one generator. */
export class Dice {
  readonly #generator;

  /** The same `name` gives the same draws. */
  constructor(name: string) {
    this.#generator = xoroshiro128plus(seedOf(name));
  }

  /** A whole number in [from, to]. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  /** A number in [0, 1). */
  share(): number {
    return uniformFloat64(this.#generator);
  }

  /** An amount of money: mostly small, at most `limit`. */
  amount(limit: number): number {
    return Math.round(limit * this.share() ** 2 * 100 + 1) / 100;
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.int(0, values.length - 1)] ?? values[0];
  }

  chance(probability: number): boolean {
    return this.share() < probability;
  }
}

export type Record_ = Readonly<Record<string, string | number | null>>;

export function csvOf(records: readonly Record_[]): string {
  const names = Object.keys(records[0] ?? {});
  const lines = records.map((record) => names.map((name) => cell(record[name])).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
}

export function jsonLinesOf(records: readonly Record_[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

export type ParquetType = 'INT32' | 'INT64' | 'DOUBLE' | 'STRING' | 'BOOLEAN';

export function parquetOf(records: readonly Record_[], types: Readonly<Record<string, ParquetType>>): Uint8Array {
  const columnData = Object.entries(types).map(([name, type]) => ({
    name,
    type,
    data: records.map((record) => (type === 'INT64' && typeof record[name] === 'number' ? BigInt(record[name]) : (record[name] ?? null))),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Spreads records over files as an upstream system with several writers does. */
export function inParts<T>(records: readonly T[], parts: number): T[][] {
  const size = Math.ceil(records.length / parts);
  return Array.from({ length: parts }, (_, part) => records.slice(part * size, (part + 1) * size));
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' && /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);
}

/** FNV-1a. */
function seedOf(name: string): number {
  let seed = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) seed = Math.imul(seed ^ name.charCodeAt(index), 0x01000193) | 0;
  return seed;
}
