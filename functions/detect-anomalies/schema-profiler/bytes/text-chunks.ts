/** The text of a source as chunks of UTF-8: read by ranges, inflated under a cap, decoded, without a byte order mark. */
import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { ByteSource } from '../../table-sample.ts';
import { decodeText, detectEncoding } from './decode-text.ts';
import { messageOf, systemCodeOf } from './system-code.ts';

const READ_BYTES = 256 * 1024;
/** Enough to tell the encoding, the dialect and the header. */
export const HEAD_BYTES = 64 * 1024;
/** Enough to tell a gzip bomb as well, even where a sample would stop earlier. */
const GZIP_HEAD_BYTES = 1280 * 1024;
/** A first line is shorter. */
const LONGEST_HEAD = 1024 * 1024;
const MIB = 1024 * 1024;
/** Text shrinks to a twentieth, rarely to a hundredth; DEFLATE's limit is a thousandth. */
const BOMB_RATIO = 250;

export interface TextLimits {
  /** Bytes of text after which reading stops without an error: a sample is enough. */
  readonly maxBytes?: number;
}

export interface TextStream {
  /** The first bytes of the text, UTF-8: HEAD_BYTES or some more. They come again as the first chunks. */
  readonly head: Uint8Array;
  /** True where `head` is the whole text. */
  readonly headIsAll: boolean;
  readonly encoding: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** True once reading has stopped at `maxBytes`: asked after the last chunk. */
  stoppedEarly(): boolean;
}

/** @throws InputError `E_SAMPLE_CORRUPT` for damaged gzip data, `E_SAMPLE_TOO_LARGE` for data made to exhaust its reader. */
export async function openText(source: ByteSource, gzip: boolean, limits: TextLimits = {}): Promise<TextStream> {
  const maxBytes = limits.maxBytes ?? Number.POSITIVE_INFINITY;
  const state = { stopped: false };
  const stored = rawChunks(source, gzip ? source.size : Math.min(source.size, maxBytes));
  const plain = gzip ? inflate(source.name, stored) : stored;
  if (!gzip && source.size > maxBytes) state.stopped = true;
  const bounded = boundedTo(plain, maxBytes, state);
  const { head: rawHead, rest, isAll } = await peek(bounded, gzip ? GZIP_HEAD_BYTES : HEAD_BYTES);
  const encoding = await detectEncoding(rawHead, isAll);
  const decoded = decodeText(rest, encoding);
  const {
    head,
    rest: chunks,
    isAll: headIsAll,
  } = encoding.name === 'utf-8' && encoding.bomLength === 0 ? { head: rawHead, rest, isAll } : await peek(decoded, HEAD_BYTES);
  return { head, headIsAll, encoding: encoding.name, chunks, stoppedEarly: () => state.stopped };
}

/** The next chunk is being read while one is looked at. */
async function* rawChunks(source: ByteSource, end: number): AsyncGenerator<Uint8Array> {
  const readAt = (at: number) => (at < end ? source.read(at, Math.min(at + READ_BYTES, end)) : null);
  let next = readAt(0);
  for (let at = READ_BYTES; next !== null; at += READ_BYTES) {
    const chunk = await next;
    next = readAt(at);
    // its error is for whoever waits for it; nobody may
    next?.catch(() => {});
    yield chunk;
  }
}

async function* inflate(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const [{ Readable }, { createGunzip }] = await Promise.all([import('node:stream'), import('node:zlib')]);
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  const input = Readable.from(chunks, { objectMode: true, highWaterMark: 1 });
  // a source that fails ends the inflater, which then tells the reader
  input.on('error', (error) => gunzip.destroy(error));
  let inflated = 0;
  try {
    for await (const chunk of input.pipe(gunzip)) {
      inflated += chunk.length;
      if (inflated > MIB && inflated > gunzip.bytesWritten * BOMB_RATIO) throw bomb(name, inflated, gunzip.bytesWritten);
      yield chunk;
    }
  } catch (error) {
    if (!systemCodeOf(error).startsWith('Z_')) throw error;
    throw new InputError(
      'E_SAMPLE_CORRUPT',
      `${quoteForMessage(name)} is damaged gzip data (${messageOf(error)}) after ${inflated} bytes of text; upload it again or quarantine it`,
      { cause: error },
    );
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}

function bomb(name: string, inflated: number, stored: number): InputError {
  return new InputError(
    'E_SAMPLE_TOO_LARGE',
    `>${Math.floor(inflated / MIB)} MiB after inflate from ${stored} bytes of ${quoteForMessage(name)}; at most ${BOMB_RATIO} bytes for each stored one are expected`,
  );
}

async function* boundedTo(chunks: AsyncIterable<Uint8Array>, maxBytes: number, state: { stopped: boolean }): AsyncGenerator<Uint8Array> {
  let left = maxBytes;
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      state.stopped = true;
      if (left > 0) yield chunk.subarray(0, left);
      return;
    }
    left -= chunk.length;
    yield chunk;
  }
}

/** Reads at least `size` bytes ahead, and a whole line; `rest` yields everything from the start. */
async function peek(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array>; isAll: boolean }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const ahead: Uint8Array[] = [];
  let length = 0;
  let isAll = false;
  let hasLineEnd = false;
  while (length < size || (!hasLineEnd && length < LONGEST_HEAD)) {
    const { value, done } = await iterator.next();
    if (done) {
      isAll = true;
      break;
    }
    ahead.push(value);
    length += value.length;
    hasLineEnd ||= value.includes(0x0a) || value.includes(0x0d);
  }
  const whole = ahead.length === 1 && ahead[0] ? ahead[0] : Buffer.concat(ahead);
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      yield whole;
      if (isAll) return;
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head: whole, rest: rest(), isAll };
}
