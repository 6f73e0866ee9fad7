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

function encodeBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? { [BIGINT]: value.toString() } : value;
}

function decodeBigInt(_key: string, value: unknown): unknown {
  const text =
    value !== null && typeof value === 'object' && Object.keys(value).length === 1 ? (value as Record<string, unknown>)[BIGINT] : undefined;
  return typeof text === 'string' && /^-?\d{1,40}$/.test(text) ? BigInt(text) : value;
}
