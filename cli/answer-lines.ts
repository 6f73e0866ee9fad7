/** The batch form of a command: one JSON object per line in, one answer per line out, in order. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import pc from 'picocolors';
import type * as z from 'zod';
import { unreadable } from '../functions/detect-anomalies/read-table-file.ts';
import { InputError, MedicError, quoteForMessage } from '../functions/shared/errors.ts';
import type { CommandIo, ExitCode, Invocation } from './command.ts';

interface Failure {
  readonly id: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** `source`: a path, or `-` for standard input. A bad line is answered by its error in its place and makes the exit code 2. */
export async function answerLines<Answer extends { readonly id: string }>(
  source: string,
  { io, json }: Invocation,
  answer: (line: unknown) => Answer | Promise<Answer>,
  print: (answer: Answer, io: CommandIo) => string,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let number = 0;
  for await (const text of linesOf(source, io)) {
    number += 1;
    if (text.trim() === '') continue;
    const found = await answered(text, `line ${number}`, answer);
    const failure = 'error' in found ? (found as Failure) : null;
    if (failure) exitCode = 2;
    const human = failure ? `${failure.id}  ${pc.red(failure.error.message)}\n` : print(found as Answer, io);
    io.stdout.write(json ? `${JSON.stringify(found)}\n` : human);
  }
  return exitCode;
}

/** @throws InputError `E_LINE`: `expected` is how a line should look. */
export function checkedLine<T>(schema: z.ZodType<T>, line: unknown, expected: string): T {
  const parsed = schema.safeParse(line);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError('E_LINE', `expected ${expected}; ${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'wrong shape'}`);
}

async function answered<Answer>(
  text: string,
  place: string,
  answer: (line: unknown) => Answer | Promise<Answer>,
): Promise<Answer | Failure> {
  let id = place;
  try {
    const line = parseLine(text);
    if (typeof line === 'object' && line !== null && 'id' in line && typeof line.id === 'string') id = line.id;
    return await answer(line);
  } catch (error) {
    // one line's trouble, whatever it is, must not take the others' answers with it
    if (error instanceof MedicError) return { id, error: { code: error.code, message: error.message } };
    const message = `E_INTERNAL: ${quoteForMessage(error instanceof Error ? error.message : error, 300)}`;
    return { id, error: { code: 'E_INTERNAL', message } };
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('E_JSON', `${quoteForMessage(text)} is not one JSON object`);
  }
}

async function* linesOf(source: string, io: CommandIo): AsyncGenerator<string> {
  const input: Readable = source === '-' ? io.stdin : createReadStream(source);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw unreadable(source, error);
  }
}
