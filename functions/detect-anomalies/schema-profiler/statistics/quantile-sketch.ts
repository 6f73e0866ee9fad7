/**
 * Quantiles of a stream of numbers in bounded memory: a KLL sketch (compactors of equal size) behind a sampler, which thins a long
 * stream out before anything is sorted. Rank error: sigma 0.12 %, whatever the length.
 */

/** Values per level; the compactors' own rank error is about a third of its inverse. */
const CAPACITY = 1024;
const START = 64;
/** Values taken at one rate before the sampler halves it. */
const PER_RATE = 65_536;

export class QuantileSketch {
  /** `levels[h]` holds values that stand for 2^h each. */
  private readonly levels: Float64Array[] = [new Float64Array(START)];
  private readonly used: number[] = [0];
  /** The level that takes new values: one of 2^rate of them. */
  private rate = 0;
  private takenAtRate = 0;
  /** Values to pass over before the next one is taken, and those left of the block after that one. */
  private skip = 0;
  private behind = 0;
  /** Which values survive: a fixed xorshift, so that the same data gives the same profile. */
  private state = 0x9e3779b9;

  /** NaN is not a number to rank: the caller leaves it out. */
  add(value: number): void {
    if (this.skip > 0) {
      this.skip -= 1;
      return;
    }
    this.push(this.rate, value);
    this.takenAtRate += 1;
    if (this.takenAtRate === PER_RATE) {
      this.takenAtRate = 0;
      this.rate += 1;
    }
    if (this.rate > 0) {
      // one at random of the next block, so many values behind the one just taken
      const last = 2 ** this.rate - 1;
      const place = this.random() & last;
      this.skip = this.behind + place;
      this.behind = last - place;
    }
  }

  merge(other: QuantileSketch): void {
    other.levels.forEach((level, height) => {
      for (const value of level.subarray(0, other.used[height] ?? 0)) this.addWeighted(value, 2 ** height);
    });
  }

  /** Adds `value` as often as `weight` says: by its binary digits, straight to the levels that stand for them. */
  addWeighted(value: number, weight: number): void {
    let rest = weight;
    for (let height = 0; rest > 0; height += 1, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) this.push(height, value);
    }
  }

  /** Sorts a full level and hands every second value up, where it counts double. */
  private compact(height: number): void {
    const level = this.levels[height] as Float64Array;
    const count = this.used[height] ?? 0;
    level.subarray(0, count).sort();
    this.used[height] = 0;
    const even = count - (count % 2);
    for (let index = this.random() & 1; index < even; index += 2) this.push(height + 1, level[index] as number);
    if (even < count) {
      level[0] = level[even] as number;
      this.used[height] = 1;
    }
  }

  private push(height: number, value: number): void {
    while (this.levels.length <= height) {
      this.levels.push(new Float64Array(START));
      this.used.push(0);
    }
    let level = this.levels[height] as Float64Array;
    if ((this.used[height] as number) >= level.length) level = this.makeRoom(height);
    const count = this.used[height] as number;
    level[count] = value;
    this.used[height] = count + 1;
  }

  private makeRoom(height: number): Float64Array {
    const level = this.levels[height] as Float64Array;
    if (level.length >= CAPACITY) {
      this.compact(height);
      return level;
    }
    const larger = new Float64Array(level.length * 4);
    larger.set(level);
    this.levels[height] = larger;
    return larger;
  }

  private random(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 7;
  }

  /** The values at the given shares (0 to 1, ascending) of the sorted stream; null where nothing was added. */
  quantiles(shares: readonly number[]): number[] | null {
    const runs = this.levels.map((level, height) => level.subarray(0, this.used[height] ?? 0).sort());
    const total = runs.reduce((sum, run, height) => sum + run.length * 2 ** height, 0);
    if (total === 0) return null;
    const places = runs.map(() => 0);
    const found: number[] = [];
    let before = 0;
    let value = 0;
    for (const share of shares) {
      // merges the sorted levels until as much weight as the share asks for has gone by
      for (const rank = share * (total - 1); before <= rank; ) {
        const height = smallestHead(runs, places);
        const place = places[height] ?? 0;
        value = runs[height]?.[place] ?? value;
        places[height] = place + 1;
        before += 2 ** height;
      }
      found.push(value);
    }
    return found;
  }
}

function smallestHead(runs: readonly Float64Array[], places: readonly number[]): number {
  let smallest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let height = 0; height < runs.length; height += 1) {
    const head = runs[height]?.[places[height] ?? 0];
    if (head !== undefined && head <= least) {
      least = head;
      smallest = height;
    }
  }
  return smallest;
}
