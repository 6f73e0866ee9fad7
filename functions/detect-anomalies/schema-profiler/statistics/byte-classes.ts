/** What kinds of bytes a text holds, as a bit mask: enough to tell most numbers, dates and words apart without looking twice. */

export const DIGIT = 1;
/** `+` and `-` */
export const SIGN = 2;
export const DOT = 4;
/** `e` and `E` */
export const EXPONENT = 8;
/** Space and the signs of dates and times: `: / , T Z` */
export const TEMPORAL = 16;
/** Every other ASCII letter */
export const LETTER = 32;
/** The rest of ASCII: punctuation, tabs, line ends */
export const OTHER = 64;
/** Bytes of a character beyond ASCII */
export const HIGH = 128;
/** NUL: never part of a text */
export const NUL = 256;

/** All of them. */
export const ANY_CLASS = 0x1ff;

/** The mask of each byte value. */
export const BYTE_CLASSES: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => classOf(byte));

function classOf(byte: number): number {
  const sign = String.fromCharCode(byte);
  if (byte === 0) return NUL;
  if (byte >= 0x80) return HIGH;
  if (/\d/.test(sign)) return DIGIT;
  if (/[+-]/.test(sign)) return SIGN;
  if (sign === '.') return DOT;
  if (/[eE]/.test(sign)) return EXPONENT;
  if (/[ :/,TZ]/.test(sign)) return TEMPORAL;
  return /[a-z]/i.test(sign) ? LETTER : OTHER;
}

/** FNV-1a's start and factor; finish with `mixHash`. */
export const HASH_START = 0x811c9dc5 | 0;
export const HASH_FACTOR = 0x01000193;
