/** Inflates one page, never to more than its header says, and never to more than any real page holds. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { InputError } from '../../../shared/errors.ts';

/** Writers aim at 1 MiB and go to some more for long texts. */
export const LARGEST_PAGE = 32 * 1024 * 1024;
/** How far the simple codecs can shrink anything: more is a lie. */
const LARGEST_RATIO: Partial<Record<CompressionCodec, number>> = { SNAPPY: 64, LZ4: 256, LZ4_RAW: 256, GZIP: 1100 };
const SLACK = 64;

type Lz4 = (input: Uint8Array, outputLength: number) => Uint8Array;
let lz4: { LZ4?: Lz4; LZ4_RAW?: Lz4 } = {};

/** Loads what a codec needs beyond Node itself; call before the first page. */
export async function prepareCodec(codec: CompressionCodec): Promise<void> {
  if ((codec === 'LZ4' || codec === 'LZ4_RAW') && !lz4.LZ4) lz4 = (await import('hyparquet-compressors')).compressors;
}

/** @throws InputError `E_SAMPLE_TOO_LARGE`; RangeError or the codec's own error for damaged data. */
export function decompressPage(codec: CompressionCodec, input: Uint8Array, length: number): Uint8Array {
  checkPageSize(length);
  const ratio = LARGEST_RATIO[codec];
  if (ratio !== undefined && length > input.length * ratio + SLACK) {
    throw new InputError('E_SAMPLE_TOO_LARGE', `a page of ${input.length} bytes announces ${length}; ${codec} cannot hold that`);
  }
  const output = length === 0 ? new Uint8Array(0) : inflate(codec, input, length);
  if (output.length !== length) throw new RangeError(`a page of ${output.length} bytes where ${length} are announced`);
  return output;
}

export function checkPageSize(length: number): void {
  if (!(length >= 0)) throw new RangeError(`a page of ${length} bytes`);
  if (length > LARGEST_PAGE) {
    throw new InputError('E_SAMPLE_TOO_LARGE', `a page of ${length} bytes after inflate; at most ${LARGEST_PAGE} are expected`);
  }
}

/** No Buffer: code that meets one kind of array only is compiled once. */
const plain = (buffer: Buffer) => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

function inflate(codec: CompressionCodec, input: Uint8Array, length: number): Uint8Array {
  const limits = { maxOutputLength: length };
  switch (codec) {
    case 'UNCOMPRESSED':
      return input;
    case 'SNAPPY': {
      const output = new Uint8Array(length);
      snappyUncompress(input, output);
      return output;
    }
    case 'GZIP':
      return plain(gunzipSync(input, limits));
    case 'BROTLI':
      return plain(brotliDecompressSync(input, limits));
    case 'ZSTD':
      return plain(zstdDecompressSync(input, limits));
    default: {
      const known = codec === 'LZ4' || codec === 'LZ4_RAW' ? lz4[codec] : undefined;
      if (!known) throw new InputError('E_PARQUET_PAGE', `codec ${codec} is not read`);
      return known(input, length);
    }
  }
}
