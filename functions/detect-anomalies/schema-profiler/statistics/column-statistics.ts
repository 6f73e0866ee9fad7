/** Everything that is counted about the values under one path while they stream by, in bounded memory. */
import { latin1Of } from '../bytes/text-of.ts';
import { ANY_CLASS, BYTE_CLASSES, HASH_FACTOR, HASH_START, HIGH } from './byte-classes.ts';
import {
  BOOLEAN,
  classifyRareDate,
  classifyText,
  DATE,
  DECIMAL,
  exactNumber,
  found,
  INTEGER,
  MAYBE_DATE,
  NULL_MARKER,
  TEXT,
  TIMESTAMP,
  TIMESTAMP_TZ,
} from './classify-text.ts';
import { DistinctCounter, mixHash } from './distinct-counter.ts';
import { isoFormats } from './iso-date-time.ts';
import { QuantileSketch } from './quantile-sketch.ts';
import { patternOf } from './text-pattern.ts';
import { ValueMemo } from './value-memo.ts';

const { imul } = Math;

/** Looked at one by one up to here; later one text in 32 gives its pattern, and counts for all. */
const PATTERNS_IN_FULL = 2048;
const PATTERN_STRIDE = 32;
const MOST_PATTERNS = 256;
const MOST_FORMATS = 64;
/** Texts tried as dates in rare formats before a column without any is tried only now and then. */
const DATES_IN_FULL = 1024;
const DATE_STRIDE = 64;
/** Bytes kept of the smallest and the largest text. */
const KEPT_BYTES = 256;
const LARGEST_EXACT = 2 ** 53;
/** A table of more columns keeps no value of theirs back: what each keeps would not stay in the processor's cache. */
const MOST_WITH_MEMO = 250;
/** Texts of a column before the memo is set up, and between two looks at its use. */
const MEMO_FROM = 64;
const MEMO_REVIEW = 1024;
/** Beside the byte classes in the memo: the value came as a string. */
const IS_STRING = 1 << 15;
/** …or as a number. */
const IS_NUMERAL = 1 << 14;

export class ColumnStatistics {
  /** Missing values: null, absent, or an empty cell. */
  nulls = 0;
  /** Values by kind (the constants of classify-text.ts); MAYBE_DATE stays zero. */
  readonly kinds = new Float64Array(MAYBE_DATE + 1);
  readonly distinct = new DistinctCounter();
  readonly markers = new Map<string, number>();
  readonly patterns = new Map<string, number>();
  /** Rare date formats; those whose day and month could be swapped under the key with a trailing `?`. */
  readonly rareFormats = new Map<string, number>();
  readonly isoFormatCounts = new Float64Array(isoFormats.length);
  trueCount = 0;

  readonly numbers = new QuantileSketch();
  minNumber = Number.POSITIVE_INFINITY;
  maxNumber = Number.NEGATIVE_INFINITY;
  sum = 0;
  /** Integers beyond 2^53, exactly. */
  minBig: bigint | null = null;
  maxBig: bigint | null = null;
  maxIntegerDigits = 0;
  maxScale = 0;
  nanCount = 0;

  readonly times = new QuantileSketch();
  minTime = Number.POSITIVE_INFINITY;
  maxTime = Number.NEGATIVE_INFINITY;

  minLength = Number.POSITIVE_INFINITY;
  maxLength = 0;
  lengthSum = 0;
  lengthCount = 0;
  private minText: Uint8Array | null = null;
  private maxText: Uint8Array | null = null;
  private minPrefix = Number.POSITIVE_INFINITY;
  private maxPrefix = Number.NEGATIVE_INFINITY;
  private textsSeen = 0;
  private valuesSeen = 0;
  private memo: ValueMemo | null = null;
  private readonly hasMemo: boolean;
  private dateTries = 0;
  private datesFound = 0;
  /** True once a date showed that the day comes first in this column. */
  private dayFirst = false;

  /** `columns`: how many there are of the same table, as far as is known. */
  constructor(columns = 1) {
    this.hasMemo = columns <= MOST_WITH_MEMO;
  }

  /** One text that is to be understood (a CSV cell): not empty, `mask` its byte classes, `hash` well mixed. */
  addText(bytes: Uint8Array, start: number, end: number, mask: number, hash: number): void {
    if (this.memo?.take(bytes, start, end, mask, hash)) return;
    this.understand(bytes, start, end, mask, hash, 1);
    this.addTextShape(bytes, start, end, mask, 1);
  }

  /** One number as it is written in JSON: its shape as a text is of no interest. */
  addNumeral(bytes: Uint8Array, start: number, end: number, mask: number, hash: number): void {
    if (this.memo?.take(bytes, start, end, mask | IS_NUMERAL, hash)) return;
    this.understand(bytes, start, end, mask, hash, 1);
  }

  /** One text that stays a text whatever it says (a JSON string, a Parquet string): its dates are still recognised. */
  addString(bytes: Uint8Array, start: number, end: number, mask: number, hash: number, weight = 1): void {
    if (weight === 1 && this.memo?.take(bytes, start, end, mask | IS_STRING, hash)) return;
    this.keepString(bytes, start, end, mask, hash, weight);
  }

  /** To be called before anything is read: values that were kept back are added. */
  settle(): void {
    const { memo, textsSeen } = this;
    // adding them must not keep them back once more; they are few, and all their patterns count
    this.memo = null;
    this.textsSeen = 0;
    memo?.drain((bytes, start, end, mask, hash, weight) => {
      const classes = mask & ANY_CLASS;
      if ((mask & IS_STRING) !== 0) this.keepString(bytes, start, end, classes, hash, weight);
      else {
        this.understand(bytes, start, end, classes, hash, weight);
        if ((mask & IS_NUMERAL) === 0) this.addTextShape(bytes, start, end, classes, weight);
      }
    });
    this.textsSeen = textsSeen;
  }

  private understand(bytes: Uint8Array, start: number, end: number, mask: number, hash: number, weight: number): void {
    let kind = classifyText(bytes, start, end, mask);
    if (kind === MAYBE_DATE) kind = this.tryRareDate(bytes, start, end, weight);
    this.kinds[kind] = (this.kinds[kind] as number) + weight;
    if (kind === INTEGER || kind === DECIMAL) {
      const digits = found.precision - found.scale;
      if (digits > this.maxIntegerDigits) this.maxIntegerDigits = digits;
      if (found.scale > this.maxScale) this.maxScale = found.scale;
      if (found.isRough) {
        if (kind === INTEGER) this.addBigInteger(bytes, start, end);
        else if (found.value <= this.minNumber || found.value >= this.maxNumber) found.value = exactNumber(bytes, start, end);
      }
      this.addNumber(found.value, weight);
    } else if (kind === BOOLEAN) this.trueCount += found.value * weight;
    else if (kind === NULL_MARKER) this.addMarker(bytes, start, end, weight);
    else if (kind !== TEXT) {
      this.countFormat(weight);
      this.addTime(found.value, weight);
    }
    this.distinct.add(hash);
    this.review();
  }

  private keepString(bytes: Uint8Array, start: number, end: number, mask: number, hash: number, weight: number): void {
    this.kinds[TEXT] = (this.kinds[TEXT] as number) + weight;
    this.distinct.add(hash);
    this.review();
    if (end > start) {
      let kind = classifyText(bytes, start, end, mask);
      if (kind === MAYBE_DATE) kind = this.tryRareDate(bytes, start, end, weight);
      if (kind === DATE || kind === TIMESTAMP || kind === TIMESTAMP_TZ) this.countFormat(weight);
      else if (kind === NULL_MARKER) this.addMarker(bytes, start, end, weight);
    }
    this.addTextShape(bytes, start, end, mask, weight);
  }

  /** Sets the memo up once a column shows to be long, gives it up where it does not help. */
  private review(): void {
    const seen = this.valuesSeen++;
    if (seen === MEMO_FROM && this.hasMemo) this.memo = new ValueMemo();
    else if (seen % MEMO_REVIEW === 0 && this.memo !== null && !this.memo.isWorthwhile) this.settle();
  }

  private countFormat(weight: number): void {
    if (found.isoFormat >= 0) this.isoFormatCounts[found.isoFormat] = (this.isoFormatCounts[found.isoFormat] as number) + weight;
  }

  private addMarker(bytes: Uint8Array, start: number, end: number, weight: number): void {
    const marker = latin1Of(bytes, start, end);
    this.markers.set(marker, (this.markers.get(marker) ?? 0) + weight);
  }

  addBoolean(value: boolean): void {
    this.kinds[BOOLEAN] = (this.kinds[BOOLEAN] as number) + 1;
    if (value) this.trueCount += 1;
    this.distinct.add(value ? 1 : 2);
  }

  /** NaN counts as a value, but has no place among the others. */
  addNumber(value: number, weight = 1): void {
    if (Number.isNaN(value)) {
      this.nanCount += weight;
      return;
    }
    if (value < this.minNumber) this.minNumber = value;
    if (value > this.maxNumber) this.maxNumber = value;
    this.sum += value * weight;
    if (weight === 1) this.numbers.add(value);
    else this.numbers.addWeighted(value, weight);
  }

  /** Milliseconds since 1970. */
  addTime(value: number, weight = 1): void {
    if (value < this.minTime) this.minTime = value;
    if (value > this.maxTime) this.maxTime = value;
    if (weight === 1) this.times.add(value);
    else this.times.addWeighted(value, weight);
  }

  addExact(value: bigint): void {
    if (this.minBig === null || value < this.minBig) this.minBig = value;
    if (this.maxBig === null || value > this.maxBig) this.maxBig = value;
  }

  /** The smallest and the largest text in the order of their code points, null where there is none. */
  textRange(): [string, string] | null {
    return this.minText && this.maxText && [decode(this.minText), decode(this.maxText)];
  }

  mergeTextRange(other: ColumnStatistics): void {
    for (const text of [other.minText, other.maxText]) if (text !== null) this.addToTextRange(text, 0, text.length);
  }

  private addBigInteger(bytes: Uint8Array, start: number, end: number): void {
    if (found.precision > 38 || Math.abs(found.value) < LARGEST_EXACT) return;
    const text = latin1Of(bytes, start, end);
    this.addExact(BigInt(text[0] === '+' ? text.slice(1) : text));
  }

  private tryRareDate(bytes: Uint8Array, start: number, end: number, weight: number): number {
    this.dateTries += 1;
    if (this.dateTries > DATES_IN_FULL && this.datesFound === 0 && this.dateTries % DATE_STRIDE !== 0) return TEXT;
    const parsed = classifyRareDate(bytes, start, end, this.dayFirst);
    if (!parsed) return TEXT;
    this.datesFound += 1;
    if (parsed.format.startsWith('d') && !parsed.format.endsWith('?')) this.dayFirst = true;
    found.value = parsed.value;
    found.isoFormat = -1;
    if (this.rareFormats.has(parsed.format) || this.rareFormats.size < MOST_FORMATS)
      this.rareFormats.set(parsed.format, (this.rareFormats.get(parsed.format) ?? 0) + weight);
    return parsed.kind;
  }

  private addTextShape(bytes: Uint8Array, start: number, end: number, mask: number, weight: number): void {
    let length = end - start;
    if ((mask & HIGH) !== 0) for (let at = start; at < end; at += 1) if (((bytes[at] as number) & 0xc0) === 0x80) length -= 1;
    if (length < this.minLength) this.minLength = length;
    if (length > this.maxLength) this.maxLength = length;
    this.lengthSum += length * weight;
    this.lengthCount += weight;
    this.addToTextRange(bytes, start, end);
    const seen = this.textsSeen++;
    if (seen < PATTERNS_IN_FULL || weight > 1) this.addPattern(bytes, start, end, mask, weight);
    else if (seen % PATTERN_STRIDE === 0) this.addPattern(bytes, start, end, mask, PATTERN_STRIDE);
  }

  private addToTextRange(bytes: Uint8Array, start: number, end: number): void {
    const prefix = prefixOf(bytes, start, end);
    // nearly every text lies between the two by its first bytes
    if (prefix > this.minPrefix && prefix < this.maxPrefix) return;
    if (this.minText === null || compare(bytes, start, end, this.minText) < 0) {
      this.minText = bytes.slice(start, Math.min(end, start + KEPT_BYTES));
      this.minPrefix = prefix;
    }
    if (this.maxText === null || compare(bytes, start, end, this.maxText) > 0) {
      this.maxText = bytes.slice(start, Math.min(end, start + KEPT_BYTES));
      this.maxPrefix = prefix;
    }
  }

  private addPattern(bytes: Uint8Array, start: number, end: number, mask: number, weight: number): void {
    const pattern = patternOf(bytes, start, end, mask);
    const count = this.patterns.get(pattern);
    if (count !== undefined) this.patterns.set(pattern, count + weight);
    else if (this.patterns.size < MOST_PATTERNS) this.patterns.set(pattern, weight);
  }
}

/** A hash and the byte classes of a range, for callers that have not computed them while scanning. */
export const scanned = { hash: 0, mask: 0 };

export function scanBytes(bytes: Uint8Array, start: number, end: number): void {
  let hash = HASH_START;
  let mask = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    mask |= BYTE_CLASSES[byte] as number;
    hash = imul(hash ^ byte, HASH_FACTOR);
  }
  scanned.hash = mixHash(hash);
  scanned.mask = mask;
}

/** Byte order, which in UTF-8 is the order of code points; beyond the kept bytes all are equal. */
function compare(bytes: Uint8Array, start: number, end: number, kept: Uint8Array): number {
  const length = Math.min(end - start, KEPT_BYTES);
  const shared = Math.min(length, kept.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (bytes[start + index] as number) - (kept[index] as number);
    if (difference !== 0) return difference;
  }
  return length - kept.length;
}

/** The first four bytes as a number, zeros where there are fewer. */
function prefixOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  let prefix = length > 0 ? (bytes[start] as number) : 0;
  prefix = prefix * 256 + (length > 1 ? (bytes[start + 1] as number) : 0);
  prefix = prefix * 256 + (length > 2 ? (bytes[start + 2] as number) : 0);
  return prefix * 256 + (length > 3 ? (bytes[start + 3] as number) : 0);
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replace(/\uFFFD+$/, '');
