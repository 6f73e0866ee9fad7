/** Reads JSON records (lines, one behind the other, or one array): into columns of cells for a sample, or into a profile. */

import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { Cell, TableSample } from '../../table-sample.ts';
import { feedRecords } from '../bytes/feed-records.ts';
import type { TextStream } from '../bytes/text-chunks.ts';
import { utf8Of } from '../bytes/text-of.ts';
import type { DatasetProfile } from '../dataset-profile.ts';
import { summarizePaths } from '../statistics/summarize-paths.ts';
import { type JsonLayout, JsonScanner, type RecordSink } from './json-scanner.ts';

/** The column of records that are no objects. */
const BARE_COLUMN = 'value';

/** @throws InputError `E_JSON` where no record can be read. */
export async function sampleJson(name: string, text: TextStream, maxRows: number): Promise<TableSample> {
  const records: unknown[] = [];
  const scanner = await scan(name, text, maxRows, (bytes, start, end) => {
    records.push(parseRecord(utf8Of(bytes, start, end)));
  });
  const columns = scanner.isBare ? [scanner.root] : scanner.root.liveFields;
  return {
    format: 'jsonl',
    columns: columns.map((node) => ({
      name: scanner.isBare ? BARE_COLUMN : node.name,
      type: node.type(),
      values: records.map((record) => (scanner.isBare ? (record as Cell) : fieldOf(record, node.name))),
    })),
    rowCount: scanner.rows,
    totalRows: scanner.isDone || text.stoppedEarly() ? null : scanner.rows,
    malformedRows: scanner.malformed,
  };
}

/** @throws InputError `E_JSON` where no record can be read. */
export async function profileJson(name: string, text: TextStream, onRows: (rows: number) => void): Promise<DatasetProfile> {
  const scanner = await scan(name, text, Number.POSITIVE_INFINITY, null, onRows);
  return {
    format: 'jsonl',
    rows: scanner.rows,
    malformedRows: scanner.malformed,
    columns: summarizePaths(scanner.root, scanner.isBare ? BARE_COLUMN : null),
  };
}

async function scan(
  name: string,
  text: TextStream,
  maxRows: number,
  sink: RecordSink | null,
  onRows: (rows: number) => void = () => {},
): Promise<JsonScanner> {
  const scanner = new JsonScanner(layoutOf(text.head, text.headIsAll), { maxRows, ...(sink ? { sink } : {}) });
  await feedRecords(
    watched(text.chunks, () => onRows(scanner.rows)),
    scanner,
    () => text.stoppedEarly(),
  );
  if (scanner.rows === 0 && scanner.malformed > 0) {
    throw new InputError('E_JSON', `no record of ${quoteForMessage(name)} can be read; ${scanner.firstError}`);
  }
  if (scanner.rows === 0 && text.headIsAll && !scanner.sawArray) {
    throw new InputError('E_JSON', `no record in ${quoteForMessage(name)}: the text is empty`);
  }
  if (scanner.rows === 0 && text.stoppedEarly()) {
    throw new InputError('E_SAMPLE_TOO_LARGE', `no whole record of ${quoteForMessage(name)} within the bytes that may be read`);
  }
  return scanner;
}

async function* watched(chunks: AsyncIterable<Uint8Array>, onChunk: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    onChunk();
  }
}

/** Lines, unless the text starts with an array that does not end on its line, or with an object spread over several. */
function layoutOf(head: Uint8Array, isAll: boolean): JsonLayout {
  const text = new TextDecoder().decode(head).trimStart();
  const first = text[0];
  if (first !== '[' && first !== '{') return 'lines';
  const [line = '', ...rest] = text.split('\n', 64);
  const next = rest.find((other) => other.trim() !== '')?.trimStart();
  if (first === '[') return isJson(line) && next?.startsWith('[') ? 'lines' : 'array';
  if (next === undefined) return isAll || text.includes('\n') || isJson(line) ? 'lines' : 'concatenated';
  return isJson(line) || next.startsWith('{') ? 'lines' : isOpen(line) ? 'concatenated' : 'lines';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** True where more brackets open than close. */
function isOpen(line: string): boolean {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '');
  return bare.split(/[{[]/).length > bare.split(/[}\]]/).length;
}

/** Numbers that a double would change stay exact. */
function parseRecord(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const keepInteger = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d{16,400}$/.test(context.source)
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, keepInteger);
}

function fieldOf(record: unknown, name: string): Cell {
  return typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? ((record as Record<string, Cell>)[name] ?? null)
    : null;
}
