/** Words of free text, and which of them look like a misspelling of a frequent one. */
import { fingerprint } from './fingerprints.ts';

const SHORTEST_WORD = 4;
const LONGEST_WORD = 20;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Words of four letters and more, in lower case, without repetition. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return [...new Set(words)].filter((word) => word.length >= SHORTEST_WORD && word.length <= LONGEST_WORD);
}

/** Whether one added, dropped, changed or swapped letter makes a known word of this one. */
export function isNearKnown(word: string, known: ReadonlySet<number>): boolean {
  const has = (candidate: string) => candidate !== word && candidate.length >= SHORTEST_WORD && known.has(fingerprint(candidate));
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    if (has(before + after.slice(1))) return true;
    if (after.length > 1 && has(before + after.charAt(1) + after.charAt(0) + after.slice(2))) return true;
    for (const letter of LETTERS) {
      if (has(before + letter + after)) return true;
      if (after !== '' && has(before + letter + after.slice(1))) return true;
    }
  }
  return false;
}
