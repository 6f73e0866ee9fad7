/** How a text ends, as its last bytes show it: an upload that was cut off mostly ends in the middle of a record. */
import type { DataFormat } from '../detect-anomalies/table-sample.ts';

/** `whole`: with a line end. `open`: without, the last record as complete as others. `cut`: without, and it is not. */
export type Ending = 'whole' | 'open' | 'cut';

/** Records longer than this are not judged. */
const LONGEST = 4096;

/** `tail`: the last bytes; `isAll`: they are the whole text. `columns`: how many a record of CSV has, 0 where that is not known. */
export function lastRecordOf(tail: Uint8Array, isAll: boolean, format: DataFormat, columns: number): Ending {
  const text = latin1(tail).replace(/\0/g, '').trimEnd();
  if (/[\n\r]\s*$/.test(latin1(tail).replace(/\0/g, ''))) return 'whole';
  const start = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
  const record = text.slice(start);
  // an open quote: the record began on an earlier line
  const isPart = format === 'csv' && record.split('"').length % 2 === 0;
  if ((start === 0 && !isAll) || record.length > LONGEST || isPart) return 'open';
  const isCut = format === 'csv' ? cellsOf(record) < columns : !isJsonEnd(record);
  return isCut ? 'cut' : 'open';
}

/** By the delimiter that gives most cells: too many make no difference, a quoted line end is followed by its delimiter. */
function cellsOf(record: string): number {
  const bare = record.replace(/"(?:[^"]|"")*"/g, '');
  return Math.max(...[',', ';', '\t', '|', '^', '\u0001'].map((delimiter) => bare.split(delimiter).length));
}

/** A record, or the end of an array of them. */
function isJsonEnd(record: string): boolean {
  if (/^\s*[\]}]+,?$/.test(record)) return true;
  try {
    JSON.parse(record.trimStart().startsWith('[') ? record : record.replace(/[\s,\]]{1,8}$/, ''));
    return true;
  } catch {
    return false;
  }
}

/** Byte by byte: enough for signs that every encoding has in common. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
