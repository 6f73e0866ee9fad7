/** Reads the labelled data of a measuring folder; what is missing or has another shape is one clear error. */
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';

export const LAYOUT = 'logs, schema_evolution, quality_pairs, parquet, csv_torture, json_torture, json_nested, datetime';

/** @throws InputError `E_DATA` */
export async function readText(path: string): Promise<string> {
  return decode(await readBytes(path));
}

/** @throws InputError `E_DATA` */
export async function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError('E_DATA', `${quoteForMessage(path, 200)} cannot be read (${error.code}); the suite needs it`);
  });
}

/** Bytes that are no UTF-8 are replaced: data of this kind holds some on purpose. */
const decode = (bytes: Buffer) => bytes.toString('utf8').replace(/^\uFEFF/, '');

/** One record per line. @throws InputError `E_DATA` naming the line. */
export async function readRecords<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  const lines = (await readText(path)).split('\n');
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parse(line, schema, `${path}:${index + 1}`)]));
}

/** @throws InputError `E_DATA` */
export async function readDocument<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return parse(await readText(path), schema, path);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** All files below a folder, sorted; none where there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function parse<T>(text: string, schema: z.ZodType<T>, place: string): T {
  const parsed = schema.safeParse(json(text, place));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError(
    'E_DATA',
    `${quoteForMessage(place, 200)}: ${issue?.path.join('.') || 'the record'}: ${issue?.message ?? 'wrong shape'}`,
  );
}

function json(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('E_DATA', `${quoteForMessage(place, 200)} is no JSON`);
  }
}
