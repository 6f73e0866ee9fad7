/** Casts as Spark does in ANSI mode: a value that is not one of the type ends the job instead of becoming null. */
import { castInvalidInput, castOverflow } from './spark-errors.ts';

/** Dates and timestamps are ISO texts; integers beyond 2^53 are bigint. */
export type Value = string | number | bigint | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };

const LIMITS: Readonly<Record<string, bigint>> = { TINYINT: 2n ** 7n, SMALLINT: 2n ** 15n, INT: 2n ** 31n, BIGINT: 2n ** 63n };
const GLUE_NAMES: Readonly<Record<string, string>> = { INTEGER: 'INT', LONG: 'BIGINT', BYTE: 'TINYINT', SHORT: 'SMALLINT', REAL: 'FLOAT' };
const INTEGER = /^[+-]?\d{1,60}$/;
const NUMBER = /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?[dDfF]?$/;
const DATE = /^([+-]?\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ].{0,100})?)?)?$/;
const TIMESTAMP =
  /^[+-]?\d{4,6}(?:-\d{1,2}(?:-\d{1,2}(?:[T ]\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?(?:Z|UTC|[+-]\d{1,2}(?::?\d{2})?)?)?)?)?$/;
const TRUE = /^(?:t|true|y|yes|1)$/i;
const FALSE = /^(?:f|false|n|no|0)$/i;

/** `type` in Glue syntax, as the catalog has it. */
export function castStrictly(value: unknown, type: string): Value {
  if (value === null || value === undefined) return null;
  const target = sparkType(type);
  if (isNested(target)) return castNested(value, target);
  if (target === 'STRING' || /^(?:VARCHAR|CHAR)\(/.test(target)) return textOf(value);
  if (target === 'BINARY') return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : textOf(value);
  if (target in LIMITS) return castInteger(value, target);
  if (target === 'DOUBLE' || target === 'FLOAT') return castFloating(value, target);
  if (target.startsWith('DECIMAL')) return castDecimal(value, target);
  if (target === 'BOOLEAN') return castBoolean(value);
  if (target === 'DATE') return castDate(value);
  if (target.startsWith('TIMESTAMP')) return castTimestamp(value);
  return textOf(value);
}

/** The name that Spark's messages use. */
export function sparkType(type: string): string {
  const upper = type.trim().toUpperCase();
  return GLUE_NAMES[upper] ?? (upper === 'DECIMAL' ? 'DECIMAL(10,0)' : upper);
}

function castInteger(value: unknown, target: string): Value {
  const limit = LIMITS[target] ?? 0n;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && !Number.isInteger(value)) {
    if (!Number.isFinite(value) || Math.abs(value) >= Number(limit)) throw castOverflow(`${value}D`, 'DOUBLE', target);
    return Math.trunc(value);
  }
  const text = String(value).trim();
  // A text with decimals is cut at the point; one with an exponent is no integer.
  const digits = typeof value === 'string' ? text.replace(/\.\d{0,60}$/, '') : text;
  if (!INTEGER.test(digits)) throw castInvalidInput(String(value), target);
  const integer = BigInt(digits);
  if (integer < -limit || integer >= limit) {
    // Text that is out of range is malformed to Spark; a number overflows.
    throw typeof value === 'string' ? castInvalidInput(value, target) : castOverflow(`${integer}L`, 'BIGINT', target);
  }
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}

function castFloating(value: unknown, target: string): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = textOf(value).trim();
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!NUMBER.test(text)) throw castInvalidInput(String(value), target);
  return Number(text.replace(/[dDfF]$/, ''));
}

function castDecimal(value: unknown, target: string): Value {
  const number = castFloating(value, target);
  const [, precision = '10', scale = '0'] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(target) ?? [];
  if (typeof number !== 'number' || !Number.isFinite(number)) throw castInvalidInput(String(value), target);
  const rounded = number.toFixed(Math.min(Number(scale), 20));
  if (
    rounded
      .replace(/^-/, '')
      .replace(/\..*$/, '')
      .replace(/^0+(?=\d)/, '').length >
      Number(precision) - Number(scale) &&
    Math.abs(number) >= 1
  ) {
    throw castOverflow(String(value), typeof value === 'string' ? 'STRING' : 'DOUBLE', target);
  }
  return Number(rounded);
}

function castBoolean(value: unknown): Value {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0;
  const text = textOf(value).trim();
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  throw castInvalidInput(text, 'BOOLEAN');
}

function castDate(value: unknown): Value {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  const text = textOf(value).trim();
  const match = DATE.exec(text);
  const [year, month, day] = [match?.[1], match?.[2] ?? '1', match?.[3] ?? '1'].map(Number);
  if (year === undefined || month === undefined || day === undefined || !isDate(year, month, day)) throw castInvalidInput(text, 'DATE');
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function castTimestamp(value: unknown): Value {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'bigint') return fromEpoch(Number(value));
  const text = textOf(value).trim();
  const date = DATE.exec(text);
  if (!TIMESTAMP.test(text) || !date || !isDate(Number(date[1]), Number(date[2] ?? 1), Number(date[3] ?? 1)))
    throw castInvalidInput(text, 'TIMESTAMP');
  return text.replace(' ', 'T');
}

/** Seconds; what no calendar can show overflows. */
function fromEpoch(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw castOverflow(`${seconds}D`, 'DOUBLE', 'TIMESTAMP');
  return date.toISOString();
}

export function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isNested(target: string): boolean {
  return /^(?:ARRAY|MAP|STRUCT|UNIONTYPE)</.test(target);
}

/** Nested values are taken as they are where their shape is right; a cell of text holds them as JSON. */
function castNested(value: unknown, target: string): Value {
  const parsed = typeof value === 'string' ? parseJson(value, target) : value;
  if (typeof parsed !== 'object' || Array.isArray(parsed) !== target.startsWith('ARRAY')) throw castInvalidInput(textOf(value), target);
  return parsed as Value;
}

function parseJson(text: string, target: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw castInvalidInput(text, target);
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null ? jsonOf(value) : String(value);
}

/** JSON in which large integers keep their digits. */
export function jsonOf(value: object): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));
}
