import { kolmogorovTail } from '../../../../functions/detect-anomalies/quality-analyzer/kolmogorov.ts';

describe('kolmogorovTail', () => {
  it('gives the known probabilities of the Kolmogorov distribution', () => {
    expect(kolmogorovTail(0.1, 500, 500)).toBeCloseTo(0.012432141728, 9);
    expect(kolmogorovTail(0.2, 50, 80)).toBeCloseTo(0.150395951991, 9);
  });

  it('is 1 for equal and 0 for separate samples', () => {
    expect(kolmogorovTail(0, 100, 100)).toBe(1);
    expect(kolmogorovTail(1, 1000, 1000)).toBeLessThan(1e-12);
  });
});
