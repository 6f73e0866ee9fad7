/** Counts distinct values from their 32-bit hashes: exactly while they are few, by a HyperLogLog sketch (p = 14, sigma 0.8 %) from then on. */

const { imul } = Math;

/** Hashes kept one by one before the sketch takes over. */
const EXACT_LIMIT = 4096;
const INDEX_BITS = 14;
const REGISTERS = 1 << INDEX_BITS;
/** Bits of the hash that are left for the run of zeros. */
const RANK_BITS = 32 - INDEX_BITS;
const HASHES = 2 ** 32;

/** A well mixed 32-bit hash (MurmurHash3's finaliser); hashes given to the counter must have gone through it or be as good. */
export function mixHash(hash: number): number {
  let h = hash;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export class DistinctCounter {
  /** Open addressing; zero marks a free slot. Null once the sketch has taken over. */
  private slots: Int32Array | null = new Int32Array(16);
  private registers: Uint8Array | null = null;
  private kept = 0;
  private sawZero = false;

  /** True where the hash had not been seen before; the sketch always says false. */
  add(hash: number): boolean {
    if (this.registers !== null) {
      const index = hash >>> RANK_BITS;
      const rank = Math.clz32(hash << INDEX_BITS) + 1;
      const bounded = rank > RANK_BITS ? RANK_BITS + 1 : rank;
      if (bounded > (this.registers[index] as number)) this.registers[index] = bounded;
      return false;
    }
    return this.keep(hash);
  }

  private keep(hash: number): boolean {
    if (hash === 0) {
      const isNew = !this.sawZero;
      this.sawZero = true;
      return isNew;
    }
    const slots = this.slots as Int32Array;
    const mask = slots.length - 1;
    let at = hash & mask;
    for (;;) {
      const seen = slots[at] as number;
      if (seen === hash) return false;
      if (seen === 0) break;
      at = (at + 1) & mask;
    }
    slots[at] = hash;
    this.kept += 1;
    if (this.kept > EXACT_LIMIT) this.sketch();
    else if (this.kept * 2 > slots.length) this.grow();
    return true;
  }

  private grow(): void {
    const old = this.slots as Int32Array;
    const slots = new Int32Array(old.length * 4);
    const mask = slots.length - 1;
    for (let index = 0; index < old.length; index += 1) {
      const hash = old[index] as number;
      if (hash === 0) continue;
      let at = hash & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = hash;
    }
    this.slots = slots;
  }

  private sketch(): void {
    const hashes = this.slots as Int32Array;
    this.slots = null;
    this.registers = new Uint8Array(REGISTERS);
    for (let index = 0; index < hashes.length; index += 1) if (hashes[index] !== 0) this.add(hashes[index] as number);
    if (this.sawZero) this.add(0);
  }

  merge(other: DistinctCounter): void {
    if (other.sawZero) this.add(0);
    if (other.slots !== null) for (const hash of other.slots) if (hash !== 0) this.add(hash);
    if (other.registers === null) return;
    if (this.registers === null) this.sketch();
    const registers = this.registers as Uint8Array | null;
    if (registers === null) return;
    other.registers.forEach((rank, index) => {
      if (rank > (registers[index] ?? 0)) registers[index] = rank;
    });
  }

  /** The number of distinct hashes: exact up to a few thousand, else an estimate. */
  count(): number {
    if (this.registers === null) return this.kept + (this.sawZero ? 1 : 0);
    const { registers } = this;
    const histogram = new Array<number>(RANK_BITS + 2).fill(0);
    for (let index = 0; index < REGISTERS; index += 1) {
      const rank = registers[index] as number;
      histogram[rank] = (histogram[rank] as number) + 1;
    }
    const hashes = estimate(histogram);
    // what collides in 32 bits is missing: the expected number of values behind that many distinct hashes
    return Math.round(hashes > HASHES / 30 ? -HASHES * Math.log1p(-Math.min(hashes / HASHES, 0.999999)) : hashes);
  }
}

/** Ertl's improved estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017): no tables, no bias at any size. */
function estimate(histogram: readonly number[]): number {
  const at = (rank: number) => histogram[rank] ?? 0;
  let z = REGISTERS * tau(1 - at(RANK_BITS + 1) / REGISTERS);
  for (let rank = RANK_BITS; rank >= 1; rank -= 1) z = 0.5 * (z + at(rank));
  z += REGISTERS * sigma(at(0) / REGISTERS);
  return (REGISTERS * REGISTERS) / (2 * Math.LN2 * z);
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let [x, y, z] = [share, 1, share];
  for (let before = Number.NaN; z !== before; ) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [x, y, z] = [share, 1, 1 - share];
  for (let before = Number.NaN; z !== before; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
