/** The shape of a text: upper case as `A`, lower case as `a`, digits as `9`, the rest as it is; runs longer than four as `A+`. */
import { DIGIT } from './byte-classes.ts';

const { imul } = Math;

const LONGEST_RUN = 4;
const LONGEST_PATTERN = 40;
const LONGEST_LOOK = 256;
const PLUS = 0x2b;
const UPPER = 0x41;
const LOWER = 0x61;
const NINE = 0x39;
const DIGIT_RUNS = ['', '9', '99', '999', '9999', '9+'];

/** What each byte shows as. */
const SIGNS = Uint8Array.from({ length: 256 }, (_, byte) => signOf(byte));
const pattern = Buffer.alloc(LONGEST_PATTERN + LONGEST_RUN + 1);
/** Patterns that were there lately, by a hash of theirs: a column has few, and making a string costs more than telling that it is known. */
const recent: string[] = new Array<string>(256).fill('');

/** `[start, end)` is UTF-8, `mask` its byte classes; a character beyond ASCII counts as a letter, `a`. */
export function patternOf(bytes: Uint8Array, start: number, end: number, mask: number): string {
  if (mask === DIGIT) return DIGIT_RUNS[Math.min(end - start, DIGIT_RUNS.length - 1)] ?? '';
  const stop = Math.min(end, start + LONGEST_LOOK);
  let length = 0;
  let at = start;
  while (at < stop && length < LONGEST_PATTERN) {
    const sign = SIGNS[bytes[at] as number] as number;
    const isKind = sign === UPPER || sign === LOWER || sign === NINE;
    const from = length;
    let run = 0;
    for (; at < stop && SIGNS[bytes[at] as number] === sign && (isKind || length < LONGEST_PATTERN); at += 1) {
      // the bytes that continue a character do not count
      if (((bytes[at] as number) & 0xc0) === 0x80) continue;
      run += 1;
      if (!isKind || run <= LONGEST_RUN) pattern[length++] = sign;
    }
    if (isKind && run > LONGEST_RUN) {
      length = from + 2;
      pattern[from + 1] = PLUS;
    }
  }
  const shown = shownPattern(Math.min(length, LONGEST_PATTERN));
  return at < end || length > LONGEST_PATTERN ? `${shown}…` : shown;
}

/** The first `length` signs of the pattern at hand. */
function shownPattern(length: number): string {
  let hash = length;
  for (let at = 0; at < length; at += 1) hash = (imul(hash, 31) + (pattern[at] as number)) | 0;
  const slot = hash & (recent.length - 1);
  const known = recent[slot] as string;
  if (isShown(known, length)) return known;
  const shown = pattern.toString('latin1', 0, length);
  recent[slot] = shown;
  return shown;
}

function isShown(known: string, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (known.charCodeAt(at) !== pattern[at]) return false;
  return true;
}

function signOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return NINE;
  if ((byte >= 0x61 && byte <= 0x7a) || byte >= 0x80) return LOWER;
  if (byte >= 0x41 && byte <= 0x5a) return UPPER;
  return byte < 0x20 || byte === 0x7f ? 0x20 : byte;
}
