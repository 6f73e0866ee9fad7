import { scoreCsv } from '../../../evaluation/measure/csv.ts';
import type { ProfileAnswer } from '../../../evaluation/measure/profile-answer.ts';
import { figureOf } from './figure-of.ts';
import { crashed, profiled, refused } from './profile-answers.ts';

describe('the score of CSV files', () => {
  const cells = [{ file: 'c.csv', expected: [{ a: '1\r\n2' }], found: [{ a: '1\n2' }] }];
  const odd = (answer: ProfileAnswer) => [
    { expected: { file: 'o.csv', header: ['id', 'name', 'id'], records_including_blank: 3, blank_records: 1 }, answer },
  ];
  const answer = profiled(2, { id: 0, name: 0, id_2: 0 });

  it('is full where cells, headers and counts are as expected, line ends and names of repeated columns aside', () => {
    expect(scoreCsv(cells, odd(answer), [{ file: 'fuzz', answer: refused }]).measurements.filter(({ met }) => met === false)).toEqual([]);
  });

  it('sees a changed cell, a lost record, a wrong name and a crash', () => {
    expect(
      figureOf(scoreCsv([{ file: 'c.csv', expected: [{ a: '1' }], found: [{ a: '1 ' }] }], [], []), 'files with all cells as written'),
    ).toBe('0/1 missed');
    expect(figureOf(scoreCsv(cells, odd(profiled(1, { id: 0, name: 0, id_2: 0 })), []), 'record counts of odd files')).toBe('0/1 missed');
    expect(figureOf(scoreCsv(cells, odd(profiled(2, { id: 0, nom: 0, id_2: 0 })), []), 'headers of odd files')).toBe('0/1 missed');
    expect(figureOf(scoreCsv(cells, odd(answer), [{ file: 'fuzz', answer: crashed }]), 'crashes')).toBe('1/2 missed');
  });
});
