/** Files as the twins keep them: written whole or not at all, and under names that any key can have. */
import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
  const text = textOf(path);
  return text === '' ? undefined : (JSON.parse(text) as T);
}

/** Each value begins a line of its own: a line that was cut off when the process was killed spoils no other. */
export function appendJsonLines(path: string, values: readonly unknown[]): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, values.map((value) => `\n${JSON.stringify(value)}`).join(''));
}

/** In the order in which they were appended; empty where there is no such file. A line that was cut off is passed over. */
export function readJsonLines<T>(path: string): T[] {
  return textOf(path)
    .split('\n')
    .flatMap((line) => parsed<T>(line));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parsed<T>(line: string): T[] {
  try {
    return [JSON.parse(line) as T];
  } catch {
    return [];
  }
}

const READABLE = 40;

/** A file name for any text: readable as far as it goes, told apart by a hash, the same on every file system. */
export function fileNameOf(text: string): string {
  const readable = text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(-READABLE);
  return `${readable}.${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}
