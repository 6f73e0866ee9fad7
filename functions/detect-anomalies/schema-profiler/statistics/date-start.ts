/** Tells from its first bytes whether a text can be a date at all: most texts with digits in them are not, and the parser is slow. */

const OPEN_DIGIT = 0x30;
const CLOSE_DIGIT = 0x39;
const SPACE = 0x20;
const LOWER_CASE = 0x20;
const CLOSE_BRACKET = 0x5d;
const ASCII_END = 0x80;

/** The first three letters of every month and weekday, as one number each. */
const NAME_STARTS: ReadonlySet<number> = new Set(
  'jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun'
    .split(' ')
    .map((name) => lettersOf(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2))),
);

/** False only where `parseDateTime` knows no date: one starts with a digit or a name, or stands in brackets at the end of a log line. */
export function mayBeDate(bytes: Uint8Array, start: number, end: number): boolean {
  let from = start;
  let to = end;
  while (from < to && (bytes[from] as number) <= SPACE) from += 1;
  while (to > from && (bytes[to - 1] as number) <= SPACE) to -= 1;
  if (to - from < 4) return false;
  const first = bytes[from] as number;
  const last = bytes[to - 1] as number;
  // beyond ASCII there are more blanks
  if (first >= ASCII_END || last >= ASCII_END || last === CLOSE_BRACKET) return true;
  if (first >= OPEN_DIGIT && first <= CLOSE_DIGIT) return true;
  return NAME_STARTS.has(lettersOf(first, bytes[from + 1] as number, bytes[from + 2] as number));
}

function lettersOf(first: number, second: number, third: number): number {
  return ((first | LOWER_CASE) << 16) | ((second | LOWER_CASE) << 8) | (third | LOWER_CASE);
}
