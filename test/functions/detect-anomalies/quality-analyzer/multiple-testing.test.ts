import { benjaminiHochberg, simes } from '../../../../functions/detect-anomalies/quality-analyzer/multiple-testing.ts';

describe('benjaminiHochberg', () => {
  it('adjusts the example of the 1995 paper to the published values', () => {
    const paper = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
    const adjusted = benjaminiHochberg(paper);
    expect(adjusted.filter((p) => p <= 0.05)).toHaveLength(4);
    expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
    expect(adjusted[14]).toBe(1);
  });

  it('keeps the order it was given and never falls below the p-value', () => {
    expect(benjaminiHochberg([0.04, 0.01])).toEqual([0.04, 0.02]);
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

describe('simes', () => {
  it('takes the least of p times tests by rank', () => {
    expect(simes([0.03, 0.01, 0.5])).toBeCloseTo(0.03, 12);
    expect(simes([0.02, 0.02, 0.02])).toBeCloseTo(0.02, 12);
    expect(simes([])).toBe(1);
  });
});
