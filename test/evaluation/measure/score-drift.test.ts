import * as z from 'zod';
import { labelledPairSchema, scoreDrift } from '../../../evaluation/measure/score-drift.ts';
import type { Drift, DriftChange } from '../../../functions/detect-anomalies/drift-detector/drift.ts';
import { figureOf } from './figure-of.ts';

const pairs = z.array(labelledPairSchema).parse([
  {
    id: 'p1',
    kind: 'glue_ddl',
    expected: {
      added: ['Extra'],
      removed: ['gone'],
      renamed: [{ from: 'old_name', to: 'new_name' }],
      type_changed: [{ path: 'amount', kind: 'type_changed', verdict: 'widening' }],
      breaking: true,
      no_change: false,
    },
    ambiguous: [],
  },
  { id: 'p2', kind: 'csv', expected: { breaking: false, no_change: true }, ambiguous: [] },
]);

const change = (kind: DriftChange['kind'], path: string, more: Partial<DriftChange> = {}): DriftChange => ({
  path,
  kind,
  from: null,
  to: null,
  verdict: 'breaking',
  reason: 'as labelled',
  ...more,
});
const changes = [
  change('added', 'extra'),
  change('removed', 'gone'),
  change('renamed', 'old_name', { from: 'old_name', to: 'NEW_NAME' }),
  change('type_changed', 'amount', { verdict: 'widening' }),
];
const breaking = (...found: DriftChange[]): Drift => ({ severity: 'breaking', changes: found });
const none: Drift = { severity: 'none', changes: [] };
const score = (first: Drift | Error, second: Drift | Error = none, labelled = pairs) =>
  scoreDrift(
    labelled,
    new Map([
      ['p1', first],
      ['p2', second],
    ]),
  );

describe('the score of the drift detector', () => {
  it('is full where every change is found; the case of names does not count in Glue', () => {
    const result = score(breaking(...changes));
    expect(result.measurements.filter(({ met }) => met === false)).toEqual([]);
    expect(figureOf(result, 'pairs without any mistake')).toBe('2/2 reported');
  });

  it.each([
    ['added F1', 0],
    ['removed F1', 1],
    ['renamed recall', 2],
    ['type changed F1', 3],
  ])('loses %s where that change is not found', (measure, index) => {
    const result = score(breaking(...changes.filter((_, position) => position !== index)));
    expect(figureOf(result, measure)).toBe('0.0000 missed');
    expect(figureOf(result, 'pairs without any mistake')).toBe('1/2 reported');
  });

  it('counts a rename too many against its precision', () => {
    const result = score(breaking(...changes, change('renamed', 'a', { from: 'a', to: 'b' })));
    expect(figureOf(result, 'renamed precision')).toBe('0.5000 missed');
    expect(figureOf(result, 'renamed recall')).toBe('1.0000 met');
  });

  it('counts a change on a no-change pair as an alarm', () => {
    expect(
      figureOf(score(breaking(...changes), { severity: 'compatible', changes: [change('added', 'x')] }), 'alarms on no-change pairs'),
    ).toBe('1/1 missed');
  });

  it('tells upper from lower case between CSV files', () => {
    const [, csv] = pairs;
    const labelled = csv ? [{ ...csv, id: 'p1', expected: { ...csv.expected, added: ['Extra'], no_change: false } }] : [];
    expect(figureOf(score({ severity: 'compatible', changes: [change('added', 'extra')] }, none, labelled), 'added F1')).toBe(
      '0.0000 missed',
    );
  });

  it('takes the verdict and the severity by themselves', () => {
    const wrongVerdict = changes.with(3, change('type_changed', 'amount', { verdict: 'narrowing' }));
    expect(figureOf(score(breaking(...wrongVerdict)), 'type verdict')).toBe('0/1 reported');
    expect(figureOf(score({ severity: 'compatible', changes }), 'breaking verdict')).toBe('1/2 missed');
  });

  it('takes an error for an answer without changes and with a wrong breaking verdict', () => {
    const result = score(new Error('E_CSV: nothing to read'));
    expect(figureOf(result, 'added F1')).toBe('0.0000 missed');
    expect(figureOf(result, 'breaking verdict')).toBe('1/2 missed');
    expect(result.misses).toEqual(['p1: E_CSV: nothing to read']);
  });

  it('accepts either reading of an ambiguous rename', () => {
    const [first] = pairs;
    const labelled = first ? [{ ...first, ambiguous: [{ from: 'gone', to: 'extra' }] }] : [];
    const asRename = changes.slice(2).concat(change('renamed', 'gone', { from: 'gone', to: 'extra' }));
    expect(score(breaking(...asRename), none, labelled).misses).toEqual([]);
    expect(score(breaking(...changes), none, labelled).misses).toEqual([]);
  });

  it('does not score changes inside of structs, nor inferred types', () => {
    const [first] = pairs;
    const expected = first && { ...first.expected, nested_added: ['s.field'], type_changed_inferred_advisory: [{ path: 'guess' }] };
    const labelled = first && expected ? [{ ...first, expected }] : [];
    const more = [change('added', 's.field'), change('type_changed', 'guess')];
    expect(score(breaking(...changes, ...more), none, labelled).misses).toEqual([]);
    expect(score(breaking(...changes, ...more)).misses).toEqual([
      'p1: added 1 too many, 0 not found; type_changed 1 too many, 0 not found',
    ]);
  });
});
