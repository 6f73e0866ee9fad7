import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { DataFormat } from '../../../functions/detect-anomalies/table-sample.ts';
import { checkIntegrity, INTEGRITY_BUDGET } from '../../../functions/gather-evidence/check-integrity.ts';
import type { ObjectHead, ObjectReader } from '../../../functions/shared/ports.ts';
import { parquetOf } from '../../../local/job-world/make-data.ts';
import { INPUT } from '../../support/healing-world.ts';
import { FakeClock, NOW } from '../../support/memory-ports.ts';

const COUNT = 400;
const WORDS = ['Bern', 'Graz', 'Linz', 'Basel', 'Wien'];

/** Objects in memory that count what is asked of them. */
class CountingObjects implements ObjectReader {
  readonly bytes: readonly Uint8Array[];
  calls = 0;
  underWay = 0;
  mostUnderWay = 0;
  fails: (key: string) => boolean = () => false;

  constructor(bytes: readonly Uint8Array[]) {
    this.bytes = bytes;
  }

  get heads(): ObjectHead[] {
    return this.bytes.map((body, index) => ({
      key: String(index),
      versionId: null,
      size: body.length,
      etag: `"${index}"`,
      lastModified: NOW.toISOString(),
      checksum: null,
    }));
  }

  async getRange(_bucket: string, key: string, start: number, end: number): Promise<Uint8Array> {
    this.calls += 1;
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await Promise.resolve();
    this.underWay -= 1;
    if (this.fails(key)) throw Object.assign(new Error('no'), { name: 'AccessDenied' });
    return this.bytes[Number(key)]?.slice(start, end) ?? new Uint8Array();
  }

  async listObjects(): Promise<never> {
    throw new Error('not listed here');
  }

  async headObject(): Promise<never> {
    throw new Error('not asked here');
  }

  async bucketVersioning(): Promise<'Enabled'> {
    return 'Enabled';
  }
}

const check = (objects: CountingObjects, format: DataFormat, budget = INTEGRITY_BUDGET, clock = new FakeClock()) =>
  checkIntegrity({ ...INPUT, format }, objects.heads, { objects, clock: clock.read }, budget);

const row = (index: number) => ({
  id: index,
  city: WORDS[(index * 7) % WORDS.length] ?? '',
  price: (index % 97) / 4,
  token: tokenOf(index),
});
/** Does not shrink: large objects stay large. */
const tokenOf = (index: number) => createHash('md5').update(String(index)).digest('base64');
const rowsOf = (object: number, count: number) => Array.from({ length: count }, (_, index) => row(object * count + index));
const csvOf = (object: number, count: number) =>
  Buffer.from(
    `id,city,price,token\n${rowsOf(object, count)
      .map((each) => `${each.id},${each.city},${each.price},${each.token}\n`)
      .join('')}`,
  );
const jsonOf = (object: number, count: number) =>
  Buffer.from(
    rowsOf(object, count)
      .map((each) => `${JSON.stringify(each)}\n`)
      .join(''),
  );
const noise = (size: number) => Uint8Array.from({ length: size }, (_, index) => ((index * 7919 + (index >> 3) * 104729) >> 2) & 0xff);
const overwritten = (bytes: Uint8Array, at: number) => {
  const copy = Uint8Array.from(bytes);
  copy.set(noise(8), at);
  return copy;
};

/** What objects of a lake look like, and what becomes of one of them. `rows`: small objects are read whole, large ones are not. */
const KINDS: readonly (readonly [string, DataFormat, (object: number) => Uint8Array, (bytes: Uint8Array) => Uint8Array])[] = [
  ...([20, 5000] as const).flatMap((rows) => [
    [`gzip CSV of ${rows} rows, cut off`, 'csv', (at: number) => gzipSync(csvOf(at % 3, rows)), cutAt(0.6)] as const,
    [
      `gzip CSV of ${rows} rows, its start overwritten`,
      'csv',
      (at: number) => gzipSync(csvOf(at % 3, rows)),
      (all: Uint8Array) => overwritten(all, 12),
    ] as const,
    [
      `gzip CSV of ${rows} rows, noise in its place`,
      'csv',
      (at: number) => gzipSync(csvOf(at % 3, rows)),
      (all: Uint8Array) => noise(all.length),
    ] as const,
    [`CSV of ${rows} rows, cut off in a record`, 'csv', (at: number) => csvOf(at % 3, rows), cutInRecord] as const,
    [
      `CSV of ${rows} rows, noise in its place`,
      'csv',
      (at: number) => csvOf(at % 3, rows),
      (all: Uint8Array) => noise(all.length),
    ] as const,
    [`JSON lines of ${rows} rows, cut off in a record`, 'jsonl', (at: number) => jsonOf(at % 3, rows), cutInRecord] as const,
    [`Parquet of ${rows} rows, cut off`, 'parquet', (at: number) => parquet(at % 3, rows), cutAt(0.7)] as const,
    [
      `Parquet of ${rows} rows, its first bytes overwritten`,
      'parquet',
      (at: number) => parquet(at % 3, rows),
      (all: Uint8Array) => overwritten(all, 0),
    ] as const,
    [`Parquet of ${rows} rows, nothing in its place`, 'parquet', (at: number) => parquet(at % 3, rows), () => new Uint8Array()] as const,
  ]),
];

function parquet(object: number, rows: number): Uint8Array {
  return parquetOf(rowsOf(object, rows), { id: 'INT64', city: 'STRING', price: 'DOUBLE', token: 'STRING' });
}

function cutAt(share: number) {
  return (all: Uint8Array) => all.slice(0, Math.floor(all.length * share));
}

/** Two bytes into a record. */
function cutInRecord(all: Uint8Array): Uint8Array {
  return all.slice(0, all.indexOf(0x0a, all.length >> 1) + 3);
}

describe('checkIntegrity', () => {
  it.each(KINDS)('finds among 400 the one damaged: %s, wherever it is, with two calls an object', async (_what, format, sound, damage) => {
    const usual = [0, 1, 2].map(sound);
    const bytesAt = (index: number) => usual[index % 3] ?? new Uint8Array();
    await fc.assert(
      fc.asyncProperty(fc.nat(COUNT - 1), async (position) => {
        const objects = new CountingObjects(
          Array.from({ length: COUNT }, (_, index) => (index === position ? damage(bytesAt(index)) : bytesAt(index))),
        );
        const report = await check(objects, format);
        expect(report.damaged.map(({ object }) => object.key)).toEqual([String(position)]);
        expect(report.damaged[0]?.error.code).toMatch(/^E_(?:SAMPLE_CORRUPT|PARQUET_FOOTER|CSV|JSON)$/);
        expect(report).toMatchObject({ unseen: 0, exhausted: null });
        // the one that stands out is read to its end
        expect(objects.calls).toBeLessThanOrEqual(2 * COUNT + 4);
        expect(objects.mostUnderWay).toBeLessThanOrEqual(16);
      }),
      { numRuns: 3, seed: 11, examples: [[0], [COUNT - 1]] },
    );
  });

  it.each(KINDS)('R13: calls none damaged where all are as they should be: %s', async (_what, format, sound) => {
    const report = await check(new CountingObjects(Array.from({ length: 12 }, (_, index) => sound(index))), format);
    expect(report.damaged).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ['no line end anywhere', ['a,b\n1,2', 'a,b\n3,4', 'a,b\n5,6', 'a,b\n7,8']],
    ['columns added from some day on', ['a,b\n1,2\n', 'a,b\n3,4\n', 'a,b\n5,6\n', 'a,b,c\n7,8,9\n', 'a,b,c\n7,8,9\n']],
    ['other columns, as many', ['a,b\n1,2\n', 'a,b\n3,4\n', 'a,b\n5,6\n', 'x,y\n7,8\n']],
    ['empty ones, as Spark writes them', ['a,b\n1,2\n', '', 'a,b\n5,6\n', '', 'a,b\n1,2\n']],
    ['a quoted line end in the last cell', ['a,b\n1,2\n', 'a,b\n1,2\n', 'a,b\n1,2\n', 'a,b\n1,"x\ny"']],
    ['UTF-16', ['\ufeffa,b\r\n1,2\r\n', '\ufeffa,b\r\n3,4\r\n', '\ufeffa,b\r\n5,6\r\n', '\ufeffa,b\r\n7,8\r\n']],
  ])('is not alarmed by %s', async (what, texts) => {
    const report = await check(new CountingObjects(texts.map((text) => Buffer.from(text, what === 'UTF-16' ? 'utf16le' : 'utf8'))), 'csv');
    expect(report.damaged).toEqual([]);
  });

  it('takes an array for whole, on one line or on many', async () => {
    const lines = '[{"a":1},\n{"a":2}]';
    const report = await check(
      new CountingObjects([`${lines}\n`, `${lines}\n`, `${lines}\n`, lines, '[{"a":1}]'].map(Buffer.from)),
      'jsonl',
    );
    expect(report.damaged).toEqual([]);
  });

  it('names the objects whose columns differ before those whose size does', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `a,b\n${index},2\n`);
    texts[4] = `a,b\n${'1,2\n'.repeat(500)}`;
    texts[9] = 'a,b,c\n1,2,3\n';
    const report = await check(new CountingObjects(texts.map((text) => Buffer.from(text))), 'csv');
    expect(report.suspects.map(({ key }) => key)).toEqual(['9', '4']);
  });

  it.each<['objects' | 'bytes' | 'milliseconds', number]>([
    ['objects', 50],
    ['bytes', 2000],
    ['milliseconds', 500],
  ])('R12: keeps to its budget of %s, and counts what it has not seen', async (what, limit) => {
    const clock = new FakeClock();
    const objects = new CountingObjects(Array.from({ length: 100 }, (_, index) => csvOf(index, 5)));
    objects.fails = () => {
      clock.advance(0.02);
      return false;
    };
    const report = await check(objects, 'csv', { ...INTEGRITY_BUDGET, [what]: limit }, clock);
    expect(report.exhausted).toBe(what);
    expect(report.unseen).toBeGreaterThan(0);
    expect(report.unseen).toBe(100 - objects.calls);
  });

  it('R13: what could not be fetched is not damaged, and counted', async () => {
    const objects = new CountingObjects(Array.from({ length: 10 }, (_, index) => csvOf(index, 5)));
    objects.fails = (key) => key === '3';
    expect(await check(objects, 'csv')).toMatchObject({ damaged: [], unseen: 1, exhausted: null });
  });
});
