/** `to_date(text, format)` in ANSI mode, for formats of `yyyy`, `MM`, `dd` and what stands between them. */
import { isDate, type Value } from './cast.ts';
import { cannotParseTimestamp } from './spark-errors.ts';

const WIDTHS: Readonly<Record<string, number>> = { yyyy: 4, MM: 2, dd: 2 };

/** Null stays null. Error: CANNOT_PARSE_TIMESTAMP, with the place where the text leaves the format. */
export function parseDate(value: Value | undefined, format: string): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value);
  const fields: Record<string, number> = {};
  let at = 0;
  for (const part of format.match(/yyyy|MM|dd|[^yMd]/g) ?? []) {
    const width = WIDTHS[part];
    if (width === undefined) {
      if (text[at] !== part) throw cannotParseTimestamp(text, at);
      at += 1;
    } else {
      const digits = text.slice(at, at + width);
      if (!/^\d+$/.test(digits) || digits.length !== width) throw cannotParseTimestamp(text, at);
      fields[part] = Number(digits);
      at += width;
    }
  }
  if (at !== text.length) throw cannotParseTimestamp(text, at);
  const [year, month, day] = [fields['yyyy'] ?? 1970, fields['MM'] ?? 1, fields['dd'] ?? 1];
  if (!isDate(year, month, day)) throw cannotParseTimestamp(text, 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
