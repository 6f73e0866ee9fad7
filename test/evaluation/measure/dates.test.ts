import { scoreDates } from '../../../evaluation/measure/dates.ts';
import { figureOf } from './figure-of.ts';

describe('the score of dates', () => {
  const texts = [
    { input: '2024-01-31', valid: true, kind: 'date', expected_iso: '2024-01-31T00:00:00+00:00' },
    { input: '2024-02-31', valid: false, kind: null, expected_iso: null },
    { input: '01/02/2024', valid: true, kind: 'ambiguous', expected_iso: null },
  ];

  it('leaves ambiguous texts out and compares instants, not spellings', () => {
    const result = scoreDates(texts, (text) => (text === '2024-01-31' ? '2024-01-31T02:00:00+02:00' : null));
    expect(result.misses).toEqual([]);
    expect(figureOf(result, 'instants equal to the second')).toBe('1/1 reported');
  });

  it('sees what is no date taken for one, a date not read, and another instant', () => {
    expect(
      figureOf(
        scoreDates(texts, () => '2024-01-31T00:00:00+00:00'),
        'precision of dates',
      ),
    ).toBe('0.5000 reported');
    expect(
      figureOf(
        scoreDates(texts, () => null),
        'recall of dates',
      ),
    ).toBe('0.0000 reported');
    const late = scoreDates(texts, (text) => (text === '2024-01-31' ? '2024-01-31T00:00:01+00:00' : null));
    expect(figureOf(late, 'instants equal to the second')).toBe('0/1 reported');
  });
});
