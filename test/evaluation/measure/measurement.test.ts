import { atMost, compareSets, f1, figure, precision, recall, share } from '../../../evaluation/measure/measurement.ts';

describe('the figures of a measurement', () => {
  it('counts what was found, what was claimed wrongly and what was missed', () => {
    const counts = compareSets(new Set(['a', 'b', 'c']), new Set(['b', 'c', 'd']));
    expect(counts).toEqual({ tp: 2, fp: 1, fn: 1 });
    expect(precision(counts)).toBeCloseTo(2 / 3);
    expect(recall(counts)).toBeCloseTo(2 / 3);
    expect(f1({ tp: 8, fp: 2, fn: 0 })).toBeCloseTo((2 * 0.8) / 1.8);
  });

  it('calls nothing claimed precise, nothing to find recalled, and nothing right worth nothing', () => {
    expect(precision({ tp: 0, fp: 0, fn: 3 })).toBe(1);
    expect(recall({ tp: 0, fp: 3, fn: 0 })).toBe(1);
    expect(f1({ tp: 0, fp: 3, fn: 3 })).toBe(0);
  });

  it('meets a goal at its limit and not below it', () => {
    expect(figure('precision', 0.97, 0.97)).toMatchObject({ met: true, goal: '≥ 0.97', shown: '0.9700' });
    expect(figure('precision', 0.9699, 0.97).met).toBe(false);
    expect(share('all', 9, 10, 1)).toMatchObject({ met: false, goal: 'all', shown: '9/10', value: 0.9 });
    expect(atMost('alarms', 1, 40, 1).met).toBe(true);
    expect(atMost('alarms', 2, 40, 1).met).toBe(false);
  });

  it('does not call a goal met that nothing could be counted for', () => {
    expect(share('all', 0, 0, 1)).toMatchObject({ met: false, value: null, shown: 'nothing to count' });
    expect(atMost('alarms', 0, 0, 0).met).toBe(false);
  });

  it('has no verdict on what has no goal', () => {
    expect(share('reported', 1, 2)).toMatchObject({ met: null, goal: null });
  });
});
