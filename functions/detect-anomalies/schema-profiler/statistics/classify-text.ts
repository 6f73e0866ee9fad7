/** Tells what a text in a cell says: a number, a date, a truth value, a way to write "no value", or just text. Works on bytes. */
import { latin1Of, utf8Bytes, utf8Of } from '../bytes/text-of.ts';
import { DIGIT, DOT, EXPONENT, OTHER, SIGN, TEMPORAL } from './byte-classes.ts';
import { mayBeDate } from './date-start.ts';
import { isoValue, readIsoDateTime } from './iso-date-time.ts';
import { parseDateTime } from './parse-date-time.ts';

export const NULL_MARKER = 0;
export const BOOLEAN = 1;
export const INTEGER = 2;
export const DECIMAL = 3;
export const DATE = 4;
export const TIMESTAMP = 5;
export const TIMESTAMP_TZ = 6;
export const TEXT = 7;
/** A candidate for a date in one of the rarer formats: `classifyRareDate` decides. */
export const MAYBE_DATE = 8;

export type TextKind = number;

/** What the last classification found beside the kind; one object, rewritten each time, so that a cell costs no allocation. */
export const found = {
  /** The number, or milliseconds since 1970 (UTC where the text names no zone). */
  value: 0,
  /** Digits of a number without its leading zeros, and those behind the point; 0 and 0 where it has an exponent. */
  precision: 0,
  scale: 0,
  /** True where `value` may be off in its last digits: more of them than 15. */
  isRough: false,
  /** The format of a date, as an ISO format number (see iso-date-time.ts). */
  isoFormat: 0,
};

const NUMBER_CLASSES = DIGIT | SIGN | DOT | EXPONENT;
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const LONGEST_NUMBER = 400;
const EXACT_DIGITS = 15;
const LONGEST_DATE = 64;
/** Beside it a letter is in lower case; no other sign becomes one. */
const LOWER_CASE = 0x20;

/** How exports write "no value", beside an empty cell. */
const NULL_MARKERS: ReadonlySet<string> = new Set(
  'null NULL Null (null) <null> [null] none None NONE nil NIL nan NaN NAN -nan -NaN na NA n/a N/A N/a #N/A #NA <NA> NaT \\N undefined - -- ? .'.split(
    ' ',
  ),
);
const LONGEST_MARKER = 9;
/** By the first byte, the lengths of the markers that start with it, as bits: few other texts agree in both. */
const MARKER_LENGTHS = new Uint16Array(256);
for (const marker of NULL_MARKERS)
  MARKER_LENGTHS[marker.charCodeAt(0)] = (MARKER_LENGTHS[marker.charCodeAt(0)] ?? 0) | (1 << marker.length);

const TRUE = utf8Bytes('true');
const FALSE = utf8Bytes('false');

/** `mask`: the byte classes in [start, end), which is not empty. */
export function classifyText(bytes: Uint8Array, start: number, end: number, mask: number): TextKind {
  if (mask === DIGIT && end - start <= EXACT_DIGITS) return readDigits(bytes, start, end);
  if ((mask & ~NUMBER_CLASSES) === 0 && (mask & DIGIT) !== 0) {
    const kind = readNumber(bytes, start, end, mask);
    if (kind !== TEXT) return kind;
  }
  const length = end - start;
  if ((mask & DIGIT) !== 0) {
    if (length > LONGEST_DATE || length < 6) return TEXT;
    const kind = readIsoDateTime(bytes, start, end);
    if (kind !== 0) {
      found.value = isoValue.value;
      found.isoFormat = isoValue.format;
      return kind === 1 ? DATE : kind === 2 ? TIMESTAMP : TIMESTAMP_TZ;
    }
    return (mask & (SIGN | DOT | TEMPORAL | OTHER)) !== 0 && mayBeDate(bytes, start, end) ? MAYBE_DATE : TEXT;
  }
  if (length > LONGEST_MARKER) return TEXT;
  const first = bytes[start] as number;
  if ((((MARKER_LENGTHS[first] as number) >> length) & 1) === 1 && NULL_MARKERS.has(latin1Of(bytes, start, end))) return NULL_MARKER;
  const word = (first | LOWER_CASE) === TRUE[0] ? TRUE : FALSE;
  if (isWord(bytes, start, end, word)) {
    found.value = word === TRUE ? 1 : 0;
    return BOOLEAN;
  }
  return readInfinity(bytes, start, end);
}

/** In upper or lower case, or both. `word`: lower case letters. */
function isWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let index = 0; index < word.length; index += 1) if (((bytes[start + index] as number) | LOWER_CASE) !== word[index]) return false;
  return true;
}

/** A candidate that the ISO reader did not know, by the full parser. Slower by far: the caller asks for few. */
export function classifyRareDate(
  bytes: Uint8Array,
  start: number,
  end: number,
  dayFirst: boolean,
): { kind: TextKind; format: string; value: number } | null {
  const parsed = parseDateTime(utf8Of(bytes, start, end), dayFirst);
  if (!parsed) return null;
  const kind = parsed.kind === 'date' ? DATE : parsed.hasZone ? TIMESTAMP_TZ : TIMESTAMP;
  return { kind, format: parsed.ambiguous ? `${parsed.format}?` : parsed.format, value: Date.parse(parsed.iso) };
}

/** The commonest number by far: nothing but digits, few enough for a double. */
function readDigits(bytes: Uint8Array, start: number, end: number): TextKind {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (bytes[at] as number) - 0x30;
  found.value = value;
  found.precision = end - start;
  found.scale = 0;
  found.isRough = false;
  return INTEGER;
}

/** Signs, digits, a point and an exponent, in this order; anything else is TEXT. */
function readNumber(bytes: Uint8Array, start: number, end: number, mask: number): TextKind {
  let at = start;
  const first = bytes[at] as number;
  const negative = first === 0x2d;
  if (negative || first === 0x2b) at += 1;
  let mantissa = 0;
  let significant = 0;
  let scale = 0;
  let digits = 0;
  let behindPoint = false;
  for (; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit >= 0 && digit <= 9) {
      digits += 1;
      mantissa = mantissa * 10 + digit;
      if (significant > 0 || digit > 0) significant += 1;
      if (behindPoint) scale += 1;
    } else if (digit === -2 && !behindPoint) behindPoint = true;
    else break;
  }
  if (digits === 0 || end - start > LONGEST_NUMBER) return TEXT;
  if (at < end) {
    if ((mask & EXPONENT) === 0 || !isExponent(bytes, at, end)) return TEXT;
    found.value = exactNumber(bytes, start, end);
    found.isRough = false;
    found.precision = 0;
    found.scale = 0;
    return DECIMAL;
  }
  found.precision = Math.max(significant, scale);
  found.scale = scale;
  found.isRough = significant > EXACT_DIGITS || scale > 22;
  if (scale > 22 || significant > 30) found.value = exactNumber(bytes, start, end);
  else {
    const size = scale === 0 ? mantissa : mantissa / (POWERS_OF_TEN[scale] as number);
    found.value = negative ? -size : size;
  }
  return behindPoint ? DECIMAL : INTEGER;
}

/** The nearest double, by the language's own parser. */
export function exactNumber(bytes: Uint8Array, start: number, end: number): number {
  return Number(latin1Of(bytes, start, end));
}

function isExponent(bytes: Uint8Array, start: number, end: number): boolean {
  const letter = bytes[start];
  if (letter !== 0x65 && letter !== 0x45) return false;
  let at = start + 1;
  if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1;
  if (at >= end || end - at > 3) return false;
  for (; at < end; at += 1) if ((bytes[at] as number) < 0x30 || (bytes[at] as number) > 0x39) return false;
  return true;
}

const INFINITY = /^[+-]?inf(?:inity)?$/i;

function readInfinity(bytes: Uint8Array, start: number, end: number): TextKind {
  const first = bytes[start] as number;
  const letter = first === 0x2b || first === 0x2d ? bytes[start + 1] : first;
  if (letter !== 0x69 && letter !== 0x49) return TEXT;
  if (!INFINITY.test(latin1Of(bytes, start, end))) return TEXT;
  found.isRough = false;
  found.value = first === 0x2d ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  found.precision = 0;
  found.scale = 0;
  return DECIMAL;
}
