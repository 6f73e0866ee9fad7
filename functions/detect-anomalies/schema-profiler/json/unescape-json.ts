/** Takes the escapes out of a JSON string that has been checked, from bytes to bytes. */

const BACKSLASH = 0x5c;
const UNICODE = 0x75;
/** What a lone half of a surrogate pair becomes: it has no UTF-8 form. */
const REPLACEMENT = 0xfffd;
/** The sign that each one-letter escape stands for. */
const SIGNS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const place = 'bfnrt'.indexOf(String.fromCharCode(byte));
  return place < 0 ? byte : ('\b\f\n\r\t'.charCodeAt(place) ?? byte);
});

/** [start, end) lies between the quotes; `into` has room for as many bytes. Returns how many were written. */
export function unescapeJson(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let write = 0;
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte !== BACKSLASH) {
      into[write++] = byte;
      at += 1;
    } else if (bytes[at + 1] !== UNICODE) {
      into[write++] = SIGNS[bytes[at + 1] as number] as number;
      at += 2;
    } else {
      let code = hexAt(bytes, at + 2);
      at += 6;
      const isHigh = code >= 0xd800 && code <= 0xdbff;
      const low = isHigh && bytes[at] === BACKSLASH && bytes[at + 1] === UNICODE && at + 6 <= end ? hexAt(bytes, at + 2) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      } else if (code >= 0xd800 && code <= 0xdfff) code = REPLACEMENT;
      write = writeUtf8(into, write, code);
    }
  }
  return write;
}

function hexAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = at; index < at + 4; index += 1) {
    const byte = bytes[index] as number;
    value = value * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return value;
}

function writeUtf8(into: Uint8Array, at: number, code: number): number {
  let write = at;
  if (code < 0x80) into[write++] = code;
  else {
    if (code < 0x800) into[write++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) into[write++] = 0xe0 | (code >> 12);
      else {
        into[write++] = 0xf0 | (code >> 18);
        into[write++] = 0x80 | ((code >> 12) & 0x3f);
      }
      into[write++] = 0x80 | ((code >> 6) & 0x3f);
    }
    into[write++] = 0x80 | (code & 0x3f);
  }
  return write;
}
