import { scoreParquet } from '../../../evaluation/measure/parquet.ts';
import type { ProfileAnswer } from '../../../evaluation/measure/profile-answer.ts';
import { figureOf } from './figure-of.ts';
import { crashed, profiled, refused } from './profile-answers.ts';

describe('the score of Parquet files', () => {
  const file = {
    file: 'a.parquet',
    rows: 3,
    columns: [
      { name: 'x', null_count: 1 },
      { name: 'list', null_count: null },
    ],
  };
  const corrupt = [{ file: 'bad.parquet', seconds: 0.1, answer: refused }];

  it('is full where rows and nulls are equal and corrupt files are answered by a named error', () => {
    const result = scoreParquet([{ ...file, answer: profiled(3, { x: 1 }) }], corrupt);
    expect(result.measurements.filter(({ met }) => met === false)).toEqual([]);
    expect(figureOf(result, 'null counts of top-level columns')).toBe('1/1 met');
  });

  it('sees wrong rows, wrong nulls, missing columns and refused files', () => {
    const scored = (answer: ProfileAnswer) => scoreParquet([{ ...file, answer }], corrupt);
    expect(figureOf(scored(profiled(4, { x: 1 })), 'row counts')).toBe('0/1 missed');
    expect(figureOf(scored(profiled(3, { x: 0 })), 'null counts of top-level columns')).toBe('0/1 missed');
    expect(figureOf(scored(profiled(3, {})), 'top-level columns not found')).toBe('1/1 missed');
    expect(figureOf(scored(refused), 'row counts')).toBe('0/1 missed');
  });

  it('does not take a crash for an answer, nor patience for granted', () => {
    const cases = [{ ...file, answer: profiled(3, { x: 1 }) }];
    expect(figureOf(scoreParquet(cases, [{ file: 'bad', seconds: 0.1, answer: crashed }]), 'corrupt files answered')).toBe('0/1 missed');
    const slow = scoreParquet(cases, [{ file: 'bad', seconds: 10.5, answer: refused }]);
    expect(figureOf(slow, 'corrupt files that took over 10 s')).toBe('1/1 missed');
  });
});
