/** Learns the words of a column of text: which are known, which are frequent, and how often a right word looks like a misspelling. */
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, packFingerprints } from './fingerprints.ts';
import { clumpOf } from './learn-trait.ts';
import type { WordsBaseline } from './quality-baseline.ts';
import { isNearKnown, wordsOf } from './words.ts';

/** A word of so many rows is spelled rightly. */
const FREQUENT_FROM = 6;
const FEWEST_FREQUENT = 3;
/** Of one column; a larger vocabulary is a language, of which no sample knows enough words. */
const MOST_WORDS = 6_000;

/** Null where the column has no frequent words: numbers, codes, names that hardly repeat. */
export function learnWords(column: EncodedColumn): WordsBaseline | null {
  const rowsOf = new Map<string, number>();
  const ofValue = column.values.map(wordsOf);
  for (const [code, words] of ofValue.entries()) {
    for (const word of words) rowsOf.set(word, (rowsOf.get(word) ?? 0) + (column.counts[code] ?? 0));
  }
  if (rowsOf.size > MOST_WORDS) return null;
  const words = [...rowsOf].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const frequent = words.filter(([, rows]) => rows >= FREQUENT_FROM).map(([word]) => fingerprint(word));
  if (frequent.length < FEWEST_FREQUENT) return null;
  const rightWords = new Set(frequent);
  const near = new Set([...rowsOf.keys()].filter((word) => isNearKnown(word, rightWords)));
  // A word of a single row is one that the rest of the baseline does not know.
  const looksWrong = (word: string) => near.has(word) && rowsOf.get(word) === 1;
  return {
    rows: column.rowCount - column.missing,
    nearMisses: ofValue.filter((ofOne) => ofOne.some(looksWrong)).length,
    clump: clumpOf([...near].map((word) => rowsOf.get(word) ?? 1)),
    known: packFingerprints(words.map(([word]) => fingerprint(word))),
    frequent: frequent.length,
  };
}
