/** Tells what a source holds from its first bytes and its name. */
import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { DataFormat } from '../../table-sample.ts';
import { latin1Of } from './text-of.ts';

export interface Detected {
  readonly format: DataFormat;
  readonly gzip: boolean;
}

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
 * `head`: the first bytes as stored. `wanted` outranks every guess but compression.
 * @throws InputError `E_FORMAT` for containers that are not read.
 */
export function detectContainer(name: string, head: Uint8Array, wanted?: DataFormat): { gzip: boolean; parquet: boolean } {
  const start = latin1(head.subarray(0, 16));
  if (wanted !== 'csv' && wanted !== 'jsonl' && (start.startsWith('PAR1') || wanted === 'parquet' || /\.(?:parquet|parq|pq)$/i.test(name)))
    return { gzip: false, parquet: true };
  for (const [magic, what] of REFUSED) {
    if (start.startsWith(magic)) {
      throw new InputError('E_FORMAT', `${quoteForMessage(name)} is ${what}; CSV, JSON lines (plain or gzip) and Parquet are read`);
    }
  }
  return { gzip: start.startsWith('\x1f\x8b'), parquet: false };
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
