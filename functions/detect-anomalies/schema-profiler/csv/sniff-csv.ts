/** Finds out a CSV text's dialect, header and number of columns from its first bytes. */

import { InputError } from '../../../shared/errors.ts';
import { utf8Bytes, utf8Of } from '../bytes/text-of.ts';
import { BOOLEAN, classifyText, DATE, DECIMAL, INTEGER, TIMESTAMP, TIMESTAMP_TZ } from '../statistics/classify-text.ts';
import { scanBytes, scanned } from '../statistics/column-statistics.ts';
import type { CsvDialect } from './csv-scanner.ts';
import { splitRecords } from './split-records.ts';

export interface CsvLayout {
  readonly dialect: CsvDialect;
  /** As written; `col3` where the header is empty or missing. */
  readonly names: readonly string[];
  readonly hasHeader: boolean;
}

/** Glue's crawler and its engines stop far below. */
const MOST_COLUMNS = 20_000;
const QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const COMMA = 0x2c;
/** Comma, semicolon, tab, bar, caret, and Hive's own default. */
const DELIMITERS = [COMMA, 0x3b, 0x09, 0x7c, 0x5e, 0x01];
/** Blank lines before the header. */
const LOOKED_AT_BLANKS = 10;
const LOOKED_AT_RECORDS = 100;
/** Rows whose values are compared with the header. */
const LOOKED_AT_VALUES = 40;
const LOOKED_AT_CHARACTERS = 16 * 1024;
/** A text of another kind shows early. */
const LOOKED_AT_FOR_NULS = 4096;

/**
 * `head`: the first bytes, UTF-8; `isAll`: nothing follows.
 * @throws InputError `E_CSV` where it is no text, or has no row, or too many columns.
 */
export function sniffCsv(head: Uint8Array, isAll: boolean): CsvLayout {
  refuseBinary(head);
  const text = utf8Of(head, 0, head.length);
  const start = text.slice(0, LOOKED_AT_CHARACTERS);
  const dialect = sniffDialect(start, isAll && start.length === text.length);
  const isNotBlank = (record: readonly string[]) => record.length > 1 || record[0] !== '';
  const first = splitRecords(text, isAll, dialect, LOOKED_AT_BLANKS).find(isNotBlank);
  if (!first) throw withoutRow(head, isAll);
  if (first.length > MOST_COLUMNS) {
    throw new InputError('E_CSV', `row 1 has ${first.length} columns; at most ${MOST_COLUMNS} are expected: look for a wrong delimiter`);
  }
  const body = splitRecords(start, isAll && start.length === text.length, dialect, LOOKED_AT_RECORDS)
    .filter(isNotBlank)
    .slice(1);
  const hasHeader = isHeader(first, body.slice(0, LOOKED_AT_VALUES));
  const names = Array.from({ length: widthOf(first, body) }, (_, index) => (hasHeader && first[index] ? first[index] : `col${index}`));
  return { dialect, names, hasHeader };
}

function refuseBinary(head: Uint8Array): void {
  const start = head.subarray(0, LOOKED_AT_FOR_NULS);
  let nuls = 0;
  for (let at = start.indexOf(0); at >= 0; at = start.indexOf(0, at + 1)) nuls += 1;
  if (nuls > start.length / 100)
    throw new InputError('E_CSV', `${nuls} NUL bytes in the first ${start.length}: this is no text; name a CSV file`);
}

function withoutRow(head: Uint8Array, isAll: boolean): InputError {
  return isAll
    ? new InputError('E_CSV', 'no row: the text is empty; a header row is expected')
    : new InputError('E_CSV', `row 1 does not end within ${head.length} bytes; look for a quote that is never closed, or a wrong format`);
}

function sniffDialect(text: string, isAll: boolean): CsvDialect {
  const quote = !text.includes('"') && /(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)/m.test(text) ? SINGLE_QUOTE : QUOTE;
  const backslash = /\\"(?![,;\t|\r\n]|$)/.test(text) && !/[^,;\t|\r\n]""/.test(text);
  const carriageReturn = text.includes('\r') && !text.includes('\n');
  let best: CsvDialect = { delimiter: COMMA, quote, backslash, carriageReturn };
  let most = 0;
  for (const delimiter of DELIMITERS) {
    if (!text.includes(String.fromCharCode(delimiter))) continue;
    const dialect = { delimiter, quote, backslash, carriageReturn };
    const score = consistencyOf(splitRecords(text, isAll, dialect, LOOKED_AT_RECORDS));
    if (score > most) [best, most] = [dialect, score];
  }
  return best;
}

/** High where nearly all records have the same number of cells, and many. */
function consistencyOf(records: readonly (readonly string[])[]): number {
  const widths = records.filter((record) => record.length > 1 || record[0] !== '').map((record) => record.length);
  const times = new Map<number, number>();
  for (const width of widths) times.set(width, (times.get(width) ?? 0) + 1);
  const [width = 1, count = 0] = [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [];
  if (width < 2) return 0;
  const headerAgrees = (widths[0] ?? 0) > 1 ? 1 : 0.3;
  return headerAgrees * (count / widths.length) ** 2 * (1 + Math.log2(width));
}

/** The header's width, unless every row agrees on a larger one (an unnamed first or last column). */
function widthOf(first: readonly string[], body: readonly (readonly string[])[]): number {
  const width = body[0]?.length ?? 0;
  const agreed = body.length >= 3 && width > first.length && width <= first.length + 1 && body.every((record) => record.length === width);
  return agreed ? width : first.length;
}

/**
 * A header is text above values that are not, or differs from a table of text only. Without any sign of either kind, a first row of
 * text is a header, as in nearly every file.
 */
function isHeader(first: readonly string[], body: readonly (readonly string[])[]): boolean {
  if (body.length === 0) return first.some((cell) => cell !== '' && !isTyped(cell));
  let votesFor = 0;
  let votesAgainst = 0;
  first.forEach((cell, index) => {
    const values = body.map((record) => record[index] ?? '').filter((value) => value !== '');
    if (values.length === 0) return;
    const typed = values.filter(isTyped).length;
    if (typed < values.length * 0.9) return;
    if (isTyped(cell)) votesAgainst += 1;
    else if (cell !== '') votesFor += 1;
  });
  if (votesFor !== votesAgainst) return votesFor > votesAgainst;
  return !first.some(isTyped);
}

const TYPED: ReadonlySet<number> = new Set([BOOLEAN, INTEGER, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_TZ]);

function isTyped(cell: string): boolean {
  if (cell === '') return false;
  const bytes = utf8Bytes(cell);
  scanBytes(bytes, 0, bytes.length);
  return TYPED.has(classifyText(bytes, 0, bytes.length, scanned.mask));
}
