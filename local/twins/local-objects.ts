/**
 * S3 on files: buckets with or without versioning, versions and delete markers, conditions, checksums, paged listings and bucket
 * policies that deny. Every call is one synchronous change on disk, so calls neither overlap nor stop half-way.
 */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { ObjectHead, ObjectReader, ObjectWriter } from '../../functions/shared/ports.ts';
import { fileNameOf, readJson, writeJson, writeWhole } from './files.ts';

export type Versioning = 'Enabled' | 'Suspended' | 'Disabled';

interface Denial {
  readonly principal: string;
  readonly prefix: string;
}
interface Bucket {
  readonly name: string;
  readonly versioning: Versioning;
  readonly denials: readonly Denial[];
}
/** A delete marker has no body. */
type Version = ObjectHead & { readonly body: string | null };
interface StoredObject {
  readonly key: string;
  /** Newest last. */
  readonly versions: readonly Version[];
}
interface OpenBucket {
  bucket: Bucket;
  readonly objects: Map<string, StoredObject>;
}

export interface LocalObjectsOptions {
  readonly directory: string;
  readonly clock: () => Date;
  /** Bytes that CopyObject takes at most; 5 GB as on S3. */
  readonly copyLimit?: number;
}

const COPY_LIMIT = 5 * 1024 ** 3;
const PAGE_LIMIT = 1000;
const KEY_LIMIT = 1024;
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** The principal that nothing is denied to: Glue Medic's own roles. */
const OWNER = 'owner';

export class LocalObjects implements ObjectReader, ObjectWriter {
  readonly #options: LocalObjectsOptions;
  readonly #buckets: Map<string, OpenBucket>;
  readonly #principal: string;

  constructor(options: LocalObjectsOptions, buckets?: Map<string, OpenBucket>, principal = OWNER) {
    this.#options = options;
    this.#buckets = buckets ?? load(options.directory);
    this.#principal = principal;
  }

  /** The same buckets as another principal sees them. */
  as(principal: string): LocalObjects {
    return new LocalObjects(this.#options, this.#buckets, principal);
  }

  /** Does nothing where the bucket is there. */
  createBucket(name: string, versioning: Versioning = 'Enabled'): void {
    if (!BUCKET_NAME.test(name)) throw new ServiceError('ValidationException', `${JSON.stringify(name)} is no name for a bucket`);
    if (this.#buckets.has(name)) return;
    const open: OpenBucket = { bucket: { name, versioning, denials: [] }, objects: new Map() };
    this.#buckets.set(name, open);
    this.#saveBucket(open.bucket);
  }

  /** A statement of the bucket policy: `principal` may not read (nor list) below `prefix`. */
  denyRead(bucket: string, prefix: string, principal: string): void {
    const open = this.#bucket(bucket);
    this.#setDenials(open, [...withoutDenial(open.bucket, prefix, principal), { prefix, principal }]);
  }

  allowRead(bucket: string, prefix: string, principal: string): void {
    const open = this.#bucket(bucket);
    this.#setDenials(open, withoutDenial(open.bucket, prefix, principal));
  }

  async bucketVersioning(bucket: string): Promise<Versioning> {
    return this.#bucket(bucket).bucket.versioning;
  }

  async listObjects(
    bucket: string,
    prefix: string,
    page: { limit: number; nextToken?: string },
  ): Promise<{ objects: ObjectHead[]; nextToken?: string }> {
    const open = this.#bucket(bucket);
    this.#assertReadable(open, prefix, 's3:ListBucket');
    const after = page.nextToken === undefined ? '' : afterToken(page.nextToken);
    const limit = Math.min(page.limit, PAGE_LIMIT);
    const current = [...open.objects.values()]
      .filter((object) => object.key.startsWith(prefix) && object.key > after)
      .flatMap((object) => currentOf(object) ?? [])
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    const objects = current.slice(0, limit).map((version) => ({ ...headOf(version), checksum: null }));
    const last = objects.at(-1);
    return last && current.length > objects.length ? { objects, nextToken: tokenOf(last.key) } : { objects };
  }

  async headObject(bucket: string, key: string, versionId?: string): Promise<ObjectHead> {
    return headOf(this.#readable(bucket, key, versionId));
  }

  /** Bytes beyond the end are not there: the answer is shorter, or empty. */
  async getRange(bucket: string, key: string, start: number, end: number, versionId?: string): Promise<Uint8Array> {
    const version = this.#readable(bucket, key, versionId);
    if (!Number.isSafeInteger(start) || start < 0) throw new ServiceError('ValidationException', `a range cannot start at ${start}`);
    const length = Math.max(Math.min(end, version.size) - start, 0);
    const bytes = new Uint8Array(length);
    if (length === 0 || version.body === null) return bytes;
    const file = openSync(this.#path(bucket, key, version.body), 'r');
    try {
      readSync(file, bytes, 0, length, start);
    } finally {
      closeSync(file);
    }
    return bytes;
  }

  async putObject(
    bucket: string,
    key: string,
    body: Uint8Array,
    options: { ifNoneMatch?: '*' } = {},
  ): Promise<{ versionId: string | null; etag: string }> {
    const open = this.#bucket(bucket);
    if (key === '' || Buffer.byteLength(key) > KEY_LIMIT)
      throw new ServiceError('ValidationException', `a key has 1 to ${KEY_LIMIT} bytes`);
    const stored = open.objects.get(key);
    if (options.ifNoneMatch === '*' && stored && currentOf(stored)) {
      throw new ServiceError('PreconditionFailed', `s3://${bucket}/${key} exists already`);
    }
    const { versionId, etag } = this.#write(open, key, body);
    return { versionId, etag };
  }

  async copyObject(request: Parameters<ObjectWriter['copyObject']>[0]): Promise<ObjectHead> {
    const { sourceBucket, sourceKey, sourceVersionId, sourceIfMatch, bucket, key } = request;
    const target = this.#bucket(bucket);
    const source = this.#readable(sourceBucket, sourceKey, sourceVersionId ?? undefined);
    if (source.etag !== sourceIfMatch) {
      throw new ServiceError('PreconditionFailed', `s3://${sourceBucket}/${sourceKey} has etag ${source.etag}, not ${sourceIfMatch}`);
    }
    if (source.size > (this.#options.copyLimit ?? COPY_LIMIT)) {
      throw new ServiceError(
        'ValidationException',
        'The specified copy source is larger than the maximum allowable size for a copy source',
      );
    }
    const body = await this.getRange(sourceBucket, sourceKey, 0, source.size, sourceVersionId ?? undefined);
    return headOf(this.#write(target, key, body));
  }

  async deleteObject(bucket: string, key: string, options: { ifMatch: string }): Promise<void> {
    const open = this.#bucket(bucket);
    const stored = open.objects.get(key);
    const current = stored && currentOf(stored);
    if (!stored || !current) throw new ServiceError('NoSuchKey', `s3://${bucket}/${key} does not exist`);
    if (current.etag !== options.ifMatch) {
      throw new ServiceError('PreconditionFailed', `s3://${bucket}/${key} has etag ${current.etag}, not ${options.ifMatch}`);
    }
    if (open.bucket.versioning === 'Disabled') {
      open.objects.delete(key);
      rmSync(this.#path(bucket, key), { recursive: true, force: true });
      return;
    }
    const marker = { ...this.#stamp(open, key), size: 0, etag: '', checksum: null, body: null };
    this.#saveObject(open, { key, versions: [...stored.versions, marker] });
  }

  #write(open: OpenBucket, key: string, bytes: Uint8Array): Version {
    const body = `${randomBytes(12).toString('hex')}.bytes`;
    const version: Version = {
      ...this.#stamp(open, key),
      size: bytes.byteLength,
      etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
      checksum: createHash('sha256').update(bytes).digest('base64'),
      body,
    };
    const before = open.objects.get(key)?.versions ?? [];
    writeWhole(this.#path(open.bucket.name, key, body), bytes);
    this.#saveObject(open, { key, versions: open.bucket.versioning === 'Disabled' ? [version] : [...before, version] });
    if (open.bucket.versioning === 'Disabled') {
      for (const { body: old } of before) if (old !== null) rmSync(this.#path(open.bucket.name, key, old), { force: true });
    }
    return version;
  }

  #stamp(open: OpenBucket, key: string) {
    const versionId = open.bucket.versioning === 'Enabled' ? randomBytes(16).toString('base64url') : null;
    return { key, versionId, lastModified: this.#options.clock().toISOString() };
  }

  #bucket(name: string): OpenBucket {
    const open = this.#buckets.get(name);
    if (!open) throw new ServiceError('NoSuchBucket', `The specified bucket does not exist: ${name}`);
    return open;
  }

  #readable(bucket: string, key: string, versionId: string | undefined): Version {
    const open = this.#bucket(bucket);
    this.#assertReadable(open, key, 's3:GetObject');
    const stored = open.objects.get(key);
    const version = versionId === undefined ? stored && currentOf(stored) : stored?.versions.find((each) => each.versionId === versionId);
    if (version && version.body !== null) return version;
    if (versionId !== undefined && !version) throw new ServiceError('NoSuchVersion', `s3://${bucket}/${key} has no version ${versionId}`);
    throw new ServiceError('NoSuchKey', `The specified key does not exist: s3://${bucket}/${key}`);
  }

  #assertReadable(open: OpenBucket, target: string, action: string): void {
    const denied = open.bucket.denials.find(({ principal, prefix }) => principal === this.#principal && target.startsWith(prefix));
    if (!denied) return;
    throw new ServiceError(
      'AccessDenied',
      `User: ${this.#principal} is not authorized to perform: ${action} on resource: "arn:aws:s3:::${open.bucket.name}/${target}" with an explicit deny in a resource-based policy`,
    );
  }

  #setDenials(open: OpenBucket, denials: readonly Denial[]): void {
    open.bucket = { ...open.bucket, denials };
    this.#saveBucket(open.bucket);
  }

  #saveBucket(bucket: Bucket): void {
    writeJson(join(this.#options.directory, bucket.name, 'bucket.json'), bucket);
  }

  #saveObject(open: OpenBucket, object: StoredObject): void {
    open.objects.set(object.key, object);
    writeJson(this.#path(open.bucket.name, object.key, 'object.json'), object);
  }

  #path(bucket: string, key: string, ...file: string[]): string {
    return join(this.#options.directory, bucket, 'objects', fileNameOf(key), ...file);
  }
}

function load(directory: string): Map<string, OpenBucket> {
  const buckets = new Map<string, OpenBucket>();
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory)) {
    const bucket = readJson<Bucket>(join(directory, name, 'bucket.json'));
    if (!bucket) continue;
    const folder = join(directory, name, 'objects');
    const stored = existsSync(folder)
      ? readdirSync(folder).flatMap((file) => readJson<StoredObject>(join(folder, file, 'object.json')) ?? [])
      : [];
    buckets.set(bucket.name, { bucket, objects: new Map(stored.map((object) => [object.key, object])) });
  }
  return buckets;
}

function withoutDenial(bucket: Bucket, prefix: string, principal: string): Denial[] {
  return bucket.denials.filter((denial) => denial.prefix !== prefix || denial.principal !== principal);
}

/** The newest version, unless that is a delete marker. */
function currentOf(object: StoredObject): Version | undefined {
  const newest = object.versions.at(-1);
  return newest && newest.body !== null ? newest : undefined;
}

function headOf({ body: _, ...head }: Version): ObjectHead {
  return head;
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function afterToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
