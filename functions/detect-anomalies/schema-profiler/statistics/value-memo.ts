/**
 * Keeps some short values of a column back, so that one which comes again and again is only counted, and looked at once in the end.
 * Values are told apart by hash, length and byte classes.
 */

/** Few: a table may have thousands of columns, and the values that matter come often. */
const SLOTS = 256;
const LONGEST = 24;
/** After so many look-ups a memo that met too few of its values is given up. */
const TRIAL = 1024;
const WORTHWHILE = 0.25;

export type ValueSink = (bytes: Uint8Array, start: number, end: number, mask: number, hash: number, weight: number) => void;

export class ValueMemo {
  private readonly hashes = new Int32Array(SLOTS);
  /** Byte classes and, above them, the length; zero for a free slot. */
  private readonly marks = new Int32Array(SLOTS);
  private readonly counts = new Float64Array(SLOTS);
  private readonly bytes = new Uint8Array(SLOTS * LONGEST);
  private lookups = 0;
  private hits = 0;

  /** True where the value is kept here: whoever asks has no more to do with it. `mask`: less than 2^16. */
  take(bytes: Uint8Array, start: number, end: number, mask: number, hash: number): boolean {
    const size = end - start;
    if (size > LONGEST || size === 0) return false;
    const slot = hash & (SLOTS - 1);
    const mark = mask | (size << 16);
    this.lookups += 1;
    if (this.hashes[slot] === hash && this.marks[slot] === mark) {
      this.hits += 1;
      this.counts[slot] = (this.counts[slot] as number) + 1;
      return true;
    }
    if (this.marks[slot] !== 0) return false;
    this.hashes[slot] = hash;
    this.marks[slot] = mark;
    this.counts[slot] = 1;
    const place = slot * LONGEST;
    for (let index = 0; index < size; index += 1) this.bytes[place + index] = bytes[start + index] as number;
    return true;
  }

  /** False once it has shown that the column's values do not repeat. */
  get isWorthwhile(): boolean {
    if (this.lookups < TRIAL) return true;
    const isWorthwhile = this.hits >= WORTHWHILE * this.lookups;
    this.lookups = 0;
    this.hits = 0;
    return isWorthwhile;
  }

  /** Hands out every value with the number of times it came, and is empty then. */
  drain(sink: ValueSink): void {
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const mark = this.marks[slot] as number;
      if (mark === 0) continue;
      const place = slot * LONGEST;
      sink(this.bytes, place, place + (mark >>> 16), mark & 0xffff, this.hashes[slot] as number, this.counts[slot] as number);
    }
    this.marks.fill(0);
  }
}
