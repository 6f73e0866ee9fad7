/** What the adapters share in reading answers of AWS, in whose types every field may be missing. */
import { EnvironmentError, quoteForMessage } from '../errors.ts';

/** Errors: E_AWS_RESPONSE where a field that the service always sends is missing. */
export function required<T>(value: T | null | undefined, field: string): T {
  if (value === undefined || value === null) {
    throw new EnvironmentError('E_AWS_RESPONSE', `${quoteForMessage(field)} is missing in the service's answer; try again`);
  }
  return value;
}

/** ISO 8601, null where there is no date. */
export function instantOf(date: Date | undefined): string | null {
  return date ? date.toISOString() : null;
}

/** True where the call may have had its effect: no answer came back at all. */
export function isWithoutAnswer(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const answered =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata && metadata.httpStatusCode !== undefined;
  return !answered && !/^(CredentialsProviderError|ValidationError|TypeError)$/.test(error.name);
}

/** The HTTP status of the answer that `error` stands for, undefined where none came. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
