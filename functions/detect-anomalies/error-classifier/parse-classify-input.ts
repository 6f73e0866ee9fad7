/** One line of `classify`'s input: a JSON object with a run's status text and log. */
import { InputError, quoteForMessage } from '../../shared/errors.ts';
import type { ClassifyInput } from './classify.ts';

export type RecordId = string | number | null;

export interface ClassifyRecord extends ClassifyInput {
  readonly id: RecordId;
}

/** A line that cannot be used; `id` where it could still be read. */
export class RecordError extends InputError {
  readonly id: RecordId;

  constructor(id: RecordId, code: string, message: string) {
    super(code, message);
    this.id = id;
  }
}

/** Whether text is one JSON object of this shape; for telling records from a plain log. */
export function looksLikeRecord(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && (Object.hasOwn(value, 'log') || Object.hasOwn(value, 'errorMessage'));
  } catch {
    return false;
  }
}

/** Throws a RecordError. A missing `errorMessage` is null: the run had none. */
export function parseClassifyInput(text: string): ClassifyRecord {
  const value = parse(text);
  if (!isObject(value)) throw new RecordError(null, 'E_RECORD', `expected a JSON object, got ${quoteForMessage(value)}`);
  const { log, errorMessage = null } = value;
  const id = typeof value['id'] === 'string' || typeof value['id'] === 'number' ? value['id'] : null;
  if (typeof log !== 'string') throw new RecordError(id, 'E_RECORD', `log: expected a string, got ${quoteForMessage(log)}`);
  if (errorMessage !== null && typeof errorMessage !== 'string') {
    throw new RecordError(id, 'E_RECORD', `errorMessage: expected a string or null, got ${quoteForMessage(errorMessage)}`);
  }
  return { id, errorMessage, log };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordError(
      null,
      'E_JSON',
      `not JSON: ${quoteForMessage(text.trim(), 40)}; expected {"id","errorMessage","log"} on one line`,
    );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
