/** What every object store promises, whatever is behind it: run against the twin on files and against S3. */
import { createHash } from 'node:crypto';
import type { ObjectReader, ObjectWriter } from '../../functions/shared/ports.ts';

export interface ObjectsUnderTest {
  readonly objects: ObjectReader & ObjectWriter;
  /** Empty buckets: two with versioning, one without. */
  readonly versioned: string;
  readonly second: string;
  readonly unversioned: string;
  close?(): Promise<void>;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

export function describeObjectsContract(name: string, open: () => Promise<ObjectsUnderTest>): void {
  describe(`${name}: the contract of objects`, () => {
    let world: ObjectsUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close?.();
    });

    const textOf = async (bucket: string, key: string, versionId?: string) => {
      const head = await world.objects.headObject(bucket, key, versionId);
      return Buffer.from(await world.objects.getRange(bucket, key, 0, head.size, versionId)).toString();
    };
    const keysOf = async (bucket: string, prefix: string, limit: number) => {
      const pages: string[][] = [];
      let nextToken: string | undefined;
      do {
        const page = await world.objects.listObjects(bucket, prefix, { limit, ...(nextToken === undefined ? {} : { nextToken }) });
        pages.push(page.objects.map((object) => object.key));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return pages;
    };

    it('gives back what was put, with its size and etag', async () => {
      const put = await world.objects.putObject(world.versioned, 'orders/a.csv', bytes('id\n1\n'));
      const head = await world.objects.headObject(world.versioned, 'orders/a.csv');
      expect(head).toMatchObject({ key: 'orders/a.csv', size: 5, etag: put.etag, versionId: put.versionId });
      expect(head.etag).toBe(`"${createHash('md5').update('id\n1\n').digest('hex')}"`);
      expect(Date.parse(head.lastModified)).not.toBeNaN();
      expect(await textOf(world.versioned, 'orders/a.csv')).toBe('id\n1\n');
    });

    it('holds empty objects and keys of any characters', async () => {
      const key = 'ä ö/%2F/+ "quoted"/ключ/…';
      await world.objects.putObject(world.versioned, key, new Uint8Array());
      expect(await world.objects.headObject(world.versioned, key)).toMatchObject({ key, size: 0 });
      expect(await keysOf(world.versioned, 'ä ö/', 10)).toEqual([[key]]);
    });

    it('reads ranges: half-open, cut at the end, empty beyond it', async () => {
      await world.objects.putObject(world.versioned, 'k', bytes('0123456789'));
      const range = async (start: number, end: number) =>
        Buffer.from(await world.objects.getRange(world.versioned, 'k', start, end)).toString();
      expect(await range(2, 5)).toBe('234');
      expect(await range(8, 100)).toBe('89');
      expect(await range(10, 20)).toBe('');
      expect(await range(3, 3)).toBe('');
    });

    it('keeps every version, and reads the one it is asked for', async () => {
      const first = await world.objects.putObject(world.versioned, 'k', bytes('one'));
      const second = await world.objects.putObject(world.versioned, 'k', bytes('two'));
      expect(first.versionId).not.toBe(second.versionId);
      expect(await textOf(world.versioned, 'k')).toBe('two');
      expect(await textOf(world.versioned, 'k', first.versionId ?? '')).toBe('one');
    });

    it('names no version without versioning', async () => {
      const put = await world.objects.putObject(world.unversioned, 'k', bytes('one'));
      expect(put.versionId).toBeNull();
      expect(await world.objects.bucketVersioning(world.unversioned)).toBe('Disabled');
      expect(await world.objects.bucketVersioning(world.versioned)).toBe('Enabled');
    });

    it('lists in key order, page by page, below a prefix only, and only what is current', async () => {
      for (const key of ['a/2', 'a/10', 'a/1', 'b/1', 'a/3']) await world.objects.putObject(world.versioned, key, bytes(key));
      await world.objects.putObject(world.versioned, 'a/1', bytes('again'));
      const gone = await world.objects.headObject(world.versioned, 'a/3');
      await world.objects.deleteObject(world.versioned, 'a/3', { ifMatch: gone.etag });
      expect((await keysOf(world.versioned, 'a/', 2)).flat()).toEqual(['a/1', 'a/10', 'a/2']);
      expect(await keysOf(world.versioned, 'c/', 2)).toEqual([[]]);
      const { objects } = await world.objects.listObjects(world.versioned, 'a/1', { limit: 10 });
      expect(objects[0]).toMatchObject({ key: 'a/1', size: 5 });
      expect(objects[0]?.versionId).toBe((await world.objects.headObject(world.versioned, 'a/1')).versionId);
    });

    it('refuses to overwrite where it is told not to', async () => {
      await world.objects.putObject(world.versioned, 'k', bytes('one'), { ifNoneMatch: '*' });
      await expect(world.objects.putObject(world.versioned, 'k', bytes('two'), { ifNoneMatch: '*' })).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
      expect(await textOf(world.versioned, 'k')).toBe('one');
    });

    it('copies one version, unless the source is another by now', async () => {
      const put = await world.objects.putObject(world.versioned, 'k', bytes('good'));
      await world.objects.putObject(world.versioned, 'k', bytes('newer'));
      const request = {
        sourceBucket: world.versioned,
        sourceKey: 'k',
        sourceVersionId: put.versionId,
        bucket: world.second,
        key: 'copy/k',
      };
      const copy = await world.objects.copyObject({ ...request, sourceIfMatch: put.etag });
      expect(copy).toMatchObject({ key: 'copy/k', size: 4 });
      expect(await textOf(world.second, 'copy/k')).toBe('good');
      const source = await world.objects.headObject(world.versioned, 'k', put.versionId ?? '');
      if (source.checksum !== null && copy.checksum !== null) expect(copy.checksum).toBe(source.checksum);
      await expect(world.objects.copyObject({ ...request, sourceIfMatch: '"0123456789abcdef0123456789abcdef"' })).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
    });

    it('deletes by a marker on a versioned bucket: the version stays readable', async () => {
      const put = await world.objects.putObject(world.versioned, 'k', bytes('one'));
      await world.objects.deleteObject(world.versioned, 'k', { ifMatch: put.etag });
      await expect(world.objects.headObject(world.versioned, 'k')).rejects.toMatchObject({ name: 'NoSuchKey' });
      expect(await textOf(world.versioned, 'k', put.versionId ?? '')).toBe('one');
      await world.objects.putObject(world.versioned, 'k', bytes('two'), { ifNoneMatch: '*' });
      expect(await textOf(world.versioned, 'k')).toBe('two');
    });

    it('deletes for good without versioning', async () => {
      const put = await world.objects.putObject(world.unversioned, 'k', bytes('one'));
      await world.objects.deleteObject(world.unversioned, 'k', { ifMatch: put.etag });
      await expect(world.objects.headObject(world.unversioned, 'k')).rejects.toMatchObject({ name: 'NoSuchKey' });
      expect(await keysOf(world.unversioned, '', 10)).toEqual([[]]);
    });

    it('deletes nothing that has changed meanwhile', async () => {
      const put = await world.objects.putObject(world.versioned, 'k', bytes('one'));
      await world.objects.putObject(world.versioned, 'k', bytes('two'));
      await expect(world.objects.deleteObject(world.versioned, 'k', { ifMatch: put.etag })).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
      expect(await textOf(world.versioned, 'k')).toBe('two');
    });

    it('names what is missing as S3 does', async () => {
      await expect(world.objects.headObject(world.versioned, 'nothing')).rejects.toMatchObject({ name: 'NoSuchKey' });
      await expect(world.objects.getRange(world.versioned, 'nothing', 0, 1)).rejects.toMatchObject({ name: 'NoSuchKey' });
      await expect(world.objects.listObjects('no-such-bucket-anywhere', '', { limit: 1 })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    });
  });
}
