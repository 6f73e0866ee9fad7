/** Which format the dates of a column are written in, told from all of its values: one `31/12/2024` settles what `01/02/2024` means. */
import { type DateTimeValue, parseDateTime } from '../schema-profiler/parse-date-time.ts';
import type { Cell } from '../table-sample.ts';

const MAX_VALUES = 500;
const MIN_VALUES = 5;
/** A column has a format where this share of its values shows it. */
const PREVAILING = 0.9;

/**
 * The prevailing format in the letters of Java's date patterns, digits not counted (`M/d/yyyy`, `yyyy-M-d'T'H:m:s`); null where the values
 * are no dates, of several formats, or leave the order of day and month open.
 */
export function dateFormatOf(values: readonly Cell[]): string | null {
  const texts = values.filter((cell): cell is string => typeof cell === 'string' && cell.trim() !== '').slice(0, MAX_VALUES);
  const dates = texts.map((text) => parseDateTime(text)).filter((date): date is DateTimeValue => date !== null);
  if (dates.length < MIN_VALUES || dates.length < PREVAILING * texts.length) return null;
  const counts = new Map<string, number>();
  for (const { format } of dates.filter(({ ambiguous }) => !ambiguous))
    counts.set(undigited(format), (counts.get(undigited(format)) ?? 0) + 1);
  const ambiguous = dates.filter((date) => date.ambiguous).length;
  const [prevailing] = [...counts].sort(([, a], [, b]) => b - a);
  // ambiguous values go with the others, whichever those are
  return prevailing && prevailing[1] + ambiguous >= PREVAILING * dates.length ? prevailing[0] : null;
}

/** `01` and `1`, `.5` and `.500`, are one format: a parser that reads the one reads the other. */
const undigited = (format: string) =>
  format.replace(/([MdHhmsSX])\1+/g, (run, letter: string) => (letter === 'M' && run.length > 2 ? run : letter)).replace(/\.S/, '');
