/**
 * The properties of a value that the analyzer compares, from the value itself to its mere kind. Each trait puts a text into one or
 * more categories; a text of which a category was never seen in the baseline is unrecognised under that trait.
 */
export interface Trait {
  readonly name: TraitName;
  /** Categories of a text, without repetition. */
  readonly categoriesOf: (text: string) => readonly string[];
  /** Whether a text has exactly one category. */
  readonly single: boolean;
  /** Whether a category that became much more frequent is a finding; of several that say the same, one is enough. */
  readonly sharesCompared: boolean;
}

export type TraitName = 'domain' | 'format' | 'shape' | 'outline' | 'kind' | 'characters' | 'spelling';

const LONGEST_FORMAT = 60;

export const TRAITS: readonly Trait[] = [
  { name: 'kind', categoriesOf: (text) => [kindOf(text)], single: true, sharesCompared: true },
  { name: 'outline', categoriesOf: (text) => [outlineOf(text)], single: true, sharesCompared: false },
  { name: 'shape', categoriesOf: (text) => [shapeOf(text)], single: true, sharesCompared: true },
  { name: 'format', categoriesOf: (text) => [formatOf(text)], single: true, sharesCompared: false },
  {
    name: 'characters',
    categoriesOf: (text) => [...new Set(text.toLowerCase().replace(/\p{Nd}/gu, '9'))],
    single: false,
    sharesCompared: false,
  },
  { name: 'spelling', categoriesOf: (text) => pairsOf(text), single: false, sharesCompared: false },
  { name: 'domain', categoriesOf: (text) => [text], single: true, sharesCompared: true },
];

const KINDS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['integer', /^[+-]?\d{1,38}$/],
  ['decimal', /^[+-]?(?:\d{1,38}\.\d{0,38}|\.\d{1,38})(?:[eE][+-]?\d{1,3})?$|^[+-]?\d{1,38}[eE][+-]?\d{1,3}$/],
  ['boolean', /^(?:true|false)$/i],
  ['datetime', /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/],
  ['time', /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?[ap]\.?m\.?)?$/i],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ['email', /^[^\s@]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){1,8}$/],
  ['url', /^[a-z][a-z0-9+]{1,9}:\/\/\S+$/i],
];

/** What a text is, as a reader of the column would parse it. */
export function kindOf(text: string): string {
  for (const [name, pattern] of KINDS) if (pattern.test(text)) return name;
  return dateKindOf(text) ?? (/^[[{]/.test(text) ? 'nested' : 'text');
}

/** Year, month and day with one separator, in either order, and possible as a date: the 13th month is text. */
function dateKindOf(text: string): string | undefined {
  const match = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})$/.exec(text);
  if (!match) return undefined;
  const [first = 0, middle = 0, last = 0] = [match[1], match[3], match[4]].map(Number);
  if (match[1]?.length === 4) return middle >= 1 && middle <= 12 && last >= 1 && last <= 31 ? 'date' : undefined;
  const dayAndMonth = Math.min(first, middle) >= 1 && Math.min(first, middle) <= 12 && Math.max(first, middle) <= 31;
  return dayAndMonth && (match[4]?.length === 4 || match[4]?.length === 2) ? 'date' : undefined;
}

/** Each letter and digit by its class, everything else as it is: `Bend, OR 97` → `Aaaa, AA 99`. */
export function formatOf(text: string): string {
  return classesOf(text).slice(0, LONGEST_FORMAT);
}

/** The format with runs of a class made one: `Aaaa, AA 99` → `Aa, A 9`. */
export function shapeOf(text: string): string {
  return classesOf(text)
    .replace(/([Aaä9\s])\1+/g, '$1')
    .slice(0, LONGEST_FORMAT);
}

/** The shape without case and length: words are `w`, numbers `9`, a run of words is one. */
export function outlineOf(text: string): string {
  return classesOf(text)
    .replace(/[Aaä]+/g, 'w')
    .replace(/9+/g, '9')
    .replace(/w(?: w)+/g, 'w')
    .slice(0, LONGEST_FORMAT);
}

function classesOf(text: string): string {
  return text
    .slice(0, LONGEST_FORMAT * 2)
    .replace(/\p{Nd}/gu, '9')
    .replace(/[A-Z]/g, 'A')
    .replace(/[a-z]/g, 'a')
    .replace(/\p{L}/gu, (letter) => (letter === 'A' || letter === 'a' ? letter : 'ä'));
}

/** Neighbouring characters, without case and with digits alike: what a misspelling changes. */
function pairsOf(text: string): string[] {
  const plain = `^${text
    .toLowerCase()
    .replace(/\p{Nd}/gu, '9')
    .slice(0, 200)}$`;
  const pairs = new Set<string>();
  for (let index = 1; index < plain.length; index++) pairs.add(plain.slice(index - 1, index + 1));
  return [...pairs];
}
