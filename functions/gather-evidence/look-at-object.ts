/**
 * A cheap look at one object: its footer, or its first and last bytes; all of it where it is small. Says what is wrong with the bytes
 * themselves, and the traits by which it can be compared with the other objects of its input.
 */
import { constants, gunzipSync } from 'node:zlib';
import { detectEncoding } from '../detect-anomalies/schema-profiler/bytes/decode-text.ts';
import { bytesSource } from '../detect-anomalies/schema-profiler/file-source.ts';
import { readFooter } from '../detect-anomalies/schema-profiler/parquet/read-footer.ts';
import { schemaColumns } from '../detect-anomalies/schema-profiler/parquet/schema-tree.ts';
import { readSample } from '../detect-anomalies/schema-profiler/read-sample.ts';
import type { DataFormat, TableSample } from '../detect-anomalies/table-sample.ts';
import { InputError, MedicError, quoteForMessage } from '../shared/errors.ts';
import { type Ending, lastRecordOf, latin1 } from './last-record.ts';
import type { S3Source } from './s3-source.ts';

export interface ObjectTraits {
  readonly isGzip: boolean;
  readonly malformedRows: number;
  /** Null where the first bytes hold no whole record, or the object holds none. */
  readonly columns: readonly { readonly name: string; readonly type: string }[] | null;
  /** What the cells of each column are like; null where the object was not read whole. */
  readonly values: readonly ColumnGist[] | null;
  /** Bytes of text per stored byte, as the gzip trailer has it; null for other data. */
  readonly textRatio: number | null;
  /** Null where it was not seen: Parquet has a footer, gzip a trailer. */
  readonly ending: Ending | null;
}

export interface ColumnGist {
  readonly nullShare: number;
  /** The median of the numbers, null where most cells are none. */
  readonly centre: number | null;
  readonly spread: number;
}

export interface ObjectLook {
  /** The bytes are not what they should be, whatever the other objects are like. */
  readonly damage: MedicError | null;
  /** Null where the object could not be fetched. */
  readonly traits: ObjectTraits | null;
}

/** Read whole: one call tells everything, and most objects of a lake with many are smaller. */
export const WHOLE_BYTES = 64 * 1024;
/** A header, and some rows to tell the dialect by. */
const HEAD_BYTES = 16 * 1024;
/** A last record, and for gzip its trailer. */
const TAIL_BYTES = 4 * 1024;
const ROWS_OF_HEAD = 100;
const ROWS_OF_WHOLE = 1000;
/** What a small object may inflate to: text that shrinks to a hundredth fits, a bomb does not. */
const INFLATED_BYTES = 8 * 1024 * 1024;
/** Of text that is parsed: a look takes some milliseconds at most. */
const TEXT_BYTES = 32 * 1024;
/** Share of control characters that no text has. */
const BINARY_SHARE = 0.01;

const UNSEEN: ObjectLook = { damage: null, traits: null };
const NOTHING: ObjectTraits = { isGzip: false, columns: null, values: null, malformedRows: 0, textRatio: null, ending: null };

/** Two calls at most for text, three for Parquet with a large footer. Never throws for what the bytes or S3 say. */
export async function lookAtObject(source: S3Source, format: DataFormat): Promise<ObjectLook> {
  try {
    if (format === 'parquet') return await lookAtParquet(source);
    if (source.size === 0) return { damage: null, traits: NOTHING };
    return source.size <= WHOLE_BYTES ? await lookAtSmallText(source, format) : await lookAtLargeText(source, format);
  } catch (error) {
    if (source.failure() !== undefined) return UNSEEN;
    if (error instanceof MedicError) return { ...UNSEEN, damage: error };
    throw error;
  }
}

async function lookAtParquet(source: S3Source): Promise<ObjectLook> {
  const isSmall = source.size > 0 && source.size <= WHOLE_BYTES;
  const bytes = isSmall ? bytesSource(source.name, await source.read(0, source.size)) : source;
  const metadata = await readFooter(bytes);
  if (latin1(await bytes.read(0, 4)) !== 'PAR1')
    throw new InputError(
      'E_PARQUET_FOOTER',
      `${quoteForMessage(source.name)} does not begin with PAR1; write the file again or quarantine it`,
    );
  const columns = schemaColumns(metadata).map(({ element, type }) => ({ name: element.name, type }));
  const sample = isSmall ? await readSample(bytes, { format: 'parquet', maxRows: ROWS_OF_WHOLE }) : null;
  return { damage: null, traits: { ...NOTHING, columns, values: sample && gistsOf(sample) } };
}

async function lookAtSmallText(source: S3Source, format: DataFormat): Promise<ObjectLook> {
  const bytes = await source.read(0, source.size);
  const gzip = isGzip(bytes);
  const text = gzip ? inflated(source.name, bytes) : bytes;
  await refuseBinary(source.name, text, true);
  // under its own name, but plain: the reader tells the format by the first bytes
  const sample = await readSample(bytesSource(source.name, text), { format, maxRows: ROWS_OF_WHOLE, maxBytes: TEXT_BYTES });
  const columns = columnsOf(sample);
  const ending = lastRecordOf(text.subarray(-TAIL_BYTES), text.length <= TAIL_BYTES, format, columns?.length ?? 0);
  const { malformedRows } = sample;
  return { damage: null, traits: { ...NOTHING, isGzip: gzip, malformedRows, columns, values: gistsOf(sample), ending } };
}

async function lookAtLargeText(source: S3Source, format: DataFormat): Promise<ObjectLook> {
  const [head, tail] = [await source.read(0, HEAD_BYTES), await source.read(source.size - TAIL_BYTES, source.size)];
  const gzip = isGzip(head);
  const text = gzip ? inflatedHead(source.name, head) : head;
  await refuseBinary(source.name, text, false);
  const columns = await columnsOfHead(text, format);
  const ending = gzip ? null : lastRecordOf(tail, false, format, columns?.length ?? 0);
  return { damage: null, traits: { ...NOTHING, isGzip: gzip, columns, textRatio: gzip ? ratioOf(tail, source.size) : null, ending } };
}

/** What the records that are whole within the first bytes show. */
async function columnsOfHead(head: Uint8Array, format: DataFormat): Promise<ObjectTraits['columns']> {
  const end = head.lastIndexOf(0x0a);
  if (end < 0) return null;
  try {
    const sample = await readSample(bytesSource('head', head.subarray(0, end + 1)), { format, maxRows: ROWS_OF_HEAD });
    return columnsOf(sample);
  } catch (error) {
    // a record that is larger than the head; if it is more, reading the object's rows will tell
    if (error instanceof MedicError) return null;
    throw error;
  }
}

function columnsOf({ columns }: TableSample): ObjectTraits['columns'] {
  return columns.length === 0 ? null : columns.map(({ name, type }) => ({ name, type }));
}

function gistsOf({ columns, rowCount }: TableSample): ColumnGist[] {
  return columns.map(({ values }) => {
    const present = values.filter((cell) => cell !== null && cell !== '');
    const numbers = present
      .map(Number)
      .filter(Number.isFinite)
      .toSorted((a, b) => a - b);
    const at = (share: number) => numbers[Math.floor(share * (numbers.length - 1))] ?? 0;
    const isNumeric = numbers.length > 0.9 * present.length && numbers.length > 0;
    return { nullShare: rowCount === 0 ? 0 : 1 - present.length / rowCount, centre: isNumeric ? at(0.5) : null, spread: at(0.9) - at(0.1) };
  });
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The whole text; checks length and checksum on the way. */
function inflated(name: string, stored: Uint8Array): Uint8Array {
  try {
    return gunzipSync(stored, { maxOutputLength: INFLATED_BYTES });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
      throw new InputError(
        'E_SAMPLE_TOO_LARGE',
        `>${INFLATED_BYTES} bytes after inflate from ${stored.length} bytes of ${quoteForMessage(name)}`,
      );
    throw damagedGzip(name, error);
  }
}

/** As much of the text as the first stored bytes give. */
function inflatedHead(name: string, stored: Uint8Array): Uint8Array {
  try {
    const text = gunzipSync(stored, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: INFLATED_BYTES * 4 });
    return text.subarray(0, HEAD_BYTES * 4);
  } catch (error) {
    throw damagedGzip(name, error);
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

function damagedGzip(name: string, error: unknown): InputError {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${quoteForMessage(name)} is damaged gzip data (${reason}); upload it again or quarantine it`;
  return new InputError('E_SAMPLE_CORRUPT', message, { cause: error });
}

/** ISIZE, the last four bytes: the length of the text, or of the last of several members. */
function ratioOf(tail: Uint8Array, size: number): number {
  return new DataView(tail.buffer, tail.byteOffset + tail.length - 4).getUint32(0, true) / size;
}

/** Control characters but for white space and Hive's delimiters. */
async function refuseBinary(name: string, head: Uint8Array, isAll: boolean): Promise<void> {
  const looked = head.subarray(0, HEAD_BYTES);
  let control = 0;
  for (const byte of looked) if (byte < 0x20 && byte > 0x03 && !(byte >= 0x09 && byte <= 0x0d)) control += 1;
  if (
    control <= looked.length * BINARY_SHARE ||
    (await detectEncoding(looked, isAll && looked.length === head.length)).name.startsWith('utf-16')
  )
    return;
  throw new InputError(
    'E_SAMPLE_CORRUPT',
    `${control} of the first ${looked.length} bytes of ${quoteForMessage(name)} are control characters: this is no text; upload it again or quarantine it`,
  );
}
