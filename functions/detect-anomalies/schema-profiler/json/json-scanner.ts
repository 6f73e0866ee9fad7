/**
 * Checks JSON text byte by byte against RFC 8259 and hands on what it holds, path by path, without building values. One record per
 * line, or records one behind the other, or the elements of one array. A record counts only when it is whole and valid.
 */

import { isUtf8 } from 'node:buffer';
import { InputError } from '../../../shared/errors.ts';
import type { RecordScanner } from '../bytes/feed-records.ts';
import { utf8Of } from '../bytes/text-of.ts';
import { BYTE_CLASSES, HASH_FACTOR, HASH_START, HIGH } from '../statistics/byte-classes.ts';
import { scanBytes, scanned } from '../statistics/column-statistics.ts';
import { mixHash } from '../statistics/distinct-counter.ts';
import { PathNode } from '../statistics/path-node.ts';
import { ESCAPES, endOfDigits, HEX, STRING_STOPS, skipBlanks, skipSpace, startsWith } from './json-bytes.ts';
import { unescapeJson } from './unescape-json.ts';

const { imul } = Math;

export type JsonLayout = 'lines' | 'concatenated' | 'array';

/** Called for every valid record with its bytes. */
export type RecordSink = (bytes: Uint8Array, start: number, end: number) => void;

const OBJECT = 0;
const ARRAY = 1;
const NULL = 2;
const TRUE = 3;
const FALSE = 4;
const NUMBER = 5;
const STRING = 6;
const ESCAPED_STRING = 7;
/** Numbers per entry of the tape: node and kind, start, end, hash, classes. */
const STRIDE = 5;
const KINDS = 8;

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const DEEPEST = 200;
const MOST_PATHS = 20_000;

export class JsonScanner implements RecordScanner {
  isDone: boolean;
  rows = 0;
  malformed = 0;
  readonly root = new PathNode('');
  /** What was wrong with the first record that could not be read. */
  firstError: string | null = null;
  private readonly layout: JsonLayout;
  private readonly maxRows: number;
  private readonly sink: RecordSink | null;
  private readonly nodes: PathNode[] = [this.root];
  private tape = new Int32Array(STRIDE * 256);
  private used = 0;
  private scratch = new Uint8Array(1024);
  private lines = 0;
  private classes = 0;
  private failedAt = 0;
  private reason = '';
  /** For arrays: what may come next. */
  private state: 'before' | 'first' | 'element' | 'separator' | 'behind' = 'before';
  /** True where records are values without names (`1`, `[…]`), told by the first one. */
  private bare: boolean | null = null;
  private readonly register = (node: PathNode): void => {
    if (this.nodes.length >= MOST_PATHS) {
      throw new InputError('E_JSON', `more than ${MOST_PATHS} paths: keys that are values belong into a list or a map of one level`);
    }
    node.index = this.nodes.length;
    this.nodes.push(node);
  };

  constructor(layout: JsonLayout, options: { maxRows?: number; sink?: RecordSink } = {}) {
    this.layout = layout;
    this.maxRows = options.maxRows ?? Number.POSITIVE_INFINITY;
    this.isDone = this.maxRows <= 0;
    this.sink = options.sink ?? null;
  }

  /** True where the records are no objects: then the one path is `value`. */
  get isBare(): boolean {
    return this.bare === true;
  }

  /** True where the text is an array, if only an empty one. */
  get sawArray(): boolean {
    return this.state !== 'before';
  }

  tooLong(limit: number): Error {
    return new InputError(
      'E_JSON',
      `record ${this.rows + this.malformed + 1} is longer than ${limit} bytes; look for a bracket or a quote that is never closed`,
    );
  }

  scan(bytes: Uint8Array, from: number, to: number, isLast: boolean): number {
    return this.layout === 'lines' ? this.scanLines(bytes, from, to, isLast) : this.scanStream(bytes, from, to, isLast);
  }

  private scanLines(bytes: Uint8Array, from: number, to: number, isLast: boolean): number {
    let at = from;
    while (at < to && !this.isDone) {
      let end = bytes.indexOf(LF, at);
      if (end < 0 || end >= to) {
        if (!isLast) return at;
        end = to;
        bytes[to] = LF;
      }
      this.lines += 1;
      const start = skipBlanks(bytes, at);
      if (start < end) this.takeLine(bytes, start, end);
      at = Math.min(end + 1, to);
    }
    return at;
  }

  private takeLine(bytes: Uint8Array, start: number, end: number): void {
    this.begin();
    const behind = this.value(bytes, start, this.root, 0, false);
    const rest = behind < 0 ? behind : skipBlanks(bytes, behind);
    if (behind >= 0 && rest === end && this.accept(bytes, start, behind)) return;
    if (behind >= 0 && rest !== end) this.fail(rest, 'text behind the record');
    this.refuse();
  }

  /** Records that may span lines; a damaged one cannot be skipped, since nobody can say where it ends. */
  private scanStream(bytes: Uint8Array, from: number, to: number, isLast: boolean): number {
    let consumed = from;
    bytes[to] = 0;
    while (!this.isDone) {
      const at = skipSpace(bytes, consumed);
      if (at >= to) {
        if (isLast && this.layout === 'array' && this.state !== 'behind') throw this.errorAt('the array is not closed');
        return to;
      }
      if (this.layout === 'array' && this.stepInArray(bytes[at] as number)) {
        consumed = at + 1;
        continue;
      }
      this.begin();
      const behind = this.value(bytes, at, this.root, 0, true);
      // what stops where the bytes at hand stop may go on in the next ones
      if ((behind < 0 ? this.failedAt >= to : behind >= to) && !isLast) return consumed;
      if (behind < 0) throw this.errorAt(this.reason);
      if (!this.accept(bytes, at, behind)) this.refuse();
      consumed = behind;
      this.state = 'separator';
    }
    return to;
  }

  /** True where `sign` is a bracket or a comma of the array, false where an element starts. */
  private stepInArray(sign: number): boolean {
    if (this.state === 'behind') throw this.errorAt('text behind the array');
    if (this.state === 'before' && sign === OPEN_ARRAY) this.state = 'first';
    else if (this.state !== 'element' && sign === CLOSE_ARRAY) this.state = 'behind';
    else if (this.state === 'separator' && sign === COMMA) this.state = 'element';
    else if (this.state === 'separator') throw this.errorAt('a comma is missing');
    else return false;
    return true;
  }

  private errorAt(reason: string): InputError {
    return new InputError(
      'E_JSON',
      `record ${this.rows + this.malformed + 1}: ${reason}; records are expected one per line, or in one array`,
    );
  }

  private begin(): void {
    this.used = 0;
    this.classes = 0;
    this.reason = '';
  }

  private refuse(): void {
    this.malformed += 1;
    this.firstError ??= `${this.layout === 'lines' ? `line ${this.lines}` : `record ${this.rows + this.malformed}`}: ${this.reason}`;
  }

  /** Counts a valid record and what it holds; false where it is no record after all. */
  private accept(bytes: Uint8Array, start: number, end: number): boolean {
    const isObject = ((this.tape[0] as number) & (KINDS - 1)) === OBJECT;
    this.bare ??= !isObject;
    if (!this.bare && !isObject) return this.fail(start, 'a record that is no object') > 0;
    if ((this.classes & HIGH) !== 0 && !isUtf8(bytes.subarray(start, end))) return this.fail(start, 'bytes that are no UTF-8') > 0;
    this.apply(bytes);
    this.sink?.(bytes, start, end);
    this.rows += 1;
    this.isDone = this.rows >= this.maxRows;
    return true;
  }

  private fail(at: number, reason: string): number {
    this.failedAt = at;
    this.reason = reason;
    return -1;
  }

  private note(node: PathNode, kind: number, start: number, end: number, hash: number, mask: number): void {
    if (this.used + STRIDE > this.tape.length) {
      const larger = new Int32Array(this.tape.length * 2);
      larger.set(this.tape);
      this.tape = larger;
    }
    const { tape, used } = this;
    tape[used] = node.index * KINDS + kind;
    tape[used + 1] = start;
    tape[used + 2] = end;
    tape[used + 3] = hash;
    tape[used + 4] = mask;
    this.used = used + STRIDE;
  }

  /** Where the value that starts at `at` ends, -1 where there is none. `multiline`: line ends count as space. */
  private value(bytes: Uint8Array, at: number, node: PathNode, depth: number, multiline: boolean): number {
    switch (bytes[at]) {
      case QUOTE:
        return this.string(bytes, at, node);
      case OPEN_OBJECT:
        return depth >= DEEPEST ? this.fail(at, `nested deeper than ${DEEPEST} levels`) : this.object(bytes, at, node, depth, multiline);
      case OPEN_ARRAY:
        return depth >= DEEPEST ? this.fail(at, `nested deeper than ${DEEPEST} levels`) : this.array(bytes, at, node, depth, multiline);
      case 0x74:
        return this.word(bytes, at, TRUE_WORD, node, TRUE);
      case 0x66:
        return this.word(bytes, at, FALSE_WORD, node, FALSE);
      case 0x6e:
        return this.word(bytes, at, NULL_WORD, node, NULL);
      default:
        return this.number(bytes, at, node);
    }
  }

  private object(bytes: Uint8Array, open: number, node: PathNode, depth: number, multiline: boolean): number {
    this.note(node, OBJECT, open, open, 0, 0);
    const skip = multiline ? skipSpace : skipBlanks;
    const { order } = node;
    let guess = 0;
    let at = skip(bytes, open + 1);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (bytes[at] !== QUOTE) return this.fail(at, 'a key is expected');
      let child = order[guess];
      const length = child === undefined ? 0 : child.keyBytes.length;
      if (child !== undefined && bytes[at + 1 + length] === QUOTE && startsWith(bytes, at + 1, child.keyBytes)) {
        guess += 1;
        at += length + 2;
      } else {
        const end = this.endOfString(bytes, at);
        if (end < 0) return -1;
        child = node.field(this.keyText(bytes, at, end), this.register);
        guess = child.position + 1;
        at = end;
      }
      at = skip(bytes, at);
      if (bytes[at] !== COLON) return this.fail(at, 'a colon is expected');
      at = this.value(bytes, skip(bytes, at + 1), child, depth + 1, multiline);
      if (at < 0) return -1;
      at = skip(bytes, at);
      const sign = bytes[at];
      if (sign === CLOSE_OBJECT) return at + 1;
      if (sign !== COMMA) return this.fail(at, 'a comma or a closing brace is expected');
      at = skip(bytes, at + 1);
    }
  }

  private array(bytes: Uint8Array, open: number, node: PathNode, depth: number, multiline: boolean): number {
    this.note(node, ARRAY, open, open, 0, 0);
    const skip = multiline ? skipSpace : skipBlanks;
    let at = skip(bytes, open + 1);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    const element = node.elementNode(this.register);
    for (;;) {
      at = this.value(bytes, at, element, depth + 1, multiline);
      if (at < 0) return -1;
      at = skip(bytes, at);
      const sign = bytes[at];
      if (sign === CLOSE_ARRAY) return at + 1;
      if (sign !== COMMA) return this.fail(at, 'a comma or a closing bracket is expected');
      at = skip(bytes, at + 1);
    }
  }

  private string(bytes: Uint8Array, open: number, node: PathNode): number {
    let at = open + 1;
    let hash = HASH_START;
    let mask = 0;
    for (;;) {
      const byte = bytes[at] as number;
      if (STRING_STOPS[byte] === 1) break;
      mask |= BYTE_CLASSES[byte] as number;
      hash = imul(hash ^ byte, HASH_FACTOR);
      at += 1;
    }
    this.classes |= mask;
    if (bytes[at] === QUOTE) {
      this.note(node, STRING, open + 1, at, mixHash(hash), mask);
      return at + 1;
    }
    const end = this.endOfString(bytes, open);
    if (end > 0) this.note(node, ESCAPED_STRING, open, end, 0, 0);
    return end;
  }

  /** Behind the closing quote; escapes are checked. */
  private endOfString(bytes: Uint8Array, open: number): number {
    let at = open + 1;
    for (;;) {
      const byte = bytes[at] as number;
      this.classes |= BYTE_CLASSES[byte] as number;
      if (STRING_STOPS[byte] === 0) at += 1;
      else if (byte === QUOTE) return at + 1;
      else if (byte !== BACKSLASH) return this.fail(at, 'a text that is not closed, or a control character in it');
      else {
        const escaped = bytes[at + 1] as number;
        if (escaped === 0x75) {
          for (let digit = at + 2; digit < at + 6; digit += 1)
            if (HEX[bytes[digit] as number] === 0) return this.fail(digit, 'an escape that is none');
          at += 6;
        } else if (ESCAPES[escaped] === 1) at += 2;
        else return this.fail(at + 1, 'an escape that is none');
      }
    }
  }

  private keyText(bytes: Uint8Array, open: number, end: number): string {
    const text = utf8Of(bytes, open, end);
    return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
  }

  private word(bytes: Uint8Array, at: number, word: Uint8Array, node: PathNode, kind: number): number {
    for (let index = 1; index < word.length; index += 1)
      if (bytes[at + index] !== word[index]) return this.fail(at + index, 'a value that is none');
    this.note(node, kind, at, at, 0, 0);
    return at + word.length;
  }

  /** `-12.5e+3`: no leading zero, digits on both sides of the point. */
  private number(bytes: Uint8Array, start: number, node: PathNode): number {
    let at = bytes[start] === 0x2d ? start + 1 : start;
    const whole = at;
    at = bytes[at] === 0x30 ? at + 1 : endOfDigits(bytes, at);
    if (at === whole) return this.fail(at, 'a value is expected');
    if (bytes[at] === 0x2e) {
      const fraction = at + 1;
      at = endOfDigits(bytes, fraction);
      if (at === fraction) return this.fail(at, 'a digit is expected');
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      const exponent = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
      at = endOfDigits(bytes, exponent);
      if (at === exponent) return this.fail(at, 'a digit is expected');
    }
    let hash = HASH_START;
    let mask = 0;
    for (let index = start; index < at; index += 1) {
      const byte = bytes[index] as number;
      mask |= BYTE_CLASSES[byte] as number;
      hash = imul(hash ^ byte, HASH_FACTOR);
    }
    this.note(node, NUMBER, start, at, mixHash(hash), mask);
    return at;
  }

  private apply(bytes: Uint8Array): void {
    const { tape, used, nodes } = this;
    for (let slot = 0; slot < used; slot += STRIDE) {
      const head = tape[slot] as number;
      const node = nodes[(head / KINDS) | 0] as PathNode;
      const start = tape[slot + 1] as number;
      const end = tape[slot + 2] as number;
      node.seen += 1;
      switch (head & (KINDS - 1)) {
        case OBJECT:
          node.objects += 1;
          break;
        case ARRAY:
          node.arrays += 1;
          break;
        case NULL:
          node.statistics.nulls += 1;
          break;
        case TRUE:
          node.statistics.addBoolean(true);
          break;
        case FALSE:
          node.statistics.addBoolean(false);
          break;
        case NUMBER:
          node.statistics.addNumeral(bytes, start, end, tape[slot + 4] as number, tape[slot + 3] as number);
          break;
        case STRING:
          node.statistics.addString(bytes, start, end, tape[slot + 4] as number, tape[slot + 3] as number);
          break;
        default: {
          const size = end - start;
          if (size > this.scratch.length) this.scratch = new Uint8Array(size * 2);
          const { scratch } = this;
          const length = unescapeJson(bytes, start + 1, end - 1, scratch);
          scanBytes(scratch, 0, length);
          node.statistics.addString(scratch, 0, length, scanned.mask, scanned.hash);
        }
      }
    }
  }
}

const TRUE_WORD = Buffer.from('true');
const FALSE_WORD = Buffer.from('false');
const NULL_WORD = Buffer.from('null');
