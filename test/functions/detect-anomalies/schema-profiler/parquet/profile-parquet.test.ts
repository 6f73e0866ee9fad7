import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { bytesSource } from '../../../../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { profile } from '../../../../../functions/detect-anomalies/schema-profiler/profile.ts';
import { readSample } from '../../../../../functions/detect-anomalies/schema-profiler/read-sample.ts';
import { MedicError } from '../../../../../functions/shared/errors.ts';

const folder = new URL('fixtures/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, folder));
const sourceOf = (name: string) => bytesSource(name, fixture(name));
const flat = readdirSync(folder).filter((name) => name.startsWith('flat-'));

async function columnsOf(name: string) {
  const { columns } = await profile(sourceOf(name));
  return new Map(columns.map((column) => [column.path, column]));
}

describe('profile of a Parquet file', () => {
  it.each(flat)('finds the same in %s as in any other codec and encoding', async (name) => {
    const found = await profile(sourceOf(name));
    expect(found).toMatchObject({ format: 'parquet', rows: 200, malformedRows: 0 });
    const nulls = Object.fromEntries(found.columns.map((column) => [column.path, column.nulls]));
    expect(nulls).toEqual({
      ...{ id: 0, small: 20, big: 0, unsigned: 0, ratio: 50, single: 0, flag: 40, name: 10 },
      ...{ day: 0, at: 0, price: 0, wide: 0, void: 200 },
    });
    const types = found.columns.map((column) => column.type);
    expect(types.slice(0, 8)).toEqual(['bigint', 'tinyint', 'bigint', 'decimal(20,0)', 'double', 'float', 'boolean', 'string']);
    expect(types.slice(8)).toEqual(['date', 'timestamp', 'decimal(9,2)', 'decimal(38,0)', 'int']);
  });

  it.each(flat)('finds ranges, distinct values and quantiles in %s', async (name) => {
    const columns = await columnsOf(name);
    expect(columns.get('id')).toMatchObject({ distinct: 200, min: 0, max: 199, mean: 99.5, quantiles: { p50: 99 } });
    expect(columns.get('small')).toMatchObject({ distinct: 7, min: 0, max: 6 });
    expect(columns.get('big')).toMatchObject({ min: String(2n ** 63n - 200n), max: String(2n ** 63n - 1n) });
    expect(columns.get('unsigned')).toMatchObject({ max: String(2n ** 64n - 1n) });
    expect(columns.get('single')).toMatchObject({ min: 0, max: 49.75 });
    expect(columns.get('flag')).toMatchObject({ distinct: 2, min: false, max: true });
    expect(columns.get('name')).toMatchObject({ distinct: 3, min: 'Zoë', max: 'bob', lengths: { min: 3, max: 3 } });
    expect(columns.get('day')).toMatchObject({ min: '2024-01-01', max: '2024-07-18' });
    expect(columns.get('at')).toMatchObject({ min: '2024-01-01T12:00:00', max: '2024-01-09T19:00:00' });
    expect(columns.get('price')).toMatchObject({ distinct: 200, min: 0, max: 49.75 });
    expect(columns.get('wide')).toMatchObject({ min: String(10n ** 30n), max: String(10n ** 30n + 199n) });
    expect(columns.get('void')).toMatchObject({ distinct: 0, min: null, max: null });
  });

  it.each(['nested.parquet', 'nested-v2.parquet'])('counts the nulls of every path of %s', async (name) => {
    const columns = await columnsOf(name);
    const seen = [...columns.values()].map(({ path, type, count, nulls }) => [path, type, count, nulls]);
    expect(seen).toEqual([
      ['id', 'int', 4, 0],
      ['tags', 'array<string>', 4, 1],
      ['tags[]', 'string', 4, 1],
      ['address', 'struct<city:string,zip:int>', 4, 1],
      ['address.city', 'string', 3, 1],
      ['address.zip', 'int', 3, 1],
      ['rates', 'map<string,double>', 4, 1],
      ['rates{key}', 'string', 3, 0],
      ['rates{value}', 'double', 3, 1],
      ['deep', 'array<array<bigint>>', 4, 1],
      ['deep[]', 'array<bigint>', 4, 1],
      ['deep[][]', 'bigint', 4, 1],
    ]);
  });

  it('describes the columns of a file without a row', async () => {
    expect(await profile(sourceOf('empty.parquet'))).toMatchObject({ rows: 0, columns: expect.arrayContaining([]) });
  });
});

describe('sample of a Parquet file', () => {
  it.each(flat)('reads the cells of %s', async (name) => {
    const { columns, rowCount, totalRows } = await readSample(sourceOf(name));
    expect([rowCount, totalRows]).toEqual([200, 200]);
    const row = (index: number) => Object.fromEntries(columns.map((column) => [column.name, column.values[index]]));
    expect(row(1)).toMatchObject({ id: 1, small: 1, big: 2n ** 63n - 2n, ratio: 0.125, single: 0.25, flag: false, name: 'bob' });
    expect(row(1)).toMatchObject({ day: '2024-01-02', at: '2024-01-01T13:00:00', price: 0.25, void: null });
    expect(row(0)).toMatchObject({ small: null, ratio: null, flag: null, name: null });
  });

  it('reads no more rows than asked for, evenly or from the start', async () => {
    const first = await readSample(sourceOf('flat-snappy.parquet'), { maxRows: 10 });
    expect(first.columns[0]?.values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const even = await readSample(sourceOf('flat-snappy.parquet'), { maxRows: 10, evenly: true });
    expect(even.columns[0]?.values).toEqual([0, 1, 2, 3, 4, 120, 121, 122, 123, 124]);
    expect(even.totalRows).toBe(200);
  });

  it('keeps nested values as JSON', async () => {
    const { columns } = await readSample(sourceOf('nested.parquet'));
    const values = Object.fromEntries(columns.map((column) => [column.name, column.values]));
    expect(values['tags']).toEqual([['a', 'b'], [], null, ['c', null]]);
    expect(values['address']?.[0]).toEqual({ city: 'Rome', zip: null });
    expect(values['deep']).toEqual([[[1, 2], null], [[]], null, [[3, null]]]);
  });
});

describe('a damaged Parquet file', () => {
  const bytes = fixture('flat-snappy.parquet');

  it.each([
    ['cut off', bytes.subarray(0, 9000), 'E_PARQUET_FOOTER'],
    ['too short', bytes.subarray(0, 8), 'E_PARQUET_FOOTER'],
    ['with a footer longer than itself', withFooterLength(1_000_000), 'E_PARQUET_FOOTER'],
    ['with a footer of two gigabytes', withFooterLength(2 ** 31), 'E_PARQUET_FOOTER'],
    ['with pages of noise', Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(6000, 0x5a), bytes.subarray(6004)]), 'E_PARQUET_PAGE'],
  ])('B17 is refused by name where it is %s', async (_, damaged, code) => {
    await expect(profile(bytesSource('x.parquet', damaged))).rejects.toMatchObject({ code });
    await expect(readSample(bytesSource('x.parquet', damaged))).rejects.toMatchObject({ code });
  });

  function withFooterLength(length: number): Buffer {
    const changed = Buffer.from(bytes);
    changed.writeUInt32LE(length, changed.length - 8);
    return changed;
  }

  it('B17 is answered or refused by name, whichever bytes are changed', async () => {
    const names = fc.constantFrom(
      'flat-snappy.parquet',
      'flat-delta.parquet',
      'nested.parquet',
      'flat-plain-v2.parquet',
      'flat-lz4.parquet',
    );
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(names, changes, async (name, places) => {
        const changed = Buffer.from(fixture(name));
        // the footer is where most harm is done
        for (const [at, value] of places) changed[changed.length - 1 - (at % (at % 2 === 0 ? changed.length : 1500))] = value;
        for (const read of [profile, readSample]) {
          try {
            await read(bytesSource('x.parquet', changed));
          } catch (error) {
            expect(error).toBeInstanceOf(MedicError);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
