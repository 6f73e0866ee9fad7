/** A file of the user's: its bytes, checked before anything is copied, and its rows as the one who wrote the job would read them. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { detectEncoding } from '../../functions/detect-anomalies/schema-profiler/bytes/decode-text.ts';
import { bytesSource } from '../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { readSample } from '../../functions/detect-anomalies/schema-profiler/read-sample.ts';
import type { DataFormat, TableSample } from '../../functions/detect-anomalies/table-sample.ts';
import type { Column } from '../../functions/shared/actions.ts';
import { InputError, MedicError, quoteForMessage } from '../../functions/shared/errors.ts';
import { castStrictly } from './cast.ts';
import { JobFailure } from './failures.ts';
import { ALL_ROWS, type RawRows, readRows, rowsOf, unpack } from './read-object.ts';
import { malformedRecord } from './spark-errors.ts';

export interface UserFile {
  /** Without its folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a local job holds in memory at most. */
const BYTES_LIMIT = 256 * 1024 * 1024;
const LOOKED_AT_BYTES = 8192;

/** Error: E_INPUT_FILE where there is nothing to read. */
export async function loadUserFile(path: string): Promise<UserFile> {
  const bytes = await bytesOf(path);
  if (bytes.byteLength === 0) throw new InputError('E_INPUT_FILE', `${quoteForMessage(path, 200)} is empty; name a file with data`);
  return { name: basename(path), bytes };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > BYTES_LIMIT)
      throw new InputError(
        'E_INPUT_FILE',
        `${quoteForMessage(path, 200)} has ${size} bytes; the local run reads files up to ${BYTES_LIMIT}`,
      );
    return await readFile(path);
  } catch (error) {
    if (error instanceof MedicError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError('E_INPUT_FILE', `${quoteForMessage(path, 200)} cannot be read: ${reason}; name a readable file`, { cause: error });
  }
}

/** Neither Parquet nor packed nor any text: text has no NUL, unless each of its characters has two bytes. */
export async function isBinary({ name, bytes }: UserFile): Promise<boolean> {
  const isParquet = /\.parquet$/i.test(name) || Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1';
  const head = bytes.subarray(0, LOOKED_AT_BYTES);
  if (isParquet || isGzip(name, bytes) || !head.includes(0)) return false;
  return !(await detectEncoding(head, head.length === bytes.length)).name.startsWith('utf-16');
}

/** Errors: those of the reader. */
export function sampleUserFile({ name, bytes }: UserFile, format?: DataFormat): Promise<TableSample> {
  return readSample(bytesSource(name, bytes), { ...ALL_ROWS, ...(format === undefined ? {} : { format }) });
}

/** The schema that a crawler would write for the file: the types seen, as far as every value can be cast to them. */
export async function schemaOf(file: UserFile, sample: TableSample): Promise<Column[]> {
  const { rows } = await readUserRows(file.name, file.bytes, sample.format);
  return sample.columns.map(({ name, type }) => {
    const known = type === 'timestamptz' ? 'timestamp' : type;
    const fits = type !== 'void' && rows.every((row) => castsTo(known, row[name]));
    return { name, type: fits ? known : 'string' };
  });
}

function castsTo(type: string, value: unknown): boolean {
  try {
    castStrictly(value, type);
    return true;
  } catch (error) {
    if (error instanceof JobFailure) return false;
    throw error;
  }
}

/** CSV in whatever dialect it has; a file that cannot be read at all fails as it would in Spark. */
export async function readUserRows(path: string, bytes: Uint8Array, format: DataFormat): Promise<RawRows> {
  if (format === 'parquet') return readRows(path, bytes, format);
  const text = isGzip(path, bytes) ? await unpack(path, bytes) : bytes;
  try {
    const sample = await readSample(bytesSource('input', text), { ...ALL_ROWS, format });
    if (sample.malformedRows > 0 && format === 'jsonl')
      throw malformedRecord(`${sample.malformedRows} of ${sample.rowCount + sample.malformedRows} lines`);
    return rowsOf(sample);
  } catch (error) {
    if (error instanceof MedicError) throw malformedRecord(error.message);
    throw error;
  }
}

function isGzip(path: string, bytes: Uint8Array): boolean {
  return /\.gz(?:ip)?$/i.test(path) || (bytes[0] === 0x1f && bytes[1] === 0x8b);
}
