/** Reads CSV text: into columns of cells for a sample, or into statistics for a profile. */
import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { Cell, TableSample } from '../../table-sample.ts';
import { feedRecords } from '../bytes/feed-records.ts';
import type { TextStream } from '../bytes/text-chunks.ts';
import { latin1Of, utf8Of } from '../bytes/text-of.ts';
import type { ColumnProfile, DatasetProfile } from '../dataset-profile.ts';
import { ANY_CLASS, HIGH } from '../statistics/byte-classes.ts';
import { ColumnStatistics, scanBytes, scanned } from '../statistics/column-statistics.ts';
import { summarizeColumn, typeOf } from '../statistics/summarize-column.ts';
import { type CellSink, type CsvDialect, CsvScanner, ESCAPED, QUOTED, STRIDE, unescapeCell } from './csv-scanner.ts';
import { type CsvLayout, sniffCsv } from './sniff-csv.ts';

/**
 * An empty cell is null, an empty cell in quotes is an empty text; every other cell is the text as written.
 * @throws InputError `E_CSV` naming the row.
 */
export async function sampleCsv(name: string, text: TextStream, maxRows: number): Promise<TableSample> {
  const layout = layoutOf(name, text);
  const values: Cell[][] = layout.names.map(() => []);
  const statistics = layout.names.map(() => new ColumnStatistics(layout.names.length));
  const scanner = await scan(name, text, layout, maxRows, (bytes, tape, rows, width) => {
    for (let column = 0; column < width; column += 1) {
      const cells = values[column] ?? [];
      for (let row = 0, slot = column * STRIDE; row < rows; row += 1, slot += width * STRIDE) {
        cells.push(cellAt(bytes, tape, slot, layout.dialect));
      }
      addColumn(bytes, tape, rows, width, column, statistics[column] as ColumnStatistics, layout.dialect);
    }
  });
  return {
    format: 'csv',
    columns: layout.names.map((column, index) => ({
      name: column,
      type: typeOf(statistics[index] as ColumnStatistics),
      values: values[index] ?? [],
    })),
    rowCount: scanner.rows,
    totalRows: scanner.isDone || text.stoppedEarly() ? null : scanner.rows,
    malformedRows: scanner.malformed,
  };
}

/** @throws InputError `E_CSV` naming the row. */
export async function profileCsv(name: string, text: TextStream, onRows: (rows: number) => void): Promise<DatasetProfile> {
  const layout = layoutOf(name, text);
  const statistics = layout.names.map(() => new ColumnStatistics(layout.names.length));
  let seen = 0;
  const scanner = await scan(name, text, layout, Number.POSITIVE_INFINITY, (bytes, tape, rows, width) => {
    statistics.forEach((column, index) => {
      addColumn(bytes, tape, rows, width, index, column, layout.dialect);
    });
    seen += rows;
    onRows(seen);
  });
  return {
    format: 'csv',
    rows: scanner.rows,
    malformedRows: scanner.malformed,
    columns: statistics.map((column, index): ColumnProfile => summarizeColumn(layout.names[index] ?? '', scanner.rows, column)),
  };
}

function layoutOf(name: string, text: TextStream): CsvLayout {
  try {
    return sniffCsv(text.head, text.headIsAll);
  } catch (error) {
    throw inFile(name, error);
  }
}

async function scan(name: string, text: TextStream, layout: CsvLayout, maxRows: number, sink: CellSink): Promise<CsvScanner> {
  const scanner = new CsvScanner(layout.dialect, layout.names.length, sink, { headers: layout.hasHeader ? 1 : 0, maxRows });
  await feedRecords(text.chunks, scanner, () => text.stoppedEarly());
  if (scanner.rows === 0 && text.stoppedEarly()) {
    throw new InputError('E_SAMPLE_TOO_LARGE', `no whole row of ${quoteForMessage(name)} within the bytes that may be read`);
  }
  return scanner;
}

function inFile(name: string, error: unknown): unknown {
  return error instanceof InputError && !error.message.includes(name)
    ? new InputError(error.code, `${error.message.slice(error.code.length + 2)} (${quoteForMessage(name)})`, { cause: error })
    : error;
}

function cellAt(bytes: Uint8Array, tape: Int32Array, slot: number, dialect: CsvDialect): string | null {
  const marks = tape[slot + 3] as number;
  const start = tape[slot] as number;
  if ((marks & ESCAPED) !== 0) unescapeAt(bytes, tape, slot, dialect);
  const end = tape[slot + 1] as number;
  if (end === start) return (marks & QUOTED) === 0 ? null : '';
  return (marks & HIGH) === 0 ? latin1Of(bytes, start, end) : utf8Of(bytes, start, end);
}

/** The tape then tells the unescaped cell, its hash and its classes. */
function unescapeAt(bytes: Uint8Array, tape: Int32Array, slot: number, dialect: CsvDialect): void {
  const start = tape[slot] as number;
  const end = unescapeCell(bytes, start, tape[slot + 1] as number, dialect);
  scanBytes(bytes, start, end);
  tape[slot + 1] = end;
  tape[slot + 2] = scanned.hash;
  tape[slot + 3] = scanned.mask | QUOTED;
}

/** Cell by cell down one column: its statistics stay in the processor's cache. */
function addColumn(
  bytes: Uint8Array,
  tape: Int32Array,
  rows: number,
  width: number,
  column: number,
  statistics: ColumnStatistics,
  dialect: CsvDialect,
): void {
  const step = width * STRIDE;
  for (let row = 0, slot = column * STRIDE; row < rows; row += 1, slot += step) {
    const start = tape[slot] as number;
    if (tape[slot + 1] === start) {
      statistics.nulls += 1;
      continue;
    }
    if (((tape[slot + 3] as number) & ESCAPED) !== 0) unescapeAt(bytes, tape, slot, dialect);
    statistics.addText(bytes, start, tape[slot + 1] as number, (tape[slot + 3] as number) & ANY_CLASS, tape[slot + 2] as number);
  }
}
