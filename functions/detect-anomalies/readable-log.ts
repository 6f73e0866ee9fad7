/** Whether a log can be read at all: of text alone one can say that it reports no failure. */

/** Characters looked at: bytes that are no text show at once. */
const LOOKED_AT = 64 * 1024;
/** Share of characters that no text has: control characters, and what is left of bytes that are no UTF-8. */
const UNREADABLE_SHARE = 0.1;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted; ESC begins a colour
const UNREADABLE = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f-\u009f\ufffd]/g;

/** False for binary data, and for text without a single letter. Pure, linear. */
export function isReadableLog(text: string): boolean {
  const start = text.slice(0, LOOKED_AT);
  if (!/\p{L}/u.test(start)) return false;
  return (start.match(UNREADABLE)?.length ?? 0) <= start.length * UNREADABLE_SHARE;
}
