/** Reads a Parquet file's footer by range and checks that what it says can be true before anything is allocated by it. */
import type { FileMetaData } from 'hyparquet';
import { parquetMetadata } from 'hyparquet/src/metadata.js';
import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { ByteSource } from '../../table-sample.ts';
import { messageOf } from '../bytes/system-code.ts';

const TAIL_BYTES = 64 * 1024;
/** Thousands of columns in thousands of row groups stay below. */
const LARGEST_FOOTER = 32 * 1024 * 1024;
const MAGIC_BYTES = 4;
const TRAILER_BYTES = 8;

/** @throws InputError `E_PARQUET_FOOTER`, `E_FORMAT` for encrypted files. */
export async function readFooter(source: ByteSource): Promise<FileMetaData> {
  const { size } = source;
  const name = quoteForMessage(source.name);
  if (size < MAGIC_BYTES + TRAILER_BYTES) throw footerError(`${name} has ${size} bytes; a Parquet file has at least 12`);
  let tail = await source.read(Math.max(0, size - TAIL_BYTES), size);
  const magic = Buffer.from(tail.subarray(-MAGIC_BYTES)).toString('latin1');
  if (magic === 'PARE') throw new InputError('E_FORMAT', `${name} is an encrypted Parquet file; give the plain one`);
  if (magic !== 'PAR1') throw footerError(`${name} does not end in PAR1: it is cut off or no Parquet file`);
  const length = new DataView(tail.buffer, tail.byteOffset + tail.length - TRAILER_BYTES).getUint32(0, true);
  if (length > size - MAGIC_BYTES - TRAILER_BYTES) throw footerError(`${name} names a footer of ${length} bytes in a file of ${size}`);
  if (length > LARGEST_FOOTER) throw footerError(`${name} names a footer of ${length} bytes; at most ${LARGEST_FOOTER} are read`);
  if (length + TRAILER_BYTES > tail.length) tail = await source.read(size - length - TRAILER_BYTES, size);
  let metadata: FileMetaData;
  try {
    // statistics are not used: whatever is in them must not stop the reading
    metadata = parquetMetadata(tail, { geoparquet: false });
  } catch (error) {
    throw footerError(`the footer of ${name} cannot be read (${quoteForMessage(messageOf(error))})`, error);
  }
  check(metadata, source);
  return metadata;
}

function check(metadata: FileMetaData, { name, size }: ByteSource): void {
  const fail = (what: string) => footerError(`the footer of ${quoteForMessage(name)} is wrong: ${what}`);
  if (!(metadata.num_rows >= 0n)) throw fail(`${metadata.num_rows} rows`);
  const root = metadata.schema[0];
  if (!root) throw fail('no schema');
  metadata.row_groups.forEach((group, index) => {
    if (!(group.num_rows >= 0n)) throw fail(`row group ${index} has ${group.num_rows} rows`);
    for (const { meta_data: column } of group.columns) {
      if (!column) throw fail(`row group ${index} has a column without metadata`);
      if (column.num_values === 0n) continue;
      const start = chunkStart(column);
      const length = Number(column.total_compressed_size);
      if (!(start >= 0 && length >= 0 && start + length <= size && column.num_values >= 0n)) {
        throw fail(
          `row group ${index}, column ${quoteForMessage(column.path_in_schema.join('.'))}: ${length} bytes at ${start} in a file of ${size}`,
        );
      }
    }
  });
}

/** Where a column chunk's pages start: with its dictionary, where it has one. Some writers say 0 for none. */
export function chunkStart(column: { dictionary_page_offset?: bigint; data_page_offset: bigint }): number {
  const data = Number(column.data_page_offset);
  const dictionary = Number(column.dictionary_page_offset ?? 0n);
  return dictionary > 0 && dictionary < data ? dictionary : data;
}

function footerError(what: string, cause?: unknown): InputError {
  return new InputError('E_PARQUET_FOOTER', `${what}; write the file again or quarantine it`, { cause });
}
