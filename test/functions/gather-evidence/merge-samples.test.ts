import fc from 'fast-check';
import type { TableSample } from '../../../functions/detect-anomalies/table-sample.ts';
import { mergeSamples } from '../../../functions/gather-evidence/merge-samples.ts';

const sampleOf = (columns: Readonly<Record<string, readonly (string | number | bigint | null)[]>>, type = 'string'): TableSample => ({
  format: 'csv',
  columns: Object.entries(columns).map(([name, values]) => ({ name, type, values })),
  rowCount: Object.values(columns)[0]?.length ?? 0,
  totalRows: Object.values(columns)[0]?.length ?? 0,
  malformedRows: 1,
});

describe('mergeSamples', () => {
  it('puts rows one under the other; a column that an object lacks is null in its rows', () => {
    const { table, objects } = mergeSamples([
      { key: 'a', sample: sampleOf({ id: ['1', '2'] }, 'int') },
      { key: 'b', sample: sampleOf({ id: ['x'], note: ['new'] }) },
    ]);
    expect(table).toMatchObject({ rowCount: 3, totalRows: 3, malformedRows: 2 });
    expect(table.columns).toEqual([
      { name: 'id', type: 'int', values: ['1', '2', 'x'] },
      { name: 'note', type: 'string', values: [null, null, 'new'] },
    ]);
    expect(objects.map(({ key, fromRow, toRow }) => [key, fromRow, toRow])).toEqual([
      ['a', 0, 2],
      ['b', 2, 3],
    ]);
    expect(objects[1]?.columns).toEqual([
      { name: 'id', type: 'string' },
      { name: 'note', type: 'string' },
    ]);
  });

  it('knows no total where one object was read in part', () => {
    const part = { ...sampleOf({ id: ['1'] }), totalRows: null };
    expect(
      mergeSamples([
        { key: 'a', sample: part },
        { key: 'b', sample: sampleOf({ id: ['2'] }) },
      ]).table.totalRows,
    ).toBeNull();
  });

  it('loses no row and no cell, whatever columns the objects have', () => {
    const anySample = fc
      .tuple(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), { minLength: 1 }), fc.nat(5))
      .map(([names, rows]) => ({
        ...sampleOf({}),
        rowCount: rows,
        columns: names.map((name) => ({ name, type: 'string', values: Array.from({ length: rows }, (_, row) => `${name}${row}`) })),
      }));
    fc.assert(
      fc.property(fc.array(anySample, { minLength: 1, maxLength: 6 }), (samples) => {
        const { table, objects } = mergeSamples(samples.map((sample, index) => ({ key: String(index), sample })));
        expect(table.rowCount).toBe(samples.reduce((sum, sample) => sum + sample.rowCount, 0));
        for (const column of table.columns) expect(column.values).toHaveLength(table.rowCount);
        for (const [index, { fromRow, toRow }] of objects.entries()) {
          for (const column of samples[index]?.columns ?? []) {
            const merged = table.columns.find((each) => each.name === column.name);
            expect(merged?.values.slice(fromRow, toRow)).toEqual(column.values);
          }
        }
      }),
    );
  });
});
