/**
 * Splits CSV bytes into cells, and in the same pass hashes each cell and notes its byte classes. RFC 4180 with what files really
 * hold: any delimiter, LF, CRLF or CR, quotes within plain cells, blanks behind a closing quote, backslash escapes where the
 * dialect has them. A quote that neither closes a cell nor is doubled is taken as a sign of the cell.
 */
import { InputError } from '../../../shared/errors.ts';
import type { RecordScanner } from '../bytes/feed-records.ts';
import { ANY_CLASS, BYTE_CLASSES, HASH_FACTOR, HASH_START, NUL, OTHER } from '../statistics/byte-classes.ts';
import { mixHash } from '../statistics/distinct-counter.ts';

const { imul } = Math;

export interface CsvDialect {
  /** Bytes. */
  readonly delimiter: number;
  readonly quote: number;
  /** True where a backslash escapes a quote within quotes. */
  readonly backslash: boolean;
  /** True where a lone CR ends a record: files without a single LF. */
  readonly carriageReturn: boolean;
}

/** Marks of a cell beside its byte classes. */
export const QUOTED = 1 << 12;
/** Quotes are doubled or escaped within: `unescapeCell` before use. */
export const ESCAPED = 1 << 13;
const STOP = 1 << 14;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
/** Numbers per cell on the tape: start, end, hash, classes and marks. */
export const STRIDE = 4;
const TAPE_CELLS = 16_384;

/** Called with the tape of `rows` whole records of `width` cells each. */
export type CellSink = (bytes: Uint8Array, tape: Int32Array, rows: number, width: number) => void;

export class CsvScanner implements RecordScanner {
  isDone: boolean;
  /** Records that became rows, that had another number of cells or a NUL, and lines without anything. */
  rows = 0;
  malformed = 0;
  blank = 0;
  private readonly dialect: CsvDialect;
  private readonly width: number;
  private readonly sink: CellSink;
  private readonly classes: Uint16Array;
  private readonly tape: Int32Array;
  private readonly maxRows: number;
  /** Few at first: whoever takes the rows column by column should soon have met every kind of column. */
  private rowsPerScan = 16;
  /** Records that are headers: still to come, and seen. */
  private headers: number;
  private recordsBefore = 0;

  /** `width`: cells of a row; other records count as malformed. */
  constructor(dialect: CsvDialect, width: number, sink: CellSink, options: { headers?: number; maxRows?: number } = {}) {
    this.dialect = dialect;
    this.width = width;
    this.sink = sink;
    this.maxRows = options.maxRows ?? Number.POSITIVE_INFINITY;
    this.isDone = this.maxRows <= 0;
    this.headers = options.headers ?? 0;
    this.tape = new Int32Array(STRIDE * Math.max(TAPE_CELLS, width));
    this.classes = BYTE_CLASSES.slice();
    for (const byte of [dialect.delimiter, LF, CR]) this.classes[byte] = (this.classes[byte] ?? 0) | STOP;
  }

  /** The record at hand, counted like the lines of a spreadsheet: the header is 1. */
  private get record(): number {
    return this.recordsBefore + this.rows + this.malformed + this.blank + 1;
  }

  tooLong(limit: number): Error {
    return new InputError(
      'E_CSV',
      `row ${this.record} is longer than ${limit} bytes; look for a quote that is never closed, or a wrong delimiter`,
    );
  }

  scan(bytes: Uint8Array, from: number, to: number, isLast: boolean): number {
    const { width, tape, classes } = this;
    const { delimiter, quote, carriageReturn } = this.dialect;
    const lastSlot = Math.min(this.rowsPerScan * width, tape.length / STRIDE - width) * STRIDE;
    this.rowsPerScan *= 4;
    let at = from;
    let consumed = from;
    let rows = 0;
    let slot = 0;
    // the sentinel ends every plain cell, so that the inner loop needs no bound
    bytes[to] = LF;
    while (at < to && slot <= lastSlot && !this.isDone) {
      const rowSlot = slot;
      let cells = 0;
      let seen = 0;
      let isWhole = false;
      for (;;) {
        let start = at;
        let end: number;
        let hash = HASH_START;
        let mask = 0;
        if (bytes[at] === quote && at < to) {
          end = this.endOfQuoted(bytes, at, to, isLast);
          if (end < 0) break;
          start = at + 1;
          hash = this.quotedHash;
          mask = this.quotedMask;
          at = this.behindQuote;
        } else {
          for (;;) {
            const byte = bytes[at] as number;
            const kind = classes[byte] as number;
            // a lone CR is a sign like any other where lines end in LF
            if ((kind & STOP) !== 0 && (byte !== CR || carriageReturn || bytes[at + 1] === LF)) break;
            mask |= kind;
            hash = imul(hash ^ byte, HASH_FACTOR);
            at += 1;
          }
          end = at;
        }
        seen |= mask;
        if (cells < width) {
          tape[slot] = start;
          tape[slot + 1] = end;
          tape[slot + 2] = mixHash(hash);
          tape[slot + 3] = mask & ~STOP;
          slot += STRIDE;
        }
        cells += 1;
        if (at >= to) {
          isWhole = isLast;
          break;
        }
        const sign = bytes[at] as number;
        at += 1;
        if (sign === delimiter) continue;
        isWhole = true;
        if (sign === CR && !carriageReturn) {
          // the LF of a CRLF, which may not have been read yet
          if (at < to) at += 1;
          else isWhole = isLast;
        }
        break;
      }
      if (!isWhole) break;
      consumed = at;
      if (cells === 1 && seen === 0 && width > 1) {
        slot = rowSlot;
        this.blank += 1;
        continue;
      }
      if (this.headers > 0) {
        slot = rowSlot;
        this.headers -= 1;
        this.recordsBefore += 1;
        continue;
      }
      if (cells === width && (seen & NUL) === 0) {
        rows += 1;
        this.rows += 1;
        this.isDone = this.rows >= this.maxRows;
        continue;
      }
      slot = rowSlot;
      this.malformed += 1;
    }
    if (rows > 0) this.sink(bytes, tape, rows, width);
    return consumed;
  }

  /** What `endOfQuoted` found beside the end. */
  private quotedHash = 0;
  private quotedMask = 0;
  private behindQuote = 0;

  /** Where the quoted cell that opens at `open` ends; -1 where more bytes are needed. @throws `E_CSV` at the end of the text. */
  private endOfQuoted(bytes: Uint8Array, open: number, to: number, isLast: boolean): number {
    const { classes } = this;
    const { delimiter, quote, backslash } = this.dialect;
    let at = open + 1;
    let hash = HASH_START;
    let mask = QUOTED;
    bytes[to] = quote;
    for (;;) {
      for (;;) {
        const byte = bytes[at] as number;
        if (byte === quote || (backslash && byte === BACKSLASH)) break;
        mask |= (classes[byte] as number) & ANY_CLASS;
        hash = imul(hash ^ byte, HASH_FACTOR);
        at += 1;
      }
      if (at >= to) break;
      if (bytes[at] === BACKSLASH || (bytes[at + 1] === quote && at + 1 < to)) {
        // the cell is unescaped and hashed anew before it is used
        mask |= ESCAPED | ((classes[bytes[at + 1] as number] as number) & ANY_CLASS);
        at += 2;
        if (at > to) break;
        continue;
      }
      let behind = at + 1;
      while (behind < to && bytes[behind] === SPACE) behind += 1;
      if (behind >= to && !isLast) break;
      const next = bytes[behind];
      if (behind >= to || next === delimiter || next === LF || next === CR) {
        bytes[to] = LF;
        this.quotedHash = hash;
        this.quotedMask = mask;
        this.behindQuote = behind;
        return at;
      }
      mask |= OTHER;
      hash = imul(hash ^ quote, HASH_FACTOR);
      at += 1;
    }
    bytes[to] = LF;
    if (isLast) throw new InputError('E_CSV', `row ${this.record}, unterminated quote; close it or quarantine the file`);
    return -1;
  }
}

/** Takes the escapes of a cell out, in place; returns its new end. */
export function unescapeCell(bytes: Uint8Array, start: number, end: number, { quote, backslash }: CsvDialect): number {
  let write = start;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    const isEscape = at + 1 < end && (backslash ? byte === BACKSLASH : byte === quote && bytes[at + 1] === quote);
    if (isEscape) at += 1;
    bytes[write++] = bytes[at] as number;
  }
  return write;
}
