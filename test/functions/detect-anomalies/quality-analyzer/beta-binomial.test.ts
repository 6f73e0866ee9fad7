import * as fc from 'fast-check';
import { predictiveTail } from '../../../../functions/detect-anomalies/quality-analyzer/beta-binomial.ts';

describe('predictiveTail', () => {
  it.each([
    // Sums of the beta-binomial distribution, computed independently.
    [0, 500, 5, 500, 0.009997443416],
    [10, 1000, 20, 1000, 0.038155021757],
    [3, 100, 10, 200, 0.243361291668],
    [0, 0, 2, 2, 0.375],
    [0, 500, 1, 500, 0.292804824967],
  ])('after %d bad of %d, %d or more of %d have the known probability', (baselineBad, baselineTotal, bad, total, expected) => {
    expect(predictiveTail(baselineBad, baselineTotal, bad, total)).toBeCloseTo(expected, 9);
  });

  it('sees nothing in a count that is not above the expected one', () => {
    expect(predictiveTail(10, 100, 9, 100)).toBe(1);
    expect(predictiveTail(0, 100, 0, 100)).toBe(1);
    expect(predictiveTail(0, 0, 0, 0)).toBe(1);
  });

  it('is a probability, and smaller for more bad rows', () => {
    const counts = fc.record({ n: fc.integer({ min: 1, max: 5000 }), x: fc.nat(50), m: fc.integer({ min: 2, max: 5000 }), k: fc.nat(200) });
    void fc.assert(
      fc.property(counts, ({ n, x, m, k }) => {
        const [fewer, more] = [predictiveTail(x, n, k, m), predictiveTail(x, n, k + 1, m)];
        return fewer >= 0 && fewer <= 1 && more >= 0 && (more <= fewer || k + 1 > m);
      }),
    );
  });

  it('stays a probability where rows are counted in clumps', () => {
    void fc.assert(
      fc.property(fc.double({ min: 1, max: 9, noNaN: true }), fc.integer({ min: 1, max: 60 }), fc.nat(60), (clump, total, bad) => {
        const p = predictiveTail(1 / clump, 40 / clump, Math.min(bad, total) / clump, total / clump);
        return p >= 0 && p <= 1;
      }),
    );
  });
});
