import { scoreJson } from '../../../evaluation/measure/json.ts';
import type { ProfileAnswer } from '../../../evaluation/measure/profile-answer.ts';
import { figureOf } from './figure-of.ts';
import { crashed, profiled, refused } from './profile-answers.ts';

describe('the score of JSON documents', () => {
  const records = [{ file: 'r.jsonl', expected: { rows: 3, top_level: { a: { string: 2, null: 1 } } }, answer: profiled(3, { a: 1 }) }];
  const score = (yes: ProfileAnswer, no: ProfileAnswer, either: ProfileAnswer = refused) =>
    scoreJson(
      [
        { file: 'y_ok.json', answer: yes },
        { file: 'n_bad.json', answer: no },
        { file: 'i_odd.json', answer: either },
      ],
      records,
    );

  it('is full where valid ones parse and invalid ones are refused or counted as malformed', () => {
    for (const no of [refused, profiled(1, {}, 1)]) {
      expect(score(profiled(1, {}), no).measurements.filter(({ met }) => met === false)).toEqual([]);
    }
  });

  it('sees valid ones refused, invalid ones accepted, and crashes', () => {
    expect(figureOf(score(refused, refused), 'valid documents parsed')).toBe('0/1 missed');
    expect(figureOf(score(profiled(1, {}), profiled(1, {})), 'invalid documents rejected')).toBe('0/1 missed');
    expect(figureOf(score(profiled(1, {}), refused, crashed), 'crashes')).toBe('1/3 missed');
  });

  it('compares rows and nulls of nested records', () => {
    const wrong = scoreJson(
      [],
      [{ file: 'r.jsonl', expected: { rows: 3, top_level: { a: { string: 1 } } }, answer: profiled(2, { a: 1 }) }],
    );
    expect(wrong.misses).toEqual(['r.jsonl: not 3 rows', 'r.jsonl: 1 nulls in a, 2 expected']);
  });
});
