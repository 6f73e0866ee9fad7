/** A data file that a user names, as a sample of rows. */
import { InputError, MedicError, quoteForMessage } from '../shared/errors.ts';
import { withDistinctNames } from './distinct-names.ts';
import { openFile } from './schema-profiler/file-source.ts';
import { readSample, type SampleOptions } from './schema-profiler/read-sample.ts';
import type { TableSample } from './table-sample.ts';

/** @throws InputError: `E_FILE` that says why where the file cannot be had, else what readSample throws. */
export async function readTableFile(path: string, options: SampleOptions = {}): Promise<TableSample> {
  try {
    const source = await openFile(path);
    try {
      return withDistinctNames(await readSample(source, options));
    } finally {
      await source.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A file that may not be read, or that its disk does not give, is an input that does not do; other errors stay what they are. */
export function unreadable(path: string, error: unknown): unknown {
  if (error instanceof InputError) return error;
  if (error instanceof MedicError && error.code === 'E_FILE')
    return fileError(path, /\(([A-Z0-9_]+)\)$/.exec(error.message)?.[1] ?? 'unknown', error);
  const code = typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
  return code === undefined ? error : fileError(path, code, error);
}

function fileError(path: string, code: string, cause: unknown): InputError {
  const advice = code === 'EACCES' || code === 'EPERM' ? 'allow it to be read, or name another file' : 'name a readable file';
  return new InputError('E_FILE', `${quoteForMessage(path)} cannot be read (${code}); ${advice}`, { cause });
}
