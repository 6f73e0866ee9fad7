/** Files as the twins keep them: written whole or not at all, and under names that any key can have. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Written beside the target, then renamed over it: whoever reads sees the old bytes or the new ones. */
export function writeWhole(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.tmp`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${JSON.stringify(value)}\n`);
}

/** Undefined where there is no such file; anything else that goes wrong is thrown. The files are our own: the caller names their shape. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const READABLE = 40;

/** A file name for any text: readable as far as it goes, told apart by a hash, the same on every file system. */
export function fileNameOf(text: string): string {
  const readable = text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(-READABLE);
  return `${readable}.${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}
