import { qualityCondition, qualityScore } from '../../../../functions/detect-anomalies/quality-analyzer/score.ts';

describe('qualityScore', () => {
  it('is one minus the mean loss, with repeated rows as one more loss', () => {
    expect(qualityScore({ columns: [0, 0, 0, 0], duplicateRows: 0, malformedRows: 0 })).toBe(1);
    expect(qualityScore({ columns: [0.2, 0, 0, 0], duplicateRows: 0, malformedRows: 0 })).toBeCloseTo(0.95, 12);
    expect(qualityScore({ columns: [0.2, 0], duplicateRows: 0.4, malformedRows: 0 })).toBeCloseTo(0.7, 12);
    expect(qualityScore({ columns: [1], duplicateRows: 1, malformedRows: 0 })).toBe(0);
    expect(qualityScore({ columns: [], duplicateRows: 0, malformedRows: 0 })).toBe(1);
    expect(qualityScore({ columns: [0.2, 0], duplicateRows: 0, malformedRows: 0.5 })).toBeCloseTo(0.45, 12);
  });
});

describe('qualityCondition', () => {
  it('is good unless a test says otherwise, whatever the losses', () => {
    expect(qualityCondition({ columns: [0.3], duplicateRows: 0, malformedRows: 0 }, false)).toBe('good');
  });
  it('is poor from a tenth of all cells or half of a column on', () => {
    expect(qualityCondition({ columns: [0.05, 0.05], duplicateRows: 0, malformedRows: 0 }, true)).toBe('degraded');
    expect(qualityCondition({ columns: [0.15, 0.15], duplicateRows: 0, malformedRows: 0 }, true)).toBe('poor');
    expect(qualityCondition({ columns: [0.5, ...new Array<number>(20).fill(0)], duplicateRows: 0, malformedRows: 0 }, true)).toBe('poor');
  });
});
