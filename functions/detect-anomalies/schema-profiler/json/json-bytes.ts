/** Small steps over JSON text, byte by byte. Every one stops at a byte that cannot be passed: the text ends with such a one. */

const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Bytes that end the plain part of a string: the quote, the backslash, control characters. */
export const STRING_STOPS = Uint8Array.from({ length: 256 }, (_, byte) => (byte === QUOTE || byte === BACKSLASH || byte < 0x20 ? 1 : 0));

export const HEX = Uint8Array.from({ length: 256 }, (_, byte) => (/[0-9a-f]/i.test(String.fromCharCode(byte)) ? 1 : 0));
export const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) => (/["\\/bfnrt]/.test(String.fromCharCode(byte)) ? 1 : 0));

export function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at += 1;
  return at;
}

/** Space within a line. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at += 1;
  return at;
}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d || bytes[at] === LF) at += 1;
  return at;
}

export function startsWith(bytes: Uint8Array, at: number, key: Uint8Array): boolean {
  for (let index = 0; index < key.length; index += 1) if (bytes[at + index] !== key[index]) return false;
  return true;
}
