/** Makes bytes of unknown origin printable: no escape sequences, no control characters, valid UTF-8, lines of bounded length. */

/** Characters of one line that are looked at. */
export const LINE_LIMIT = 4096;

/** Escape sequences (colours, titles, cursor moves), else single control characters; tabs and line ends are none of these. */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  /\u001b(?:\[[0-9;?]{0,32}[ -/]{0,4}[@-~]|\][^\u0007\u001b\n]{0,256}(?:\u0007|\u001b\\)?|[@-Z\\-_])|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+/g;

/** Takes out terminal colours and control characters; tabs and line ends stay. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '');
}

const decoder = new TextDecoder('utf-8');

/** Bytes that are no UTF-8 become U+FFFD. */
export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
