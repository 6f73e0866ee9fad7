/** Splits the first bytes of a CSV text into records of any width: to look at, before the width is known. */
import type { CsvDialect } from './csv-scanner.ts';

/** At most `most` records; one that is cut off at the end is left out unless `isAll`. An open quote ends with the text. */
export function splitRecords(text: string, isAll: boolean, dialect: CsvDialect, most: number): string[][] {
  const delimiter = String.fromCharCode(dialect.delimiter);
  const quote = String.fromCharCode(dialect.quote);
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length && records.length < most) {
    let cell = '';
    if (text[at] === quote) {
      at += 1;
      for (; at < text.length; at += 1) {
        const sign = text[at] ?? '';
        if (dialect.backslash && sign === '\\' && at + 1 < text.length) {
          at += 1;
          cell += text[at];
        } else if (sign !== quote) cell += sign;
        else if (text[at + 1] === quote && !dialect.backslash) {
          at += 1;
          cell += quote;
        } else {
          const behind = skipSpaces(text, at + 1);
          if (behind >= text.length || endsCell(text, behind, delimiter, dialect)) {
            at = behind;
            break;
          }
          cell += sign;
        }
      }
    } else {
      const start = at;
      while (at < text.length && !endsCell(text, at, delimiter, dialect)) at += 1;
      cell = text.slice(start, at);
    }
    record.push(cell);
    if (at >= text.length) break;
    const sign = text[at];
    at += sign === '\r' && text[at + 1] === '\n' ? 2 : 1;
    if (sign === delimiter && (at < text.length || !isAll)) continue;
    if (sign === delimiter) record.push('');
    records.push(record);
    record = [];
  }
  if (record.length > 0 && isAll && records.length < most && records.at(-1) !== record) records.push(record);
  return records;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

function endsCell(text: string, at: number, delimiter: string, { carriageReturn }: CsvDialect): boolean {
  const sign = text[at];
  return sign === delimiter || sign === '\n' || (sign === '\r' && (carriageReturn || text[at + 1] === '\n'));
}
