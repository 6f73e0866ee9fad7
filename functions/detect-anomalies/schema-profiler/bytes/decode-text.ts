/** Finds out the encoding of a text and turns it into UTF-8 without a byte order mark. */
import { isUtf8 } from 'node:buffer';

export interface Encoding {
  /** A label of the WHATWG Encoding standard. */
  readonly name: string;
  readonly bomLength: number;
}

const UTF_8: Encoding = { name: 'utf-8', bomLength: 0 };

/** `head`: the first bytes; `isAll`: they are the whole text, so that a character cut at their end is an error of the text. */
export async function detectEncoding(head: Uint8Array, isAll: boolean): Promise<Encoding> {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { name: 'utf-8', bomLength: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { name: 'utf-16le', bomLength: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { name: 'utf-16be', bomLength: 2 };
  const sixteen = withoutBom16(head);
  if (sixteen) return sixteen;
  return isUtf8(isAll ? head : head.subarray(0, wholeCharacters(head))) ? UTF_8 : { name: await legacyEncoding(head), bomLength: 0 };
}

/** Text of Latin letters in UTF-16 has a NUL in every second place. */
function withoutBom16(head: Uint8Array): Encoding | null {
  const looked = Math.min(head.length, 4096) & ~1;
  if (looked < 4) return null;
  const nuls = [0, 0];
  for (let at = 0; at < looked; at += 1) if (head[at] === 0) nuls[at & 1] = (nuls[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (odd > looked * 0.4 && even < looked * 0.05) return { name: 'utf-16le', bomLength: 0 };
  if (even > looked * 0.4 && odd < looked * 0.05) return { name: 'utf-16be', bomLength: 0 };
  return null;
}

/** Bytes up to the start of a character that may be cut at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}

/** Share of bytes in [0x80, 0xa0) that only the Windows code pages use for signs. */
const TRUSTED = 0.85;

/** Loaded for the rare file that is not UTF-8: the detector's tables are large. */
async function legacyEncoding(head: Uint8Array): Promise<string> {
  const { detect } = await import('jschardet');
  const { encoding, confidence } = detect(Buffer.from(head.subarray(0, 16_384)));
  const label = encoding?.toLowerCase() ?? '';
  // mostly ASCII with some broken UTF-8 is UTF-8 with a broken cell, not another encoding
  if (label.startsWith('utf-8') && confidence > 0.5) return 'utf-8';
  if (confidence >= TRUSTED && isKnown(label)) return label;
  return 'windows-1252';
}

function isKnown(label: string): boolean {
  try {
    new TextDecoder(label);
    return label !== '' && !label.startsWith('utf-32');
  } catch {
    return false;
  }
}

/** UTF-8 comes through as it is, anything else character by character. */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>, { name, bomLength }: Encoding): AsyncGenerator<Uint8Array> {
  if (name === 'utf-8') {
    let skip = bomLength;
    for await (const chunk of chunks) {
      yield skip > 0 ? chunk.subarray(Math.min(skip, chunk.length)) : chunk;
      skip -= Math.min(skip, chunk.length);
    }
    return;
  }
  const decoder = new TextDecoder(name);
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  const tail = decoder.decode();
  if (tail !== '') yield encoder.encode(tail);
}
