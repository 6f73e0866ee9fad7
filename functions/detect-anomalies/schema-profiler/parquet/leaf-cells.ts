/** Turns the physical values of one Parquet column into cells, as what its logical type says they are. */
import { isUtf8 } from 'node:buffer';
import type { Cell } from '../../table-sample.ts';
import { latin1Of, utf8Of } from '../bytes/text-of.ts';
import { isoOf } from '../statistics/summarize-column.ts';
import { halfAt, JULIAN_1970, logicalOf } from './logical-value.ts';
import type { SchemaNode } from './schema-tree.ts';
import type { ValueSink } from './value-sink.ts';

const DAY = 86_400_000;
const WORD = 2 ** 32;

export class LeafCells implements ValueSink {
  readonly cells: Cell[] = [];
  private readonly type: string;
  private readonly logical: ReturnType<typeof logicalOf>;

  constructor(node: SchemaNode) {
    this.type = node.type;
    this.logical = logicalOf(node);
  }

  int32(value: number): void {
    const { mode, unsigned, scale, unit } = this.logical;
    if (mode === 'date') this.cells.push(isoOf(value * DAY, 'date'));
    else if (mode === 'timestamp') this.cells.push(isoOf(value * unit, this.type));
    else this.cells.push((unsigned ? value >>> 0 : value) / 10 ** scale);
  }

  int64(low: number, high: number): void {
    const { mode, unsigned, scale, unit } = this.logical;
    const value = (unsigned ? high >>> 0 : high) * WORD + (low >>> 0);
    if (mode === 'timestamp') this.cells.push(isoOf(value * unit, this.type));
    else if (Number.isSafeInteger(value)) this.cells.push(value / 10 ** scale);
    else {
      const exact = (BigInt(high) << 32n) | BigInt(low >>> 0);
      this.cells.push(decimal(unsigned ? BigInt.asUintN(64, exact) : exact, scale));
    }
  }

  /** JSON knows neither NaN nor infinity. */
  real(value: number): void {
    this.cells.push(Number.isFinite(value) ? value : String(value));
  }

  bool(value: boolean): void {
    this.cells.push(value);
  }

  int96(low: number, high: number, day: number): void {
    this.cells.push(isoOf((day - JULIAN_1970) * DAY + ((high >>> 0) * WORD + (low >>> 0)) / 1e6, this.type));
  }

  bytes(bytes: Uint8Array, start: number, end: number): void {
    const { mode, scale } = this.logical;
    const hex = () => Buffer.from(bytes.subarray(start, end)).toString('hex');
    if (mode === 'half') this.real(halfAt(bytes, start));
    else if (mode === 'uuid') this.cells.push(hex().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
    else if (mode === 'decimal') {
      const exact = end === start ? 0n : BigInt.asIntN((end - start) * 8, BigInt(`0x${hex()}`));
      this.cells.push(Number.isSafeInteger(Number(exact)) ? Number(exact) / 10 ** scale : decimal(exact, scale));
    } else if (isUtf8(bytes.subarray(start, end))) this.cells.push(utf8Of(bytes, start, end));
    else this.cells.push(this.type === 'string' ? latin1Of(bytes, start, end) : hex());
  }
}

/** Too many digits for a number: an integer as such, anything else as text. */
function decimal(unscaled: bigint, scale: number): bigint | string {
  if (scale === 0) return unscaled;
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
