/** Tells what a source holds from its first bytes and its name. */
import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { ByteSource, DataFormat } from '../../table-sample.ts';
import { latin1Of } from './text-of.ts';

const MAGIC_BYTES = 16;
const PARQUET = 'PAR1';
const PARQUET_NAME = /\.(?:parquet|parq|pq)$/i;
const TEXT_NAME = /\.(?:csv|tsv|tab|psv|txt|jsonl|ndjson|json|jsonlines)$/i;

/** Containers that are recognised only to be refused by name. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a zip archive'],
  ['PK\x05\x06', 'an empty zip archive'],
  ['ORC', 'an ORC file'],
  ['Obj\x01', 'an Avro file'],
  ['PARE', 'an encrypted Parquet file'],
  ['BZh', 'a bzip2 file'],
  ['\xfd7zXZ\x00', 'an xz file'],
  ['\x28\xb5\x2f\xfd', 'a zstd file'],
  ['\xff\x06\x00\x00sNaPpY', 'a framed snappy file'],
  ['ARROW1', 'an Arrow file'],
  ['SQLite format 3', 'an SQLite file'],
  ['%PDF', 'a PDF file'],
];

/**
 * `wanted` outranks every guess but compression. A Parquet file is known by its first or last bytes, or by its name.
 * @throws InputError `E_FORMAT` for containers that are not read.
 */
export async function detectContainer(source: ByteSource, wanted?: DataFormat): Promise<{ gzip: boolean; parquet: boolean }> {
  const { name, size } = source;
  const start = latin1(await source.read(0, Math.min(MAGIC_BYTES, size)));
  const isText = wanted === 'csv' || wanted === 'jsonl';
  if (!isText && (wanted === 'parquet' || start.startsWith(PARQUET) || PARQUET_NAME.test(name))) return { gzip: false, parquet: true };
  for (const [magic, what] of REFUSED) {
    if (start.startsWith(magic)) {
      throw new InputError('E_FORMAT', `${quoteForMessage(name)} is ${what}; CSV, JSON lines (plain or gzip) and Parquet are read`);
    }
  }
  const gzip = start.startsWith('\x1f\x8b');
  // a damaged start, or a name that tells nothing
  const isUnknown = !isText && !gzip && !TEXT_NAME.test(name) && size >= PARQUET.length;
  return { gzip, parquet: isUnknown && latin1(await source.read(size - PARQUET.length, size)) === PARQUET };
}

/** CSV or JSON lines: by the name, else by the first sign of the text. `head` is inflated and UTF-8. */
export function detectText(name: string, head: Uint8Array): 'csv' | 'jsonl' {
  const plain = name.toLowerCase().replace(/\.(?:gz|gzip)$/, '');
  if (/\.(?:csv|tsv|tab|psv)$/.test(plain)) return 'csv';
  if (/\.(?:jsonl|ndjson|json|jsonlines)$/.test(plain)) return 'jsonl';
  const start = latin1(head.subarray(0, 256)).trimStart();
  return /^(?:\{\s*["}]|\[\s*[{[\]])/.test(start) ? 'jsonl' : 'csv';
}

const latin1 = (bytes: Uint8Array) => latin1Of(bytes, 0, bytes.length);
