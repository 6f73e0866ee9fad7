/** Reads the rows of one object, or fails as Spark's readers do on what they find in it. */
import { gunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { bytesSource } from '../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { readSample } from '../../functions/detect-anomalies/schema-profiler/read-sample.ts';
import type { DataFormat, TableSample } from '../../functions/detect-anomalies/table-sample.ts';
import { MedicError } from '../../functions/shared/errors.ts';
import { brokenGzip, brokenParquet, malformedRecord, notParquet } from './spark-errors.ts';

export interface RawRows {
  readonly columns: readonly string[];
  /** CSV cells are text, an empty one is null. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** What a Parquet file declares, in Glue syntax; empty for text formats. */
  readonly declaredTypes: Readonly<Record<string, string>>;
}

/** Bytes that an object may unpack to. */
const UNPACKED_LIMIT = 256 * 1024 * 1024;
/** A job reads the whole of its input. */
export const ALL_ROWS = { maxRows: 2_000_000, maxBytes: UNPACKED_LIMIT };

/** `path` is how Spark names the object: `s3://bucket/key`. */
export async function readRows(path: string, bytes: Uint8Array, format: DataFormat): Promise<RawRows> {
  if (format === 'parquet') return readParquet(path, bytes);
  const unpacked = path.endsWith('.gz') ? await unpack(path, bytes) : bytes;
  const text = Buffer.from(unpacked).toString('utf8');
  return format === 'csv' ? readCsv(text) : readJsonLines(text);
}

export function unpack(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: UNPACKED_LIMIT }, (error: NodeJS.ErrnoException | null, unpacked) => {
      if (!error) return resolve(unpacked);
      if (error.code === 'Z_BUF_ERROR') return reject(brokenGzip(path, 'truncated', error.message));
      const noGzip = error.message === 'incorrect header check';
      reject(brokenGzip(path, noGzip ? 'not-gzip' : 'damaged', error.message));
    });
  });
}

/** With a header line. Records shorter than it have nulls at their end, longer ones lose theirs, as in PERMISSIVE mode. */
function readCsv(text: string): RawRows {
  const records = parse(text, { bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true }) as string[][];
  const [columns = [], ...rest] = records;
  const rows = rest.map((record) => Object.fromEntries(columns.map((column, index) => [column, record[index] || null])));
  return { columns, rows, declaredTypes: {} };
}

function readJsonLines(text: string): RawRows {
  const columns = new Set<string>();
  const rows = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const row = parseRecord(line);
      for (const column of Object.keys(row)) columns.add(column);
      return row;
    });
  return { columns: [...columns], rows, declaredTypes: {} };
}

function parseRecord(line: string): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(line, keepLargeIntegers);
    if (typeof record === 'object' && record !== null && !Array.isArray(record)) return record as Record<string, unknown>;
  } catch {
    // told below
  }
  throw malformedRecord(line.slice(0, 200));
}

/** Integers that a number cannot hold are kept exact. */
function keepLargeIntegers(_: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? BigInt(context?.source ?? 0)
    : value;
}

async function readParquet(path: string, bytes: Uint8Array): Promise<RawRows> {
  const tail = [...bytes.subarray(-4)];
  if (bytes.byteLength < 12 || Buffer.from(tail).toString('latin1') !== 'PAR1') throw notParquet(path, tail);
  try {
    const sample = await readSample(bytesSource(path, bytes), { format: 'parquet', ...ALL_ROWS });
    return { ...rowsOf(sample), declaredTypes: Object.fromEntries(sample.columns.map(({ name, type }) => [name, type])) };
  } catch (error) {
    if (error instanceof MedicError) throw brokenParquet(path, error.message);
    throw error;
  }
}

/** Columns turned into rows. */
export function rowsOf({ columns, rowCount }: TableSample): RawRows {
  return {
    columns: columns.map((column) => column.name),
    rows: Array.from({ length: rowCount }, (_, row) => Object.fromEntries(columns.map(({ name, values }) => [name, values[row] ?? null]))),
    declaredTypes: {},
  };
}
