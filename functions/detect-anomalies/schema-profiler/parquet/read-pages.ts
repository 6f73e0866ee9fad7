/** Reads the pages of a column chunk one after the other, by ranges, with never much more than one page in memory. */
import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { ByteSource } from '../../table-sample.ts';
import { checkPageSize } from './decompress-page.ts';
import { chunkStart } from './read-footer.ts';

export interface Page {
  readonly header: PageHeader;
  /** As stored. */
  readonly bytes: Uint8Array;
  /** Offset in the file behind this page. */
  readonly end: number;
}

const WINDOW_BYTES = 1024 * 1024;
/** A header with long statistics in it. */
const HEADER_BYTES = 64 * 1024;

/** @throws RangeError where the pages are not what the footer says. */
export async function* pagesOf(source: ByteSource, column: ColumnMetaData): AsyncGenerator<Page> {
  const start = chunkStart(column);
  // some writers leave the dictionary out of the sum: the values decide when to stop
  const stop = Math.min(source.size, start + Number(column.total_compressed_size));
  let window = new Uint8Array(0);
  let windowStart = start;
  const bytesAt = async (at: number, length: number): Promise<Uint8Array> => {
    if (at < windowStart || at + length > windowStart + window.length) {
      window = new Uint8Array(await source.read(at, Math.min(stop, at + Math.max(length, WINDOW_BYTES))));
      windowStart = at;
    }
    return window.subarray(at - windowStart, at - windowStart + length);
  };
  for (let at = start; at < stop; ) {
    const head = await bytesAt(at, Math.min(HEADER_BYTES, stop - at));
    const reader = { view: new DataView(head.buffer, head.byteOffset, head.length), offset: 0 };
    const header = parquetHeader(reader);
    const { compressed_page_size: length, uncompressed_page_size: inflated } = header;
    checkPageSize(inflated);
    checkPageSize(length);
    const end = at + reader.offset + length;
    if (end > stop) throw new RangeError(`a page of ${length} bytes in a column of ${stop - at - reader.offset}`);
    yield { header, bytes: await bytesAt(at + reader.offset, length), end };
    at = end;
  }
}
