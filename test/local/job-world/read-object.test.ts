import { gzipSync } from 'node:zlib';
import { JobFailure, TaskFailure } from '../../../local/job-world/failures.ts';
import { parquetOf } from '../../../local/job-world/make-data.ts';
import { readRows } from '../../../local/job-world/read-object.ts';
import { stackOf } from '../../../local/job-world/tell-failure.ts';

const text = (content: string) => new Uint8Array(Buffer.from(content));
const failureOf = async (path: string, bytes: Uint8Array, format: 'csv' | 'jsonl' | 'parquet') => {
  const error: unknown = await readRows(path, bytes, format).catch((reason: unknown) => reason);
  if (!(error instanceof TaskFailure)) throw new Error(`expected a failed task, got ${String(error)}`);
  return stackOf(error.error);
};

describe('reading one object', () => {
  it('reads CSV with its header: quotes, commas within, empty cells as null, short records filled up', async () => {
    const read = await readRows('s3://b/a.csv', text('id,name\r\n1,"a, ""b"""\r\n2,\r\n3\r\n'), 'csv');
    expect(read.columns).toEqual(['id', 'name']);
    expect(read.rows).toEqual([
      { id: '1', name: 'a, "b"' },
      { id: '2', name: null },
      { id: '3', name: null },
    ]);
  });

  it('reads JSON lines, with integers beyond 2^53 as they are', async () => {
    const read = await readRows('s3://b/a.jsonl', text('{"id":9007199254740993}\n\n{"id":1,"x":{"y":[1]}}\n'), 'jsonl');
    expect(read.rows).toEqual([{ id: 9007199254740993n }, { id: 1, x: { y: [1] } }]);
    expect(read.columns).toEqual(['id', 'x']);
  });

  it('reads Parquet with the types that it declares', async () => {
    const bytes = parquetOf(
      [
        { id: 1, name: 'ä' },
        { id: 2, name: null },
      ],
      { id: 'INT64', name: 'STRING' },
    );
    const read = await readRows('s3://b/a.parquet', bytes, 'parquet');
    expect(read.rows).toEqual([
      { id: 1, name: 'ä' },
      { id: 2, name: null },
    ]);
    expect(read.declaredTypes).toEqual({ id: 'bigint', name: 'string' });
  });

  it('reads what gzip has packed', async () => {
    expect((await readRows('s3://b/a.csv.gz', gzipSync('id\n1\n'), 'csv')).rows).toEqual([{ id: '1' }]);
  });

  it('fails on an object that is no Parquet file, and says which and why', async () => {
    expect(await failureOf('s3://b/a.parquet', text('id,name\n1,a\n2,b\n'), 'parquet')).toContain(
      'Caused by: java.lang.RuntimeException: s3://b/a.parquet is not a Parquet file. Expected magic number at tail, but found [50, 44, 98, 10]',
    );
  });

  it('fails on a Parquet file whose middle is damaged', async () => {
    const bytes = parquetOf([{ id: 1 }], { id: 'INT32' });
    bytes.fill(0xff, 4, bytes.length - 8);
    expect(await failureOf('s3://b/a.parquet', bytes, 'parquet')).toContain(
      'ParquetDecodingException: Can not read value at 0 in block -1 in file s3://b/a.parquet',
    );
  });

  it('fails on gzip that ends too early, or is none, or is damaged', async () => {
    const packed = new Uint8Array(gzipSync('id\n'.repeat(1000)));
    expect(await failureOf('s3://b/a.csv.gz', packed.slice(0, packed.length / 2), 'csv')).toContain(
      'java.io.EOFException: Unexpected end of input stream',
    );
    expect(await failureOf('s3://b/a.csv.gz', text('id\n1\n'), 'csv')).toContain('java.io.IOException: not a gzip file');
    const damaged = packed.slice();
    damaged.fill(0xff, 12, 20);
    expect(await failureOf('s3://b/a.csv.gz', damaged, 'csv')).toContain('java.util.zip.ZipException');
  });

  it('fails on a line that is no JSON object, and shows it', async () => {
    await expect(readRows('s3://b/a.jsonl', text('{"id":1}\n{"id":\n'), 'jsonl')).rejects.toThrow(
      '[MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION]',
    );
    await expect(readRows('s3://b/a.jsonl', text('[1]\n'), 'jsonl')).rejects.toBeInstanceOf(JobFailure);
  });
});
