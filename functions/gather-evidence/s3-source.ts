/** One S3 object as bytes to read by range. */
import type { ByteSource } from '../detect-anomalies/table-sample.ts';
import type { ObjectReader } from '../shared/ports.ts';

export function s3Source(
  objects: ObjectReader,
  bucket: string,
  object: { key: string; size: number; versionId: string | null },
): ByteSource {
  return {
    name: object.key,
    size: object.size,
    read: (start, end) => objects.getRange(bucket, object.key, start, Math.min(end, object.size), object.versionId ?? undefined),
  };
}
