/** How the physical values of a Parquet column are to be understood. */
import type { SchemaNode } from './schema-tree.ts';

export type Mode = 'integer' | 'decimal' | 'date' | 'timestamp' | 'real' | 'half' | 'text' | 'uuid' | 'opaque';

export interface LogicalValue {
  readonly mode: Mode;
  readonly unsigned: boolean;
  /** Digits behind the point. */
  readonly scale: number;
  /** Milliseconds per unit of a timestamp. */
  readonly unit: number;
}

/** The Julian day of 1 January 1970. */
export const JULIAN_1970 = 2_440_588;
const UNITS: Readonly<Record<string, number>> = { MILLIS: 1, MICROS: 1e-3, NANOS: 1e-6 };

export function logicalOf({ element, type }: SchemaNode): LogicalValue {
  const { converted_type: converted, logical_type: logical } = element;
  const unit = logical?.type === 'TIMESTAMP' ? logical.unit : converted === 'TIMESTAMP_MICROS' ? 'MICROS' : 'MILLIS';
  return {
    mode: modeOf(type, element.type, logical?.type),
    unsigned: converted?.startsWith('UINT_') === true || (logical?.type === 'INTEGER' && !logical.isSigned),
    scale: Number(/,(\d+)\)$/.exec(type)?.[1] ?? 0),
    unit: UNITS[unit] ?? 1,
  };
}

function modeOf(type: string, physical: string | undefined, logical: string | undefined): Mode {
  if (type.startsWith('decimal(') && type !== 'decimal(20,0)') return 'decimal';
  if (type === 'decimal(20,0)') return physical === 'INT64' ? 'integer' : 'decimal';
  if (type === 'date' || type === 'timestamp') return type;
  if (logical === 'FLOAT16') return 'half';
  if (type === 'float' || type === 'double') return 'real';
  if (type === 'string' || type === 'binary') return 'text';
  if (type === 'uuid') return 'uuid';
  return physical === 'INT32' || physical === 'INT64' ? 'integer' : 'opaque';
}

/** A number of 16 bits. */
export function halfAt(bytes: Uint8Array, at: number): number {
  const bits = ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0);
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return (sign * fraction) / 2 ** 24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
