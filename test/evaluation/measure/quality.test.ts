import { type Judged, scoreQuality } from '../../../evaluation/measure/quality.ts';
import { figureOf } from './figure-of.ts';

const judged: Judged = {
  dataset: 'orders',
  labels: [
    { position: 0, label: 'clean' },
    { position: 1, label: 'degraded' },
    { position: 2, label: 'reformatted' },
    { position: 3, label: 'ignore' },
  ],
  errorRate: 0.1,
  columns: 4,
  dirty: { flagged: new Set([1, 2]), score: 0.8 },
  control: { flagged: new Set(), score: 1 },
};
const flagging = (...positions: number[]): Judged => ({ ...judged, dirty: { ...judged.dirty, flagged: new Set(positions) } });

describe('the score of the quality analyzer', () => {
  it('is full where exactly the degraded columns are flagged; barely changed ones count neither way', () => {
    expect(scoreQuality([judged]).misses).toEqual([]);
    expect(scoreQuality([flagging(1, 2, 3)]).measurements.filter(({ met }) => met === false)).toEqual([]);
  });

  it('loses precision by a flagged clean column and recall by a degraded one that is not flagged', () => {
    const result = scoreQuality([flagging(0, 1)]);
    expect(figureOf(result, 'column precision')).toBe('0.5000 missed');
    expect(figureOf(result, 'column recall')).toBe('0.5000 missed');
    expect(result.misses).toEqual(['orders: clean column 0 was flagged', 'orders: reformatted column 2 was not flagged']);
  });

  it('allows one flag between clean halves, or two per cent of the columns', () => {
    const withFlags = (count: number, columns: number): Judged => ({
      ...judged,
      columns,
      control: { score: 1, flagged: new Set(Array.from({ length: count }, (_, position) => position)) },
    });
    const measure = 'flagged between clean halves';
    expect(figureOf(scoreQuality([withFlags(1, 4)]), measure)).toBe('1/4 met');
    expect(figureOf(scoreQuality([withFlags(2, 4)]), measure)).toBe('2/4 missed');
    expect(figureOf(scoreQuality([withFlags(2, 100)]), measure)).toBe('2/100 met');
    expect(figureOf(scoreQuality([withFlags(3, 100)]), measure)).toBe('3/100 missed');
  });

  it.each([
    ['equal scores', 1, 1],
    ['a dirty score above the clean one', 1, 0.9],
    ['no dirty score', null, 1],
    ['a score out of range', 1.1, 1.2],
  ])('sees no drop in %s', (_, dirty, clean) => {
    const result = scoreQuality([{ ...judged, dirty: { ...judged.dirty, score: dirty }, control: { ...judged.control, score: clean } }]);
    expect(figureOf(result, 'score drops')).toBe('0/1 missed');
  });

  it('ranks the drops by the error rates from three datasets on', () => {
    const dropping = (errorRate: number, score: number): Judged => ({ ...judged, errorRate, dirty: { ...judged.dirty, score } });
    const result = scoreQuality([dropping(0.1, 0.9), dropping(0.2, 0.8), dropping(0.3, 0.7)]);
    expect(figureOf(result, 'rank correlation of error rate and drop')).toBe('1.0000 reported');
    expect(scoreQuality([judged]).measurements.map(({ measure }) => measure)).not.toContain('rank correlation of error rate and drop');
  });
});
