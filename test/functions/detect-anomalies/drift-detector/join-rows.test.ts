import { type Prepared, prepare } from '../../../../functions/detect-anomalies/drift-detector/compare-values.ts';
import { joinRows } from '../../../../functions/detect-anomalies/drift-detector/join-rows.ts';
import { range, sampled } from './sides.ts';

const columns = (values: Readonly<Record<string, readonly (string | null)[]>>): ReadonlyMap<string, Prepared> =>
  new Map(Object.entries(values));
const days = range(40).map((row) => `day ${row >> 1}`);
const regions = range(40).map((row) => (row % 2 ? 'south' : 'north'));

describe('joinRows', () => {
  it('joins on several columns that only together tell the rows apart', () => {
    const baseline = columns({ day: days, region: regions });
    const current = columns({ date: days.toReversed(), region: regions.toReversed() });
    const rows = joinRows(baseline, current, [
      ['day', 'date'],
      ['region', 'region'],
    ]);
    expect(rows).toHaveLength(40);
    for (const [before, after] of rows ?? []) expect(before).toBe(39 - after);
  });

  it('takes files that agree line by line as they stand, key or not', () => {
    const values = range(40).map((row) => `v${row % 7}`);
    const rows = joinRows(columns({ v: values }), columns({ v: [...values, 'more'] }), [['v', 'v']]);
    expect(rows?.slice(0, 3)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  it('finds no join between other records, or where only constants are shared', () => {
    const other = range(40).map((row) => `other ${row}`);
    expect(joinRows(columns({ day: days }), columns({ day: other }), [['day', 'day']])).toBeNull();
    expect(joinRows(columns({ c: days.map(() => 'x') }), columns({ c: days.map(() => 'x') }), [['c', 'c']])).toBeNull();
    expect(joinRows(columns({}), columns({}), [])).toBeNull();
  });
});

describe('prepare', () => {
  it('spells equal values alike', () => {
    const side = sampled('jsonl', { 'a string': [' 1.50', 1.5, 'A ', 'a', '2024-01-02 00:00:00', '2024-01-02T00:00:00', '', null] });
    const [first, second, third, fourth, fifth, sixth, ...missing] = prepare(side.sample ?? fail()).get('a') ?? [];
    expect(first).toBe(second);
    expect(third).toBe(fourth);
    expect(fifth).toBe(sixth);
    expect(missing).toEqual([null, null]);
  });

  it('does not take two long identifiers for one number', () => {
    const side = sampled('csv', { 'id string': ['1234567890123456', '1234567890123457'] });
    const [one, other] = prepare(side.sample ?? fail()).get('id') ?? [];
    expect(one).not.toBe(other);
  });
});

function fail(): never {
  throw new Error('the side has no sample');
}
