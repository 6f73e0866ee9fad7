/** Hands a stream of chunks to a scanner as one buffer at a time, and keeps what is left of a record that is not whole yet. */

export interface RecordScanner {
  /**
   * Scans [from, to) of `bytes`, where `bytes[to]` may be written to. Returns how far whole records reached; `isLast`: nothing
   * follows, so that everything is to be taken. It may change the bytes that it has consumed, and no others.
   */
  scan(bytes: Uint8Array, from: number, to: number, isLast: boolean): number;
  /** True once nothing more is wanted. */
  readonly isDone: boolean;
  /** The error of a record that is longer than `limit` bytes. */
  tooLong(limit: number): Error;
}

const START_BYTES = 512 * 1024;
/** No record of a table is longer. */
const LONGEST_RECORD = 8 * 1024 * 1024;

/** `isCutOff`, asked at the end: the stream stopped within the text, so that its last record may not be whole and is left out. */
export async function feedRecords(chunks: AsyncIterable<Uint8Array>, scanner: RecordScanner, isCutOff: () => boolean): Promise<void> {
  let buffer = new Uint8Array(START_BYTES);
  let from = 0;
  let to = 0;
  /** Bytes at hand from which on another look is worth while: a record that was not whole is looked at again when it has doubled. */
  let wanted = 0;
  const drain = (isLast: boolean) => {
    if (to - from < wanted && !isLast) return;
    for (;;) {
      const next = scanner.scan(buffer, from, to, isLast);
      const stuck = next === from;
      from = next;
      wanted = (to - from) * 2;
      if (stuck || scanner.isDone || from === to) return;
    }
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      // one byte stays free for the scanner's sentinel
      if (to + 1 >= buffer.length) {
        const larger = from > buffer.length / 2 ? buffer : new Uint8Array(buffer.length * 2);
        larger.set(buffer.subarray(from, to));
        buffer = larger;
        to -= from;
        from = 0;
      }
      const taken = Math.min(chunk.length - at, buffer.length - 1 - to);
      buffer.set(chunk.subarray(at, at + taken), to);
      to += taken;
      at += taken;
      drain(false);
      if (scanner.isDone) return;
      if (to - from > LONGEST_RECORD) throw scanner.tooLong(LONGEST_RECORD);
      if (from === to) {
        from = 0;
        to = 0;
      }
    }
  }
  drain(!isCutOff());
}
