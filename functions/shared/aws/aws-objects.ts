/** S3 by the SDK. Every request names the account that must own the bucket; every change is conditional on what was seen before. */
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { ServiceError, type ServiceErrorName } from '../aws-errors.ts';
import { InputError } from '../errors.ts';
import type { ObjectHead, ObjectReader, ObjectWriter } from '../ports.ts';
import { required, statusOf } from './aws-response.ts';

const PAGE_LIMIT = 1000;
/** Pages of old versions and delete markers to pass over before an answer without objects is given. */
const EMPTY_PAGES = 20;

const ListTokenSchema = z.tuple([z.string(), z.string()]);

export class AwsObjects implements ObjectReader, ObjectWriter {
  readonly #s3: S3Client;
  readonly #owner: string;

  /** `accountId`: requests to anybody else's bucket are refused by S3. */
  constructor(s3: S3Client, accountId: string) {
    this.#s3 = s3;
    this.#owner = accountId;
  }

  /** Lists versions, not objects: only so does each object come with its version in one call. `checksum` is null here. */
  async listObjects(bucket: string, prefix: string, page: { limit: number; nextToken?: string }): ReturnType<ObjectReader['listObjects']> {
    let [keyMarker, versionIdMarker] = readListToken(page.nextToken);
    for (let pages = 1; ; pages += 1) {
      const answer = await named(() =>
        this.#s3.send(
          new ListObjectVersionsCommand({
            Bucket: bucket,
            Prefix: prefix,
            MaxKeys: Math.min(page.limit, PAGE_LIMIT),
            KeyMarker: keyMarker,
            VersionIdMarker: versionIdMarker,
            EncodingType: 'url',
            ExpectedBucketOwner: this.#owner,
          }),
        ),
      );
      const { objects, next } = toObjectPage(answer);
      if (objects.length > 0 || next === undefined || pages === EMPTY_PAGES) {
        return next === undefined ? { objects } : { objects, nextToken: JSON.stringify(next) };
      }
      [keyMarker, versionIdMarker] = next;
    }
  }

  async headObject(bucket: string, key: string, versionId?: string): Promise<ObjectHead> {
    return toObjectHead(key, await this.#head(bucket, key, versionId));
  }

  async getRange(bucket: string, key: string, start: number, end: number, versionId?: string): Promise<Uint8Array> {
    if (end <= start) return new Uint8Array();
    try {
      const { Body } = await named(() =>
        this.#s3.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: key,
            Range: `bytes=${start}-${end - 1}`,
            VersionId: versionId,
            ExpectedBucketOwner: this.#owner,
          }),
        ),
      );
      return await required(Body, 'Body').transformToByteArray();
    } catch (error) {
      if (statusOf(error) === 416) return new Uint8Array();
      throw error;
    }
  }

  async bucketVersioning(bucket: string): Promise<'Enabled' | 'Suspended' | 'Disabled'> {
    const { Status } = await named(() =>
      this.#s3.send(new GetBucketVersioningCommand({ Bucket: bucket, ExpectedBucketOwner: this.#owner })),
    );
    return Status ?? 'Disabled';
  }

  async putObject(
    bucket: string,
    key: string,
    body: Uint8Array,
    options: { ifNoneMatch?: '*' } = {},
  ): ReturnType<ObjectWriter['putObject']> {
    const { VersionId, ETag } = await named(() =>
      this.#s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          IfNoneMatch: options.ifNoneMatch,
          ChecksumAlgorithm: 'SHA256',
          ExpectedBucketOwner: this.#owner,
        }),
      ),
    );
    return { versionId: toVersionId(VersionId), etag: required(ETag, 'ETag') };
  }

  async copyObject(request: Parameters<ObjectWriter['copyObject']>[0]): Promise<ObjectHead> {
    const { sourceBucket, sourceKey, sourceVersionId, bucket, key } = request;
    const source = await this.#head(sourceBucket, sourceKey, sourceVersionId ?? undefined);
    const { VersionId } = await named(() =>
      this.#s3.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: key,
          CopySource: toCopySource(sourceBucket, sourceKey, sourceVersionId),
          CopySourceIfMatch: request.sourceIfMatch,
          // The source's own algorithm, so that source and copy can be compared; the ETag of a multipart source changes.
          ChecksumAlgorithm: fullObjectChecksum(source)?.algorithm ?? 'SHA256',
          ExpectedBucketOwner: this.#owner,
          ExpectedSourceBucketOwner: this.#owner,
        }),
      ),
    );
    return toObjectHead(key, await this.#head(bucket, key, toVersionId(VersionId) ?? undefined));
  }

  async deleteObject(bucket: string, key: string, options: { ifMatch: string }): Promise<void> {
    await named(() =>
      this.#s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: options.ifMatch, ExpectedBucketOwner: this.#owner })),
    );
  }

  #head(bucket: string, key: string, versionId: string | undefined): Promise<HeadObjectCommandOutput> {
    return named(() =>
      this.#s3.send(
        new HeadObjectCommand({
          Bucket: bucket,
          Key: key,
          VersionId: versionId,
          ChecksumMode: 'ENABLED',
          ExpectedBucketOwner: this.#owner,
        }),
      ),
    );
  }
}

/** The one write of those who may only leave evidence behind. */
export class AwsArtefactWriter implements Pick<ObjectWriter, 'putObject'> {
  readonly #objects: ObjectWriter;
  readonly #bucket: string;

  constructor(objects: ObjectWriter, artefactBucket: string) {
    this.#objects = objects;
    this.#bucket = artefactBucket;
  }

  async putObject(...[bucket, key, body, options]: Parameters<ObjectWriter['putObject']>): ReturnType<ObjectWriter['putObject']> {
    if (bucket !== this.#bucket) throw new ServiceError('AccessDenied', `artefacts are written to ${this.#bucket} only, not to ${bucket}`);
    return this.#objects.putObject(bucket, key, body, options);
  }
}

/** Current versions of one page, and where the next one starts. */
export function toObjectPage(answer: ListObjectVersionsCommandOutput): { objects: ObjectHead[]; next?: [string, string] } {
  const decode = answer.EncodingType === 'url' ? decodeKey : (key: string) => key;
  const objects = (answer.Versions ?? []).filter((version) => version.IsLatest).map((version) => toListedObject(version, decode));
  if (!answer.IsTruncated) return { objects };
  return { objects, next: [decode(required(answer.NextKeyMarker, 'NextKeyMarker')), answer.NextVersionIdMarker ?? ''] };
}

export function toObjectHead(key: string, head: HeadObjectCommandOutput): ObjectHead {
  return {
    key,
    size: required(head.ContentLength, 'ContentLength'),
    etag: required(head.ETag, 'ETag'),
    versionId: toVersionId(head.VersionId),
    lastModified: required(head.LastModified, 'LastModified').toISOString(),
    checksum: fullObjectChecksum(head)?.value ?? null,
  };
}

/** A composite checksum (of parts, `<value>-<parts>`) says nothing about another object with other parts. */
export function fullObjectChecksum(head: HeadObjectCommandOutput): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  if (head.ChecksumType === 'COMPOSITE') return undefined;
  const candidates: [ChecksumAlgorithm, string | undefined][] = [
    [ChecksumAlgorithm.SHA256, head.ChecksumSHA256],
    [ChecksumAlgorithm.CRC64NVME, head.ChecksumCRC64NVME],
    [ChecksumAlgorithm.CRC32C, head.ChecksumCRC32C],
    [ChecksumAlgorithm.CRC32, head.ChecksumCRC32],
  ];
  for (const [algorithm, value] of candidates) if (value !== undefined && !value.includes('-')) return { algorithm, value };
  return undefined;
}

/** Percent-encoded, for it is a header; slashes stay. */
export function toCopySource(bucket: string, key: string, versionId: string | null): string {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return versionId === null ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

function toListedObject(version: ObjectVersion, decode: (key: string) => string): ObjectHead {
  return {
    key: decode(required(version.Key, 'Key')),
    size: required(version.Size, 'Size'),
    etag: required(version.ETag, 'ETag'),
    versionId: toVersionId(version.VersionId),
    lastModified: required(version.LastModified, 'LastModified').toISOString(),
    checksum: null,
  };
}

/** S3 writes "null" for objects from before versioning. */
function toVersionId(versionId: string | undefined): string | null {
  return versionId === undefined || versionId === 'null' ? null : versionId;
}

function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

function readListToken(token: string | undefined): [string | undefined, string | undefined] {
  if (token === undefined) return [undefined, undefined];
  try {
    const [key, version] = ListTokenSchema.parse(JSON.parse(token));
    return [key, version === '' ? undefined : version];
  } catch (error) {
    throw new InputError('E_LIST_TOKEN', 'the token is not one that listObjects has returned; start the listing again', { cause: error });
  }
}

/** HEAD answers have no body to name the error in, and S3 has two words for a condition that failed. */
const NAMES_BY_STATUS: Readonly<Record<number, ServiceErrorName>> = {
  403: 'AccessDenied',
  404: 'NoSuchKey',
  405: 'NoSuchKey',
  409: 'PreconditionFailed',
  412: 'PreconditionFailed',
  503: 'SlowDown',
};
const NAMES_TO_KEEP = /^(AccessDenied|NoSuch|KMS\.|SlowDown|PreconditionFailed|BucketAlready|OperationAborted)/;

async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw nameS3Error(error);
  }
}

/** The error by the name that the port documents; anything else as it came. */
export function nameS3Error(error: unknown): unknown {
  if (!(error instanceof Error) || NAMES_TO_KEEP.test(error.name)) return error;
  const name = NAMES_BY_STATUS[statusOf(error) ?? 0];
  return name === undefined ? error : new ServiceError(name, error.message);
}
