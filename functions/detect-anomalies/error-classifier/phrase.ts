/** A phrase such as `Container killed by YARN … memory limits`: literal parts, in order, on one line. */

export interface Phrase {
  /** Lower case. */
  readonly parts: readonly string[];
  /** Whether the phrase may begin inside a word, as `*TimeoutException` does. */
  readonly insideWord: boolean;
  /** What the scanner looks for: a run of at most `NEEDLE_LENGTH` bytes of the longest part. ASCII, lower case. */
  readonly needle: string;
}

/** Long enough to be rare, short enough to keep the scanner's table small. */
const NEEDLE_LENGTH = 12;
const SHORTEST_NEEDLE = 4;
/** Words of healthy logs: a phrase is looked for by another of its parts, where it has one. */
const EVERYDAY_WORDS = new Set(
  'executor partition partitions block broadcast task stage file table column path host node container connection memory schema data field'.split(
    ' ',
  ),
);
/** A line that holds a part more often than this, always inside a word, is made to waste time. */
const MAX_OCCURRENCES = 16;

/** Throws a RangeError for a phrase that is too short to be looked for. */
export function parsePhrase(text: string): Phrase {
  const insideWord = text.startsWith('*');
  const parts = (insideWord ? text.slice(1) : text)
    .toLowerCase()
    .split('…')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const runs = parts.flatMap(asciiRuns);
  const rare = runs.filter((run) => !EVERYDAY_WORDS.has(run) && run.length >= SHORTEST_NEEDLE);
  const needle = longest(rare.length > 0 ? rare : runs).slice(0, NEEDLE_LENGTH);
  if (needle.length < SHORTEST_NEEDLE) {
    throw new RangeError(`phrase ${JSON.stringify(text)} needs a part of at least ${SHORTEST_NEEDLE} ASCII characters`);
  }
  return { parts, insideWord, needle };
}

/** Whether a line, in lower case, says the phrase. */
export function says(lowerLine: string, { parts, insideWord }: Phrase): boolean {
  const [first = '', ...rest] = parts;
  let end = insideWord ? after(lowerLine, first, 0) : afterWordStart(lowerLine, first);
  for (const part of rest) {
    if (end < 0) return false;
    end = after(lowerLine, part, end);
  }
  return end >= 0;
}

function after(line: string, part: string, from: number): number {
  const at = line.indexOf(part, from);
  return at < 0 ? -1 : at + part.length;
}

/** The end of the first occurrence that does not begin inside a word: `TypeError` is not in `DataTypeError`. */
function afterWordStart(line: string, part: string): number {
  const bound = isWordCharacter(part.charCodeAt(0));
  let at = line.indexOf(part);
  for (let looked = 0; at >= 0 && looked < MAX_OCCURRENCES; looked += 1, at = line.indexOf(part, at + 1)) {
    if (!bound || at === 0 || !isWordCharacter(line.charCodeAt(at - 1))) return at + part.length;
  }
  return -1;
}

function isWordCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95;
}

function asciiRuns(part: string): string[] {
  return part.match(/[ -~]+/g) ?? [];
}

function longest(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length > best.length ? text : best), '');
}
