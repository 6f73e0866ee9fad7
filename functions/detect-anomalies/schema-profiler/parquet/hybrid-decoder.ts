/** Reads the run-length / bit-packed hybrid of Parquet's levels and dictionary indices, some values at a time. */

export class HybridDecoder {
  private readonly bytes: Uint8Array;
  private at: number;
  private readonly end: number;
  private readonly width: number;
  /** What is left of the run at hand. */
  private left = 0;
  private isPacked = false;
  private value = 0;
  /** Bits of a packed run that have been read but not used. */
  private bits = 0;
  private bitCount = 0;

  /** [start, end) of `bytes`; `width`: bits per value, at most 32. */
  constructor(bytes: Uint8Array, start: number, end: number, width: number) {
    if (width > 32 || end > bytes.length || start > end)
      throw new RangeError(`a run of ${width}-bit values at ${start} to ${end} of ${bytes.length} bytes`);
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.width = width;
  }

  /** The next `count` values into `out`. @throws RangeError where there are fewer. */
  read(out: Int32Array, count: number): void {
    if (this.width === 0) {
      out.fill(0, 0, count);
      return;
    }
    for (let filled = 0; filled < count; ) {
      if (this.left === 0) this.nextRun();
      const taken = Math.min(this.left, count - filled);
      if (this.isPacked && this.width > 24) this.unpackWide(out, filled, taken);
      else if (this.isPacked) this.unpack(out, filled, taken);
      else out.fill(this.value, filled, filled + taken);
      this.left -= taken;
      filled += taken;
    }
  }

  private nextRun(): void {
    const header = this.varint();
    if (header === 0) throw new RangeError('an empty run');
    this.isPacked = (header & 1) === 1;
    if (this.isPacked) {
      this.left = (header >>> 1) * 8;
      this.bits = 0;
      this.bitCount = 0;
      return;
    }
    this.left = header >>> 1;
    this.value = 0;
    const length = (this.width + 7) >>> 3;
    for (let index = 0; index < length; index += 1) this.value |= this.byte() << (index * 8);
  }

  private unpack(out: Int32Array, from: number, count: number): void {
    const { bytes, width, end } = this;
    let { at, bits, bitCount } = this;
    const mask = (1 << width) - 1;
    for (let index = from; index < from + count; index += 1) {
      while (bitCount < width) {
        // the padding of the last group may be left out
        bits |= (at < end ? (bytes[at] as number) : 0) << bitCount;
        at += 1;
        bitCount += 8;
      }
      out[index] = bits & mask;
      bits >>>= width;
      bitCount -= width;
    }
    if (at > end + width) throw new RangeError('a run longer than its bytes');
    this.at = at;
    this.bits = bits;
    this.bitCount = bitCount;
  }

  /** Widths that would overflow the 32 bits at hand, bit by bit: they are rare. */
  private unpackWide(out: Int32Array, from: number, count: number): void {
    for (let index = from; index < from + count; index += 1) {
      let value = 0;
      for (let bit = 0; bit < this.width; bit += 1) {
        if (this.bitCount === 0) {
          this.bits = this.byte();
          this.bitCount = 8;
        }
        value |= (this.bits & 1) << bit;
        this.bits >>>= 1;
        this.bitCount -= 1;
      }
      out[index] = value;
    }
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('a run header that does not end');
  }

  private byte(): number {
    if (this.at >= this.end) throw new RangeError('fewer values than announced');
    return this.bytes[this.at++] as number;
  }
}
