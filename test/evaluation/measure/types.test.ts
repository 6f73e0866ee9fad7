import { scoreComposite, scoreTypes } from '../../../evaluation/measure/types.ts';
import { figureOf } from './figure-of.ts';

const pairs = [
  { old: 'int', new: 'bigint', consensus: 'widening', accept: [] },
  { old: 'bigint', new: 'int', consensus: 'narrowing', accept: [] },
  { old: 'int', new: 'date', consensus: 'breaking', accept: [] },
  { old: 'int', new: 'string', consensus: 'contested', accept: ['compatible', 'breaking'] },
];
const right: Readonly<Record<string, string>> = {
  'int>bigint': 'widening',
  'bigint>int': 'narrowing',
  'int>date': 'breaking',
  'int>string': 'breaking',
};
const asking =
  (planted: Readonly<Record<string, string>> = {}) =>
  (from: string, to: string) =>
    ({ ...right, ...planted })[`${from}>${to}`] ?? 'no answer';

describe('the score of type verdicts', () => {
  it('is full where every verdict is that of the engines', () => {
    const result = scoreTypes(pairs, asking());
    expect(figureOf(result, 'verdict of all engines')).toBe('3/3 met');
    expect(figureOf(result, 'contested: verdict of one engine')).toBe('1/1 reported');
  });

  it('counts a planted mistake, and one that calls a break safe as dangerous', () => {
    const mistaken = scoreTypes(pairs, asking({ 'int>bigint': 'breaking' }));
    expect(figureOf(mistaken, 'verdict of all engines')).toBe('2/3 missed');
    expect(figureOf(mistaken, 'called safe but breaking or narrowing')).toBe('0/3 met');
    expect(figureOf(scoreTypes(pairs, asking({ 'bigint>int': 'compatible' })), 'called safe but breaking or narrowing')).toBe('1/3 missed');
  });

  it('does not accept a verdict on a contested pair that no engine holds', () => {
    const result = scoreTypes(pairs, asking({ 'int>string': 'identical' }));
    expect(figureOf(result, 'contested: verdict of one engine')).toBe('0/1 reported');
    expect(result.misses).toEqual(['int > string: one of compatible, breaking was called identical']);
  });

  it('takes a widening of a composite type for compatible and a narrowing for breaking', () => {
    const composite = [
      { old: 'int', new: 'bigint', overall: 'compatible' },
      { old: 'bigint', new: 'int', overall: 'breaking' },
    ];
    expect(figureOf(scoreComposite(composite, asking()), 'overall verdict')).toBe('2/2 met');
    expect(figureOf(scoreComposite(composite, asking({ 'bigint>int': 'widening' })), 'overall verdict')).toBe('1/2 missed');
  });
});
