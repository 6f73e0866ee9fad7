/**
 * Named errors. `code` is stable and scripted against (`E_CSV`, `E_VERSION`, …); the message says what was seen, what was
 * expected and what to do next. `name` is what Step Functions matches in `ErrorEquals`.
 */
export class MedicError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** The input is not what was asked for: exit code 2. */
export class InputError extends MedicError {}

/** Something around us is missing or refuses: exit code 3. */
export class EnvironmentError extends MedicError {}

/** What was stored is not what was written: exit code 4. */
export class IntegrityError extends MedicError {}

/** Text from outside as it may stand in a message: printable, one line, at most `limit` characters. */
export function quoteForMessage(value: unknown, limit = 80): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  return clean.length > limit ? `"${clean.slice(0, limit)}…"` : `"${clean}"`;
}
