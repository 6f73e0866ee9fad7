/** Makes a side of the comparison from what a user names: a data file, a `.json` list of columns, or the list itself. */
import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import { InputError, quoteForMessage } from '../../shared/errors.ts';
import { readTableFile, unreadable } from '../read-table-file.ts';
import type { Side } from './detect-drift.ts';

const columnsSchema = z.array(z.object({ name: z.string().min(1).max(1024), type: z.string() })).max(20_000);
/** Rows that show a file's types and values well enough. */
const MAX_ROWS = 20_000;
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/** A path of a data file or of a `.json` list of `{"name","type"}`, or such a list. @throws InputError `E_SIDE`, and what reading the file throws. */
export async function readSide(side: unknown): Promise<Side> {
  if (typeof side !== 'string') return columnsOf(side, 'an inline list');
  if (!side.toLowerCase().endsWith('.json')) return sampledSide(side);
  const text = await readList(side);
  const first = text.trimStart()[0];
  if (first !== '[') return sampledSide(side);
  return columnsOf(parseJson(text, side), quoteForMessage(side));
}

async function sampledSide(path: string): Promise<Side> {
  const sample = await readTableFile(path, { maxRows: MAX_ROWS, evenly: true });
  return { columns: sample.columns.map(({ name, type }) => ({ name, type })), sample };
}

async function readList(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_LIST_BYTES)
      throw new InputError('E_SIDE', `${quoteForMessage(path)} is ${size} bytes; a list of columns has at most ${MAX_LIST_BYTES}`);
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError('E_JSON', `${quoteForMessage(path)} is no JSON: ${quoteForMessage((error as Error).message)}`);
  }
}

function columnsOf(list: unknown, from: string): Side {
  const parsed = columnsSchema.safeParse(list);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError(
      'E_SIDE',
      `${from} is no list of columns: ${issue?.message ?? 'wrong shape'} at ${issue?.path.join('.') || 'the top'}; expected a path or [{"name","type"}]`,
    );
  }
  return { columns: parsed.data };
}
