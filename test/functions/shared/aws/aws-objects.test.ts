import { NotFound, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import {
  AwsArtefactWriter,
  AwsObjects,
  fullObjectChecksum,
  nameS3Error,
  toCopySource,
  toObjectHead,
  toObjectPage,
} from '../../../../functions/shared/aws/aws-objects.ts';

const $metadata = {};
const lastModified = new Date('2026-11-20T00:00:00Z');
const head = { $metadata, ContentLength: 3, ETag: '"e"', LastModified: lastModified };

describe('objects of S3', () => {
  it('reads a head, and takes the version "null" for none', () => {
    expect(toObjectHead('a', { ...head, VersionId: 'v1', ChecksumSHA256: 'c2hh', ChecksumType: 'FULL_OBJECT' })).toEqual({
      key: 'a',
      size: 3,
      etag: '"e"',
      versionId: 'v1',
      lastModified: '2026-11-20T00:00:00.000Z',
      checksum: 'c2hh',
    });
    expect(toObjectHead('a', { ...head, VersionId: 'null' })).toMatchObject({ versionId: null, checksum: null });
  });

  it('compares only checksums of whole objects', () => {
    expect(fullObjectChecksum({ ...head, ChecksumType: 'COMPOSITE', ChecksumSHA256: 'x' })).toBeUndefined();
    expect(fullObjectChecksum({ ...head, ChecksumSHA256: 'x-4' })).toBeUndefined();
    expect(fullObjectChecksum({ ...head, ChecksumType: 'FULL_OBJECT', ChecksumCRC64NVME: 'y' })).toEqual({
      algorithm: 'CRC64NVME',
      value: 'y',
    });
  });

  it('lists current versions only, with decoded keys, and where the next page starts', () => {
    const version = (Key: string, VersionId: string, IsLatest: boolean) => ({
      Key,
      VersionId,
      IsLatest,
      Size: 1,
      ETag: '"e"',
      LastModified: lastModified,
    });
    const page = toObjectPage({
      $metadata,
      EncodingType: 'url',
      IsTruncated: true,
      NextKeyMarker: 'in/b%25',
      NextVersionIdMarker: 'v3',
      Versions: [version('in/a+b%2Bc', 'v1', true), version('in/b', 'v2', false)],
      DeleteMarkers: [{ Key: 'in/b', VersionId: 'v4', IsLatest: true }],
    });
    expect(page.objects.map((object) => [object.key, object.versionId])).toEqual([['in/a b+c', 'v1']]);
    expect(page.next).toEqual(['in/b%', 'v3']);
  });

  it('leaves keys alone that the service did not encode', () => {
    const Versions = [{ Key: 'in/100%+', VersionId: 'null', IsLatest: true, Size: 1, ETag: '"e"', LastModified: lastModified }];
    const page = toObjectPage({ $metadata, IsTruncated: false, Versions });
    expect(page.objects[0]).toMatchObject({ key: 'in/100%+', versionId: null });
    expect(page.next).toBeUndefined();
  });

  it('passes over pages that hold only old versions, and goes on where the caller stopped', async () => {
    const sent: unknown[] = [];
    const pages = [
      { IsTruncated: true, NextKeyMarker: 'a', NextVersionIdMarker: 'v1', Versions: [] },
      {
        IsTruncated: true,
        NextKeyMarker: 'b',
        Versions: [{ Key: 'b', VersionId: 'v', IsLatest: true, Size: 1, ETag: '"e"', LastModified: lastModified }],
      },
      { IsTruncated: false },
    ];
    const s3 = { send: async (command: { input: unknown }) => sent.push(command.input) && pages.shift() } as unknown as S3Client;
    const objects = new AwsObjects(s3, '123456789012');
    const first = await objects.listObjects('lake', 'in/', { limit: 5 });
    expect(first.objects.map((object) => object.key)).toEqual(['b']);
    const second = await objects.listObjects('lake', 'in/', { limit: 5, nextToken: first.nextToken ?? '' });
    expect(second).toEqual({ objects: [] });
    expect(sent).toEqual([
      expect.objectContaining({ Bucket: 'lake', ExpectedBucketOwner: '123456789012', MaxKeys: 5 }),
      expect.objectContaining({ KeyMarker: 'a', VersionIdMarker: 'v1' }),
      expect.objectContaining({ KeyMarker: 'b', VersionIdMarker: undefined }),
    ]);
    await expect(objects.listObjects('lake', 'in/', { limit: 5, nextToken: 'mine' })).rejects.toMatchObject({ code: 'E_LIST_TOKEN' });
  });

  it('writes the source of a copy as a header can carry it', () => {
    expect(toCopySource('lake', 'in/ä b?.csv', 'v/1')).toBe('lake/in/%C3%A4%20b%3F.csv?versionId=v%2F1');
    expect(toCopySource('lake', 'in/a', null)).toBe('lake/in/a');
  });

  it('writes artefacts to their bucket and to no other', async () => {
    const written: string[] = [];
    const putObject = async (bucket: string) => {
      written.push(bucket);
      return { versionId: null, etag: '"e"' };
    };
    const artefacts = new AwsArtefactWriter({ putObject } as unknown as AwsObjects, 'artefacts');
    await expect(artefacts.putObject('lake', 'k', new Uint8Array())).rejects.toMatchObject({ name: 'AccessDenied' });
    await artefacts.putObject('artefacts', 'k', new Uint8Array());
    expect(written).toEqual(['artefacts']);
  });
});

describe('errors of S3', () => {
  const error = (name: string, httpStatusCode: number) =>
    new S3ServiceException({ name, $fault: 'client', message: 'no', $metadata: { httpStatusCode } });

  it.each([
    [new NotFound({ message: '', $metadata: { httpStatusCode: 404 } }), 'NoSuchKey'],
    [error('403', 403), 'AccessDenied'],
    [error('MethodNotAllowed', 405), 'NoSuchKey'],
    [error('ConditionalRequestConflict', 409), 'PreconditionFailed'],
    [error('NoSuchBucket', 404), 'NoSuchBucket'],
    [error('NoSuchVersion', 404), 'NoSuchVersion'],
    [error('KMS.DisabledException', 400), 'KMS.DisabledException'],
    [error('InternalError', 500), 'InternalError'],
  ])('%s is %s', (seen, name) => {
    expect(nameS3Error(seen)).toMatchObject({ name });
  });
});
