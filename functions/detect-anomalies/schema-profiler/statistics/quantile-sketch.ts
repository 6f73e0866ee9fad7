/** Quantiles of a stream of numbers in bounded memory: a KLL sketch with compactors of equal size, rank error well below 0.5 %. */

/** Values per level; the rank error is about a third of its inverse. */
const CAPACITY = 1024;
const START = 64;

export class QuantileSketch {
  /** `levels[h]` holds values that stand for 2^h each. */
  private readonly levels: Float64Array[] = [new Float64Array(START)];
  private readonly used: number[] = [0];
  private base: Float64Array = this.levels[0] as Float64Array;
  private filled = 0;
  /** Which of two neighbours survives a compaction: a fixed xorshift, so that the same data gives the same profile. */
  private coin = 0x9e3779b9;

  /** NaN is not a number to rank: the caller leaves it out. */
  add(value: number): void {
    if (this.filled === this.base.length) this.makeRoom();
    this.base[this.filled++] = value;
  }

  merge(other: QuantileSketch): void {
    other.levels.forEach((level, height) => {
      const count = height === 0 ? other.filled : (other.used[height] ?? 0);
      for (const value of level.subarray(0, count)) this.addWeighted(value, 2 ** height);
    });
  }

  /** Adds `value` as often as `weight` says: by its binary digits, straight to the levels that stand for them. */
  addWeighted(value: number, weight: number): void {
    let rest = weight;
    for (let height = 0; rest > 0; height += 1, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      if (height === 0) this.add(value);
      else this.push(height, value);
    }
  }

  private makeRoom(): void {
    if (this.base.length < CAPACITY) {
      const larger = new Float64Array(this.base.length * 4);
      larger.set(this.base);
      this.base = larger;
      this.levels[0] = larger;
      return;
    }
    this.used[0] = this.filled;
    this.compact(0);
    this.filled = 0;
  }

  /** Sorts a full level and hands every second value up, where it counts double. */
  private compact(height: number): void {
    const level = this.levels[height] as Float64Array;
    const count = this.used[height] ?? 0;
    level.subarray(0, count).sort();
    this.used[height] = 0;
    const even = count - (count % 2);
    for (let index = this.toss(); index < even; index += 2) this.push(height + 1, level[index] as number);
    if (even < count) {
      level[0] = level[even] as number;
      this.used[height] = 1;
    }
  }

  private push(height: number, value: number): void {
    while (this.levels.length <= height) {
      this.levels.push(new Float64Array(CAPACITY));
      this.used.push(0);
    }
    const level = this.levels[height] as Float64Array;
    if ((this.used[height] ?? 0) >= level.length) this.compact(height);
    const count = this.used[height] ?? 0;
    level[count] = value;
    this.used[height] = count + 1;
  }

  private toss(): number {
    let x = this.coin;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.coin = x;
    return (x >>> 7) & 1;
  }

  /** The values at the given shares (0 to 1) of the sorted stream, in the order of `shares`; null where nothing was added. */
  quantiles(shares: readonly number[]): number[] | null {
    const weighted: { value: number; weight: number }[] = [];
    this.levels.forEach((level, height) => {
      const count = height === 0 ? this.filled : (this.used[height] ?? 0);
      for (const value of level.subarray(0, count)) weighted.push({ value, weight: 2 ** height });
    });
    if (weighted.length === 0) return null;
    weighted.sort((a, b) => a.value - b.value);
    const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
    return shares.map((share) => {
      const rank = share * (total - 1);
      let before = 0;
      for (const { value, weight } of weighted) {
        before += weight;
        if (before > rank) return value;
      }
      return weighted.at(-1)?.value ?? Number.NaN;
    });
  }
}
