/** Adds the physical values of one Parquet column to its statistics, as what its logical type says they are. */
import { utf8Bytes } from '../bytes/text-of.ts';
import { BOOLEAN, DATE, DECIMAL, INTEGER, TEXT, TIMESTAMP } from '../statistics/classify-text.ts';
import { type ColumnStatistics, scanBytes, scanned } from '../statistics/column-statistics.ts';
import { mixHash } from '../statistics/distinct-counter.ts';
import { halfAt, JULIAN_1970, logicalOf, type Mode } from './logical-value.ts';
import type { SchemaNode } from './schema-tree.ts';
import type { ValueSink } from './value-sink.ts';

const DAY = 86_400_000;
const WORD = 2 ** 32;
const LARGEST_EXACT = 2 ** 53;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

export class LeafSink implements ValueSink {
  readonly statistics: ColumnStatistics;
  private readonly mode: Mode;
  private readonly unsigned: boolean;
  /** What a decimal's unscaled value is multiplied by; milliseconds per unit of a time. */
  private readonly divisor: number;
  private readonly unit: number;

  constructor(node: SchemaNode, statistics: ColumnStatistics) {
    const { mode, unsigned, scale, unit } = logicalOf(node);
    this.statistics = statistics;
    this.mode = mode;
    this.unsigned = unsigned;
    this.divisor = 10 ** scale;
    this.unit = unit;
  }

  int32(value: number, weight: number): void {
    const { statistics, mode } = this;
    statistics.distinct.add(mixHash(value));
    if (mode === 'date') {
      this.count(DATE, weight);
      statistics.addTime(value * DAY, weight);
    } else if (mode === 'timestamp') {
      this.count(TIMESTAMP, weight);
      statistics.addTime(value * this.unit, weight);
    } else {
      this.count(mode === 'decimal' ? DECIMAL : INTEGER, weight);
      statistics.addNumber((this.unsigned ? value >>> 0 : value) / this.divisor, weight);
    }
  }

  int64(low: number, high: number, weight: number): void {
    const { statistics, mode } = this;
    statistics.distinct.add(mixHash(low ^ Math.imul(high + 0x7f4a7c15, 0x9e3779b1)));
    const value = (this.unsigned ? high >>> 0 : high) * WORD + (low >>> 0);
    if (mode === 'timestamp') {
      this.count(TIMESTAMP, weight);
      statistics.addTime(value * this.unit, weight);
      return;
    }
    if (value >= LARGEST_EXACT || value <= -LARGEST_EXACT) {
      const exact = (BigInt(high) << 32n) | BigInt(low >>> 0);
      statistics.addExact(this.unsigned ? BigInt.asUintN(64, exact) : exact);
    }
    this.count(mode === 'decimal' ? DECIMAL : INTEGER, weight);
    statistics.addNumber(value / this.divisor, weight);
  }

  real(value: number, weight: number): void {
    double[0] = value;
    this.statistics.distinct.add(mixHash((words[0] as number) ^ Math.imul((words[1] as number) + 0x7f4a7c15, 0x9e3779b1)));
    this.count(DECIMAL, weight);
    this.statistics.addNumber(value, weight);
  }

  bool(value: boolean, weight: number): void {
    this.statistics.distinct.add(value ? 1 : 2);
    this.count(BOOLEAN, weight);
    if (value) this.statistics.trueCount += weight;
  }

  /** Nanoseconds of a day, then the Julian day. */
  int96(low: number, high: number, day: number, weight: number): void {
    this.statistics.distinct.add(mixHash(low ^ Math.imul(high, 0x9e3779b1) ^ Math.imul(day, 0x85ebca6b)));
    this.count(TIMESTAMP, weight);
    this.statistics.addTime((day - JULIAN_1970) * DAY + ((high >>> 0) * WORD + (low >>> 0)) / 1e6, weight);
  }

  bytes(bytes: Uint8Array, start: number, end: number, weight: number): void {
    if (this.mode === 'decimal') this.bigDecimal(bytes, start, end, weight);
    else if (this.mode === 'half') this.real(halfAt(bytes, start), weight);
    else if (this.mode === 'uuid') {
      const hex = Buffer.from(bytes.subarray(start, end)).toString('hex');
      this.text(utf8Bytes(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')), weight);
    } else {
      scanBytes(bytes, start, end);
      if (this.mode === 'text') this.statistics.addString(bytes, start, end, scanned.mask, scanned.hash, weight);
      else {
        this.statistics.distinct.add(scanned.hash);
        this.count(TEXT, weight);
      }
    }
  }

  private text(text: Uint8Array, weight: number): void {
    scanBytes(text, 0, text.length);
    this.statistics.addString(text, 0, text.length, scanned.mask, scanned.hash, weight);
  }

  /** Two's complement, most significant byte first. */
  private bigDecimal(bytes: Uint8Array, start: number, end: number, weight: number): void {
    scanBytes(bytes, start, end);
    this.statistics.distinct.add(scanned.hash);
    this.count(DECIMAL, weight);
    // no byte at all is zero
    let unscaled = end === start ? 0 : ((bytes[start] as number) << 24) >> 24;
    for (let at = start + 1; at < end; at += 1) unscaled = unscaled * 256 + (bytes[at] as number);
    if (Math.abs(unscaled) >= LARGEST_EXACT) {
      const hex = Buffer.from(bytes.subarray(start, end)).toString('hex');
      const exact = BigInt.asIntN((end - start) * 8, BigInt(`0x${hex}`));
      this.statistics.addExact(exact);
      unscaled = Number(exact);
    }
    this.statistics.addNumber(unscaled / this.divisor, weight);
  }

  private count(kind: number, weight: number): void {
    this.statistics.kinds[kind] = (this.statistics.kinds[kind] as number) + weight;
  }
}
