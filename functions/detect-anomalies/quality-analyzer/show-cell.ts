/** A cell, or the name of a column, as it may be shown in a report: one printable line, bounded, with what could identify a person taken out. */
const LONGEST = 60;
const EMAIL = /[^\s@"'<>(),;:]{1,64}@[^\s@"'<>(),;:]{1,255}/g;
const LONG_NUMBER = /\d(?:[ -]?\d){8,}/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

export function showCell(text: string): string {
  const plain = text
    .slice(0, LONGEST * 4)
    .replace(UNPRINTABLE, '·')
    .replace(EMAIL, '[email]')
    .replace(LONG_NUMBER, (digits) => `${'#'.repeat(Math.min(8, digits.length - 2))}${digits.slice(-2)}`);
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
