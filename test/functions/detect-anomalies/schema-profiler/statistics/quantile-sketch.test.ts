import fc from 'fast-check';
import { QuantileSketch } from '../../../../../functions/detect-anomalies/schema-profiler/statistics/quantile-sketch.ts';

const SHARES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** A fixed pseudo-random stream in [0, 1). */
function* stream(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    yield (state >>> 0) / 2 ** 32;
  }
}

function largestRankError(sketch: QuantileSketch, values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sketch.quantiles(SHARES) ?? [];
  return Math.max(
    ...SHARES.map((share, index) => {
      const value = found[index] ?? Number.NaN;
      const below = sorted.findIndex((other) => other >= value) / sorted.length;
      const upTo = sorted.findLastIndex((other) => other <= value) / sorted.length;
      return share < below ? below - share : Math.max(share - upTo, 0);
    }),
  );
}

describe('QuantileSketch', () => {
  const size = 300_000;
  const random = stream(1);
  const shapes: Record<string, number[]> = {
    random: Array.from({ length: size }, () => random.next().value),
    ascending: Array.from({ length: size }, (_, index) => index),
    descending: Array.from({ length: size }, (_, index) => -index),
    'heavy at one value': Array.from({ length: size }, (_, index) => (index % 3 === 0 ? index : 7)),
    skewed: Array.from({ length: size }, () => 1 / (random.next().value + 1e-9)),
    'in waves': Array.from({ length: size }, (_, index) => Math.sin(index / 1000)),
  };

  it.each(Object.entries(shapes))('keeps the rank error of a long %s stream within 0.5 %%', (_, values) => {
    const sketch = new QuantileSketch();
    for (const value of values) sketch.add(value);
    expect(largestRankError(sketch, values)).toBeLessThanOrEqual(0.005);
  });

  it('is exact on a short stream', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 500 }), (values) => {
        const sketch = new QuantileSketch();
        for (const value of values) sketch.add(value);
        const sorted = Float64Array.from(values).sort();
        expect(sketch.quantiles([0, 0.5, 1])).toEqual([sorted[0], sorted[Math.floor(0.5 * (values.length - 1))], sorted.at(-1)]);
      }),
    );
  });

  it('weighs a value as if it had come that often', () => {
    const weighted = new QuantileSketch();
    const values = Array.from({ length: 400 }, (_, index) => index);
    for (const value of values) weighted.addWeighted(value, value + 1);
    const repeated = values.flatMap((value) => new Array<number>(value + 1).fill(value));
    expect(largestRankError(weighted, repeated)).toBeLessThanOrEqual(0.005);
  });

  it('merges two streams into one', () => {
    const [left, right] = [new QuantileSketch(), new QuantileSketch()];
    const [low, high] = [shapes['ascending']?.slice(0, 100_000) ?? [], shapes['ascending']?.slice(100_000) ?? []];
    for (const value of low) left.add(value);
    for (const value of high) right.add(value);
    left.merge(right);
    expect(largestRankError(left, [...low, ...high])).toBeLessThanOrEqual(0.005);
  });

  it('gives the same answer for the same stream, and none for no stream', () => {
    const answers = [1, 2].map(() => {
      const sketch = new QuantileSketch();
      for (const value of shapes['random'] ?? []) sketch.add(value);
      return sketch.quantiles(SHARES);
    });
    expect(answers[0]).toEqual(answers[1]);
    expect(new QuantileSketch().quantiles(SHARES)).toBeNull();
  });
});
