/**
 * Sets of texts as 24-bit fingerprints, four base64url characters each: the baseline can tell a known value from a new one without
 * storing the value. Two texts share a fingerprint once in 16 million, which at most hides a finding and never makes one.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DIGIT = new Map([...ALPHABET].map((character, index) => [character, index]));
/** Of a packed fingerprint. */
export const CHARACTERS_EACH = 4;

/** In [1, 2^24): zero is free to mean "none". FNV-1a with a final mix, so that near texts get far fingerprints. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 8) & 0xffffff || 1;
}

export function packFingerprints(fingerprints: Iterable<number>): string {
  let packed = '';
  for (const value of fingerprints) {
    for (let shift = 18; shift >= 0; shift -= 6) packed += ALPHABET[(value >>> shift) & 63];
  }
  return packed;
}

export function unpackFingerprints(packed: string): number[] {
  const fingerprints: number[] = [];
  for (let start = 0; start + CHARACTERS_EACH <= packed.length; start += CHARACTERS_EACH) {
    let value = 0;
    for (let offset = 0; offset < CHARACTERS_EACH; offset++) value = value * 64 + (DIGIT.get(packed.charAt(start + offset)) ?? 0);
    fingerprints.push(value);
  }
  return fingerprints;
}
