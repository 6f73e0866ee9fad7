/** Large evidence in S3 by pointer and hash; what is read back is verified. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { IntegrityError } from './errors.ts';
import type { ArtefactPointer } from './incident.ts';
import type { ObjectReader, ObjectWriter, Settings } from './ports.ts';

/** Bytes after inflating: our own writing, bounded all the same. */
const INFLATED_LIMIT = 64 * 1024 * 1024;

/** Writes `value` as gzipped JSON under its own hash: the same content is the same object. */
export async function putArtefact(
  ports: { artefacts: Pick<ObjectWriter, 'putObject'>; settings: Settings },
  prefix: string,
  value: unknown,
): Promise<ArtefactPointer> {
  const body = gzipSync(JSON.stringify(value, encodeBigInt));
  const sha256 = createHash('sha256').update(body).digest('hex');
  const key = `${prefix}/${sha256.slice(0, 32)}.json.gz`;
  await ports.artefacts.putObject(ports.settings.artefactBucket, key, body);
  return { bucket: ports.settings.artefactBucket, key, sha256, bytes: body.byteLength };
}

/** Errors: E_ARTEFACT where the bytes are not those that were written; the service's own errors. */
export async function getArtefact(ports: { objects: Pick<ObjectReader, 'getRange'> }, pointer: ArtefactPointer): Promise<unknown> {
  const body = await ports.objects.getRange(pointer.bucket, pointer.key, 0, pointer.bytes);
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (sha256 !== pointer.sha256) {
    throw new IntegrityError(
      'E_ARTEFACT',
      `s3://${pointer.bucket}/${pointer.key} has hash ${sha256.slice(0, 12)}…, expected ${pointer.sha256.slice(0, 12)}…`,
    );
  }
  return JSON.parse(gunzipSync(body, { maxOutputLength: INFLATED_LIMIT }).toString('utf8'), decodeBigInt);
}

const BIGINT = '$bigint';

/** An object of somebody's data that looks like an encoded integer gets one more sign before its key. */
const ESCAPED = /^\$+bigint$/;

function encodeBigInt(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { [BIGINT]: value.toString() };
  const key = onlyKeyOf(value);
  return key !== undefined && ESCAPED.test(key) ? { [`$${key}`]: (value as Record<string, unknown>)[key] } : value;
}

function decodeBigInt(_key: string, value: unknown): unknown {
  const key = onlyKeyOf(value);
  if (key === undefined || !ESCAPED.test(key)) return value;
  const content = (value as Record<string, unknown>)[key];
  if (key !== BIGINT) return { [key.slice(1)]: content };
  return typeof content === 'string' && /^-?\d+$/.test(content) ? BigInt(content) : value;
}

function onlyKeyOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  return keys.length === 1 ? keys[0] : undefined;
}
