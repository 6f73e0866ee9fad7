import fc from 'fast-check';
import { distinctNames, withDistinctNames } from '../../../functions/detect-anomalies/distinct-names.ts';
import type { TableSample } from '../../../functions/detect-anomalies/table-sample.ts';

describe('distinctNames', () => {
  it.each([
    [
      ['id', 'name', 'id', 'age', 'id'],
      ['id', 'name', 'id_1', 'age', 'id_2'],
    ],
    [
      ['c', 'c', 'c', 'c_1'],
      ['c', 'c_2', 'c_3', 'c_1'],
    ],
    [
      ['__proto__', '__proto__'],
      ['__proto__', '__proto___1'],
    ],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  ])('makes of %j %j', (names, distinct) => {
    expect(distinctNames(names)).toEqual(distinct);
  });

  it('keeps the first of each name, and no two are the same', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'a_1', 'a_2', 'b', 'a_1_1', 'constructor')), (names) => {
        const distinct = distinctNames(names);
        expect(new Set(distinct).size).toBe(names.length);
        for (const [index, name] of names.entries()) if (names.indexOf(name) === index) expect(distinct[index]).toBe(name);
        expect(distinctNames(distinct)).toEqual(distinct);
      }),
    );
  });

  it('leaves a sample alone whose names are distinct, and keeps the cells of one whose names are not', () => {
    const column = (name: string, cell: string) => ({ name, type: 'string', values: [cell] });
    const sample: TableSample = {
      format: 'csv',
      columns: [column('a', '1'), column('a', '2')],
      rowCount: 1,
      totalRows: 1,
      malformedRows: 0,
    };
    const distinct = withDistinctNames(sample);
    expect(distinct.columns).toEqual([column('a', '1'), column('a_1', '2')]);
    expect(withDistinctNames(distinct)).toBe(distinct);
  });
});
