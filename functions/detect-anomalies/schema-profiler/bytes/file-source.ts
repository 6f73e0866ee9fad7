/** Files on disk and bytes in memory as sources that are read by range. */
import { type FileHandle, open } from 'node:fs/promises';
import { EnvironmentError, InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { ByteSource } from '../../table-sample.ts';
import { systemCodeOf } from './system-code.ts';

/**
 * Opens a file; the caller closes it.
 * @throws InputError `E_FILE` where there is no such file, EnvironmentError `E_FILE` where it cannot be read.
 */
export async function openFile(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw fileError(path, error);
  }
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new InputError('E_FILE', `${quoteForMessage(path)} is no regular file; name a data file`);
    return {
      name: path,
      size: status.size,
      read: (start, end) => readRange(handle, path, start, Math.min(end, status.size)),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Bytes at hand as a source. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return { name, size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

async function readRange(handle: FileHandle, path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(end - start, 0)).buffer);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) {
      throw new InputError(
        'E_FILE',
        `${quoteForMessage(path)} ends at byte ${start + filled}, before its size of ${end}: it changed meanwhile`,
      );
    }
    filled += bytesRead;
  }
  return bytes;
}

function fileError(path: string, error: unknown): Error {
  const code = systemCodeOf(error) || 'unknown';
  const message = `${quoteForMessage(path)} cannot be opened (${code})`;
  const isWrongName = code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG';
  return isWrongName ? new InputError('E_FILE', message) : new EnvironmentError('E_FILE', message);
}
