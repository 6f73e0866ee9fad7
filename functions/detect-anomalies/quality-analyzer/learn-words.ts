/** Learns the words of a column of text: which are known, which are frequent, and how often a right word looks like a misspelling. */
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, packFingerprints } from './fingerprints.ts';
import { clumpOf } from './learn-trait.ts';
import type { WordsBaseline } from './quality-baseline.ts';
import { isNearKnown, wordsOf } from './words.ts';

/** A word of so many rows is spelled rightly. */
const FREQUENT_FROM = 4;
const FEWEST_FREQUENT = 3;

/** Keeps at most `limit` words; null where the column has no frequent words: numbers, codes, names that hardly repeat. */
export function learnWords(column: EncodedColumn, limit: number): WordsBaseline | null {
  const rowsOf = new Map<string, number>();
  const ofValue = column.values.map(wordsOf);
  for (const [code, words] of ofValue.entries()) {
    for (const word of words) rowsOf.set(word, (rowsOf.get(word) ?? 0) + (column.counts[code] ?? 0));
  }
  const kept = [...rowsOf].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);
  const known = new Set(kept.map(([word]) => word));
  const frequent = kept.filter(([, rows]) => rows >= FREQUENT_FROM).map(([word]) => fingerprint(word));
  if (frequent.length < FEWEST_FREQUENT) return null;
  const rightWords = new Set(frequent);
  const near = new Set([...rowsOf.keys()].filter((word) => isNearKnown(word, rightWords)));
  // A word of a single row is one that the rest of the baseline does not know.
  const looksWrong = (word: string) => near.has(word) && (rowsOf.get(word) === 1 || !known.has(word));
  const nearMisses = ofValue.reduce((sum, words, code) => (words.some(looksWrong) ? sum + (column.counts[code] ?? 0) : sum), 0);
  return {
    rows: column.rowCount - column.missing,
    nearMisses,
    clump: clumpOf([...near].map((word) => rowsOf.get(word) ?? 1)),
    known: packFingerprints(kept.map(([word]) => fingerprint(word))),
    frequent: frequent.length,
  };
}
