/** A range of bytes as a string, and a string as bytes. */

/** For bytes that are known to be ASCII, or where every byte is to be kept. */
export function latin1Of(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

export function utf8Of(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}

const encoder = new TextEncoder();

/** Plain bytes, no Buffer: code that meets one kind of array only is compiled once. */
export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text);
}
