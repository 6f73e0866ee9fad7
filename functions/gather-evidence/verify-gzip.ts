/** Inflates an object to its end and throws the text away: that is the only way to know that gzip data is whole. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError, quoteForMessage } from '../shared/errors.ts';
import type { S3Source } from './s3-source.ts';

const READ_BYTES = 1024 * 1024;

/** Null where the data is whole, and where it was not read to its end: S3 refused, or `mayGoOn` said no before a further read. */
export async function verifyGzip(source: S3Source, mayGoOn: (bytes: number) => boolean): Promise<InputError | null> {
  let isCutShort = false;
  async function* stored() {
    for (let at = 0; at < source.size; at += READ_BYTES) {
      const end = Math.min(at + READ_BYTES, source.size);
      if (!mayGoOn(end - at)) {
        isCutShort = true;
        return;
      }
      yield await source.read(at, end);
    }
  }
  const input = Readable.from(stored(), { objectMode: true, highWaterMark: 1 });
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  let inflated = 0;
  try {
    for await (const chunk of input.pipe(gunzip)) inflated += (chunk as Uint8Array).length;
    return null;
  } catch (error) {
    if (isCutShort || source.failure() !== undefined) return null;
    const reason = error instanceof Error ? error.message : String(error);
    return new InputError(
      'E_SAMPLE_CORRUPT',
      `${quoteForMessage(source.name)} is damaged gzip data (${reason}) after ${inflated} bytes of text; upload it again or quarantine it`,
      { cause: error },
    );
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}
