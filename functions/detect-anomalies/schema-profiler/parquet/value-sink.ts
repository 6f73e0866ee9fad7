/** What the values of a page are handed to, by their physical type. `weight`: how often the value is there. */
export interface ValueSink {
  int32(value: number, weight: number): void;
  /** Two words of a 64-bit integer. */
  int64(low: number, high: number, weight: number): void;
  real(value: number, weight: number): void;
  bool(value: boolean, weight: number): void;
  /** Nanoseconds of a day in two words, then the Julian day. */
  int96(low: number, high: number, day: number, weight: number): void;
  bytes(bytes: Uint8Array, start: number, end: number, weight: number): void;
}
