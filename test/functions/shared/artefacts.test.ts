import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { getArtefact, putArtefact } from '../../../functions/shared/artefacts.ts';
import { ServiceError } from '../../../functions/shared/aws-errors.ts';
import { ArtefactPointerSchema } from '../../../functions/shared/incident.ts';

/** One bucket in memory. */
function aBucket() {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    settings: { artefactBucket: 'artefacts', quarantineBucket: 'q', accountId: '1', region: 'r' },
    artefacts: {
      async putObject(bucket: string, key: string, body: Uint8Array) {
        objects.set(`${bucket}/${key}`, body);
        return { versionId: null, etag: 'e' };
      },
    },
    objectsPort: {
      async getRange(bucket: string, key: string, start: number, end: number) {
        const body = objects.get(`${bucket}/${key}`);
        if (!body) throw new ServiceError('NoSuchKey', key);
        return body.subarray(start, end);
      },
    },
  };
}

describe('artefacts', () => {
  const roundTrip = async (value: unknown) => {
    const bucket = aBucket();
    return getArtefact({ objects: bucket.objectsPort }, await putArtefact(bucket, 'evidence/inc-1', value));
  };

  it('R14 give back what was put, also integers of any size', async () => {
    const integers = fc.bigInt().map((value): unknown => value);
    const values = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.jsonValue(), integers, fc.array(tie('value'), { maxLength: 3 })),
    })).value;
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        expect(await roundTrip(value)).toEqual(withoutNegativeZero(value));
      }),
      { numRuns: 60 },
    );
  });

  it.each([{ $bigint: '12' }, { $$bigint: '12' }, { $$$bigint: { $bigint: '1' } }, [{ $bigint: 5 }], { $bigint: '1', more: 2 }])(
    'take somebody’s data that looks like an integer for what it is: %j',
    async (value) => {
      expect(await roundTrip({ cell: value, real: 7n })).toEqual({ cell: value, real: 7n });
    },
  );

  it('name the same content by the same key', async () => {
    const bucket = aBucket();
    const first = await putArtefact(bucket, 'evidence/inc-1', { a: 1 });
    expect(await putArtefact(bucket, 'evidence/inc-1', { a: 1 })).toEqual(first);
    expect(ArtefactPointerSchema.parse(first).key).toMatch(/^evidence\/inc-1\/[0-9a-f]{32}\.json\.gz$/);
    expect(bucket.objects.size).toBe(1);
  });

  it.each([
    ['other content', gzipSync('{"a":2}')],
    ['nothing', new Uint8Array()],
    ['no gzip', Buffer.from('{}')],
  ])('R14 are refused where the object holds %s', async (_what, body) => {
    const bucket = aBucket();
    const pointer = await putArtefact(bucket, 'p', { a: 1 });
    bucket.objects.set(`${pointer.bucket}/${pointer.key}`, body);
    await expect(getArtefact({ objects: bucket.objectsPort }, pointer)).rejects.toMatchObject({
      code: 'E_ARTEFACT',
      name: 'IntegrityError',
    });
  });

  it('are read no further than the pointer says', async () => {
    const bucket = aBucket();
    const pointer = await putArtefact(bucket, 'p', { a: 1 });
    const body = bucket.objects.get(`${pointer.bucket}/${pointer.key}`) ?? new Uint8Array();
    bucket.objects.set(`${pointer.bucket}/${pointer.key}`, Buffer.concat([body, Buffer.from('appended')]));
    expect(await getArtefact({ objects: bucket.objectsPort }, pointer)).toEqual({ a: 1 });
  });

  it('that are gone say so by the service’s own error', async () => {
    const bucket = aBucket();
    const pointer = await putArtefact(bucket, 'p', { a: 1 });
    bucket.objects.clear();
    await expect(getArtefact({ objects: bucket.objectsPort }, pointer)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

/** JSON has no negative zero. */
function withoutNegativeZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutNegativeZero(each)]));
}
