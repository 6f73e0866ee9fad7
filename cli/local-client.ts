/** Speaks to the process that owns a data directory. Errors: E_NOT_RUNNING (exit 3), or what the process answers. */
import { EnvironmentError, InputError, IntegrityError, type MedicError } from '../functions/shared/errors.ts';
import { DEFAULT_DIRECTORY, runningProcess } from '../local/data-directory.ts';
import type { Invocation } from './command.ts';

export const DIRECTORY_OPTION = { 'data-directory': { type: 'string' } } as const;

export async function ask<T>(invocation: Invocation, path: string, body?: unknown): Promise<T> {
  const directory = invocation.values['data-directory'];
  const { port, token } = runningProcess(typeof directory === 'string' ? directory : DEFAULT_DIRECTORY);
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new EnvironmentError('E_NOT_RUNNING', `the process on port ${port} does not answer: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  throw errorOf(response.status, answer as { code: string; message: string });
}

/** What the process found changed, rather than in trouble. */
const INTEGRITY_CODES: readonly string[] = ['E_STORED', 'E_AUDIT', 'E_POLICY', 'E_ARTEFACT'];

function errorOf(status: number, { code, message }: { code: string; message: string }): MedicError {
  const text = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
  if (status >= 500 && INTEGRITY_CODES.includes(code)) return new IntegrityError(code, text);
  return status < 500 ? new InputError(code, text) : new EnvironmentError(code, text);
}
