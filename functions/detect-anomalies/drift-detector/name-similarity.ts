/** How alike two column names are: words, abbreviations and spelling; words that many columns share count less. */

import { assignOptimally } from './assign-optimally.ts';

/** How much a word tells about its column, in (0, 1]. */
export type WordWeight = (word: string) => number;

/** Words that say what sort of column it is rather than which one. */
const GENERIC = new Set(['id', 'name', 'code', 'no', 'nr', 'num', 'number', 'value', 'flag', 'type', 'field', 'col', 'column', 'data']);
/** Characters of a name that are compared, and words: real names have far fewer. */
const MAX_NAME = 100;
const MAX_WORDS = 12;
/** An abbreviation stands for its word, but not with certainty. */
const ABBREVIATED = 0.9;
const INFLECTED = 0.95;
/** Spelling closer than this is a variant or a slip; below, two different words. */
const SAME_WORD = 0.75;

/** A name within another counts from this share of it on: `city` is no part of `capacity`. */
const CONTAINED = 0.6;

const CONTRACTED = 0.75;
/** Shorter letter sequences hide in too many words. */
const MIN_CONTRACTED = 6;

/** `pickupLongitude2` → `pickup longitude 2`, in lower case. */
export function wordsOf(name: string): string[] {
  return name
    .slice(0, MAX_NAME)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Weighs a word by the number of columns, on both sides, in whose names it stands: `total` in twenty columns tells little. */
export function weighWords(names: Iterable<string>): WordWeight {
  const counts = new Map<string, number>();
  for (const name of names) for (const word of new Set(wordsOf(name))) counts.set(word, (counts.get(word) ?? 0) + 1);
  // once on each side is what a kept word looks like: full weight up to two
  const commonness = (word: string) => 1 + Math.log(Math.max(1, (counts.get(word) ?? 0) / 2));
  return (word) => (GENERIC.has(word) || /^\p{N}+$/u.test(word) ? 0.6 : 1) / commonness(word);
}

/** 1: the same but for case and separators; 0: nothing in common. Symmetric. */
export function nameSimilarity(a: string, b: string, weigh: WordWeight = weighWords([a, b])): number {
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)];
  const [joinedA, joinedB] = [wordsA.join(''), wordsB.join('')];
  if (joinedA === joinedB) return joinedA === '' ? Number(a === b) : 1;
  if (numbersOf(joinedA) !== numbersOf(joinedB)) return 0.5 * sharedWords(wordsA, wordsB, weigh);
  return Math.max(sharedWords(wordsA, wordsB, weigh), spelling(wordsA, wordsB));
}

/** `q1` and `q2` are siblings, not spellings of one name. */
const numbersOf = (text: string) => text.replace(/[^\p{N}]+/gu, ' ').trim();

/** Dice's coefficient over the weighted words, each word paired once so that the most is shared. */
function sharedWords(a: readonly string[], b: readonly string[], weigh: WordWeight): number {
  const [left, right] = [a.slice(0, MAX_WORDS), b.slice(0, MAX_WORDS)];
  const shares = left.map((one) => right.map((other) => wordSimilarity(one, other) * Math.min(weigh(one), weigh(other))));
  const shared = assignOptimally(shares).reduce<number>(
    (sum, column, row) => sum + (column === null ? 0 : (shares[row]?.[column] ?? 0)),
    0,
  );
  const total = [...left, ...right].reduce((sum, word) => sum + weigh(word), 0);
  return total === 0 ? 0 : Math.min(1, (2 * shared) / total);
}

function wordSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  if (singular(a) === singular(b)) return INFLECTED;
  if (abbreviates(a, b) || abbreviates(b, a)) return ABBREVIATED;
  const alike = editSimilarity(a, b);
  return alike >= SAME_WORD ? alike : 0;
}

/** English plurals: enough to bring `currency` and `currencies` together. */
const singular = (word: string) => (word.length < 4 ? word : word.replace(/ies$/, 'y').replace(/(?<!s)s$/, ''));

/** `lon` and `longitude`, `dept` and `department`, `amt` and `amount`: a prefix, or a prefix and then consonants in the word's order. */
function abbreviates(short: string, long: string): boolean {
  if (short.length < 2 || short.length >= long.length) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (at === short.length) return true;
  const rest = short.slice(at);
  if (at === 0 || short.length < 3 || short.length > long.length * 0.7 || /[aeiou]|[^a-z]/.test(rest)) return false;
  return isSubsequence(rest, long.slice(at));
}

function isSubsequence(short: string, long: string): boolean {
  let found = 0;
  for (const letter of long) if (letter === short[found]) found += 1;
  return found === short.length;
}

/** For names split into words differently: `ratecode_id` and `rate_code`, `createdate` and `createdat`. */
function spelling(wordsA: readonly string[], wordsB: readonly string[]): number {
  const [a, b] = [wordsA.join(''), wordsB.join('')];
  const comparable = wordsA.length === 1 || wordsB.length === 1 || a.includes(b) || b.includes(a);
  const alike = comparable ? editSimilarity(a, b) : 0;
  if (alike >= SAME_WORD) return alike;
  // Glue folds case, which runs words together: `numpackets` is `packets` with a word before
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const share = short.length / long.length;
  if (!comparable) return 0;
  if (long.includes(short) && share >= CONTAINED) return (ABBREVIATED * 2 * share) / (1 + share);
  // several abbreviated words in one: `srcaddr` and `sourceaddress`
  return short.length >= MIN_CONTRACTED && share >= 0.35 && short[0] === long[0] && isSubsequence(short, long) ? CONTRACTED : 0;
}

/** 1 − Levenshtein distance ÷ the longer length. */
function editSimilarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  if (longest === 0) return 1;
  // cannot come near any more
  if (Math.min(a.length, b.length) / longest < SAME_WORD) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return 1 - (row[b.length] ?? longest) / longest;
}
