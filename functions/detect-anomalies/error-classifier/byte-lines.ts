/** Cuts a stream of bytes at line ends, in bounded memory. */

const NEWLINE = 10;

/** One line without its end; null where it was longer than the limit. */
export type ByteLine = Buffer | null;

export async function* byteLines(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<ByteLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let tooLong = false;
  const keep = (part: Buffer) => {
    length += part.length;
    tooLong ||= length > limit;
    if (tooLong) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const take = (): ByteLine => {
    const line = tooLong ? null : Buffer.concat(parts);
    parts = [];
    length = 0;
    tooLong = false;
    return line;
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      keep(bytes.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(bytes.subarray(start));
  }
  if (length > 0) yield take();
}

/** Pieces of whole lines, for a reader that needs no single lines. A line longer than `limit` bytes is cut there. */
export async function* wholeLineChunks(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let skipping = false;
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (skipping) {
      const end = bytes.indexOf(NEWLINE);
      if (end < 0) continue;
      bytes = bytes.subarray(end);
      skipping = false;
    }
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    if (whole > 0) {
      yield rest.length === 0 ? bytes.subarray(0, whole) : Buffer.concat([rest, bytes.subarray(0, whole)]);
      rest = Buffer.from(bytes.subarray(whole));
    } else rest = Buffer.concat([rest, bytes]);
    if (rest.length > limit) {
      yield rest.subarray(0, limit);
      rest = Buffer.alloc(0);
      skipping = true;
    }
  }
  if (rest.length > 0) yield rest;
}
