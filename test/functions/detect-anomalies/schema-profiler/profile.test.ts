import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DatasetProfileSchema } from '../../../../functions/detect-anomalies/schema-profiler/dataset-profile.ts';
import { bytesSource } from '../../../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { profile } from '../../../../functions/detect-anomalies/schema-profiler/profile.ts';
import { profileSample } from '../../../../functions/detect-anomalies/schema-profiler/profile-sample.ts';
import { readSample } from '../../../../functions/detect-anomalies/schema-profiler/read-sample.ts';

const sourceOf = (name: string, text: string | Uint8Array) => bytesSource(name, typeof text === 'string' ? Buffer.from(text) : text);

async function columnsOf(name: string, text: string) {
  const { columns } = await profile(sourceOf(name, text));
  return new Map(columns.map((column) => [column.path, column]));
}

const orders = [
  'id,amount,placed,paid,state,note',
  ...Array.from({ length: 3000 }, (_, index) =>
    [
      index,
      (index / 7).toFixed(2),
      `${String(1 + (index % 28)).padStart(2, '0')}/${String(1 + (index % 12)).padStart(2, '0')}/2024`,
      index % 2 === 0,
      index % 10 === 0 ? '' : ['NEW', 'DONE'][index % 2],
      `"say ""${index % 50}"", please"`,
    ].join(','),
  ),
].join('\n');

const events = Array.from({ length: 2000 }, (_, index) =>
  JSON.stringify({
    id: index,
    at: `2024-01-02T03:04:${String(index % 60).padStart(2, '0')}Z`,
    tags: index % 3 === 0 ? [] : ['a', 'b'],
    user: index % 4 === 0 ? null : { name: `n${index % 9}`, ...(index % 5 === 0 ? {} : { age: index % 80 }) },
  }),
).join('\n');

describe('profile', () => {
  it('describes the columns of a CSV file', async () => {
    const columns = await columnsOf('orders.csv', orders);
    expect(columns.get('id')).toMatchObject({ type: 'bigint', nulls: 0, distinct: 3000, min: 0, max: 2999 });
    expect(columns.get('amount')).toMatchObject({ type: 'double', min: 0, max: 428.43 });
    expect(columns.get('placed')).toMatchObject({ type: 'date', min: '2024-01-01', max: '2024-12-28' });
    expect(columns.get('placed')?.dateFormats).toEqual([{ format: 'dd/MM/yyyy', count: 3000 }]);
    expect(columns.get('paid')).toMatchObject({ type: 'boolean', trueShare: 0.5 });
    expect(columns.get('state')).toMatchObject({ type: 'string', nulls: 300, distinct: 2, min: 'DONE', max: 'NEW' });
    expect(columns.get('note')).toMatchObject({ type: 'string', distinct: 50, min: 'say "0", please' });
  });

  it('counts null markers as nulls where the values are not text', async () => {
    const columns = await columnsOf('x.csv', 'age,name\n1,NA\nNA,bob\n3,ann\n,zed\n');
    expect(columns.get('age')).toMatchObject({ type: 'bigint', nulls: 2, distinct: 2, nullMarkers: [{ marker: 'NA', count: 1 }] });
    expect(columns.get('name')).toMatchObject({ type: 'string', nulls: 0, distinct: 4, nullMarkers: [{ marker: 'NA', count: 1 }] });
  });

  it.each([
    ['1\n-2\n', 'bigint'],
    ['9223372036854775807\n', 'bigint'],
    ['9223372036854775808\n', 'decimal(19,0)'],
    ['1\n2.5\n', 'double'],
    ['1234567890123456789.25\n', 'decimal(21,2)'],
    ['2024-01-01\n2024-02-01\n', 'date'],
    ['2024-01-01\n2024-02-01 10:00:00\n', 'timestamp'],
    ['2024-01-01T10:00:00Z\n2024-02-01T10:00:00+01:00\n', 'timestamptz'],
    ['true\nFALSE\n', 'boolean'],
    ['1\ntwo\n', 'string'],
    ['1\ntrue\n', 'string'],
    ['NA\n\n', 'void'],
  ])('gives %j the type %s', async (values, type) => {
    expect((await columnsOf('x.csv', `value,other\n${values.trimEnd().replaceAll('\n', ',x\n')},x\n`)).get('value')?.type).toBe(type);
  });

  it('describes every path of JSON lines', async () => {
    const columns = await columnsOf('events.jsonl', events);
    expect([...columns.keys()]).toEqual(['id', 'at', 'tags', 'tags[]', 'user', 'user.name', 'user.age']);
    expect(columns.get('at')).toMatchObject({ type: 'string', dateFormats: [{ format: "yyyy-MM-dd'T'HH:mm:ssXXX", count: 2000 }] });
    expect(columns.get('tags')).toMatchObject({ type: 'array<string>', nulls: 0, distinct: null });
    expect(columns.get('tags[]')).toMatchObject({ type: 'string', count: 2666, distinct: 2 });
    expect(columns.get('user')).toMatchObject({ type: 'struct<name:string,age:bigint>', nulls: 500 });
    expect(columns.get('user.age')).toMatchObject({ count: 1500, nulls: 300, min: 1, max: 79 });
  });

  it('reads one array, one object behind the other and an array per file alike', async () => {
    const rows = events.split('\n').map((line) => JSON.parse(line));
    const lines = await profile(sourceOf('x.jsonl', events));
    expect(await profile(sourceOf('x.json', JSON.stringify(rows, null, 2)))).toEqual(lines);
    expect(await profile(sourceOf('x.json', rows.map((row) => JSON.stringify(row, null, 2)).join('\n')))).toEqual(lines);
    expect(await profile(sourceOf('x.jsonl.gz', gzipSync(events)))).toEqual(lines);
  });

  it.each([
    ['orders.csv', orders],
    ['events.jsonl', events],
  ])('says the same of %s as of a sample of all its rows', async (name, text) => {
    const found = await profile(sourceOf(name, text));
    expect(profileSample(await readSample(sourceOf(name, text)))).toEqual(found);
  });

  it('is plain JSON of its schema, whatever the format', async () => {
    const parquet = readFileSync(new URL('parquet/fixtures/flat-snappy.parquet', import.meta.url));
    for (const source of [sourceOf('a.csv', orders), sourceOf('a.jsonl', events), sourceOf('a.parquet', parquet)]) {
      const found = await profile(source);
      expect(DatasetProfileSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
    }
  });

  it.each([
    ['x.csv', '', 'E_CSV'],
    ['x.csv', 'a,b\n1,2\n3,"4\n', 'E_CSV'],
    ['x.jsonl', '', 'E_JSON'],
    ['x.jsonl', '{"a":1\n{"a":2,}\n', 'E_JSON'],
    ['x.json', '[{"a":1}', 'E_JSON'],
    ['x.zip', 'PK\u0003\u0004...', 'E_FORMAT'],
    ['x.parquet', 'PAR1', 'E_PARQUET_FOOTER'],
    ['x.csv.gz', '\u001f\u008b\u0008garbage', 'E_SAMPLE_CORRUPT'],
  ])('B16 B17 B18 refuses %s holding %j with %s', async (name, text, code) => {
    await expect(profile(sourceOf(name, Buffer.from(text, 'latin1')))).rejects.toMatchObject({ code });
  });
});

describe('readSample', () => {
  it('keeps cells as written, and knows a missing one from an empty text', async () => {
    const { columns, malformedRows } = await readSample(sourceOf('x.csv', '\uFEFFid, Name\n007,"a ""b"""\n,""\n1\n'));
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ['id', ['007', null]],
      [' Name', ['a "b"', '']],
    ]);
    expect(malformedRows).toBe(1);
  });

  it('keeps integers beyond 2^53, absent fields as null and nested values as parsed', async () => {
    const { columns } = await readSample(sourceOf('x.jsonl', '{"a":12345678901234567890,"b":{"c":[1]}}\n{"a":1.5}\nbroken\n'));
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ['a', [12345678901234567890n, 1.5]],
      ['b', [{ c: [1] }, null]],
    ]);
  });

  it('stops at the rows and bytes that are enough', async () => {
    const rows = await readSample(sourceOf('orders.csv', orders), { maxRows: 10 });
    expect([rows.rowCount, rows.totalRows]).toEqual([10, null]);
    const bytes = await readSample(sourceOf('orders.csv.gz', gzipSync(orders)), { maxBytes: 2000 });
    expect(bytes.totalRows).toBeNull();
    expect(bytes.rowCount).toBeGreaterThan(10);
    const whole = await readSample(sourceOf('events.jsonl', events));
    expect([whole.rowCount, whole.totalRows]).toEqual([2000, 2000]);
  });

  it('takes an empty object for an empty table: Spark writes such files', async () => {
    expect(await readSample(sourceOf('part-0.csv', ''))).toMatchObject({ columns: [], rowCount: 0, totalRows: 0 });
    expect(await readSample(sourceOf('part-0.json.gz', gzipSync('')))).toMatchObject({ format: 'jsonl', rowCount: 0 });
  });

  it.each([
    ['zeros', Buffer.alloc(48 * 1024 * 1024)],
    ['rows', Buffer.alloc(48 * 1024 * 1024, 'a,b\n')],
  ])('R69 B16 refuses a gzip bomb of %s', async (_, bytes) => {
    await expect(readSample(sourceOf('bomb.csv.gz', gzipSync(bytes)))).rejects.toMatchObject({ code: 'E_SAMPLE_TOO_LARGE' });
  });
});
