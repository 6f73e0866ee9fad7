/** The shape of a text: upper case as `A`, lower case as `a`, digits as `9`, the rest as it is; runs longer than four as `A+`. */

const LONGEST_RUN = 4;
const LONGEST_PATTERN = 40;
const LONGEST_LOOK = 256;

/** `[start, end)` is UTF-8; a character beyond ASCII counts as a letter, `a`. */
export function patternOf(bytes: Uint8Array, start: number, end: number): string {
  let pattern = '';
  const stop = Math.min(end, start + LONGEST_LOOK);
  for (let at = start; at < stop && pattern.length < LONGEST_PATTERN; ) {
    const sign = signOf(bytes[at] as number);
    let run = 0;
    while (at < stop && signOf(bytes[at] as number) === sign) {
      // the bytes that continue a character do not count
      if (((bytes[at] as number) & 0xc0) !== 0x80) run += 1;
      at += 1;
    }
    const isKind = sign === 'A' || sign === 'a' || sign === '9';
    pattern += isKind && run > LONGEST_RUN ? `${sign}+` : sign.repeat(Math.min(run, LONGEST_PATTERN));
  }
  return pattern.length >= LONGEST_PATTERN || stop < end ? `${pattern.slice(0, LONGEST_PATTERN)}…` : pattern;
}

function signOf(byte: number): string {
  if (byte >= 0x30 && byte <= 0x39) return '9';
  if ((byte >= 0x61 && byte <= 0x7a) || byte >= 0x80) return 'a';
  if (byte >= 0x41 && byte <= 0x5a) return 'A';
  return byte < 0x20 || byte === 0x7f ? ' ' : String.fromCharCode(byte);
}
