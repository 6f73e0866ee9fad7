/** One S3 object as bytes to read by range. */
import type { ByteSource } from '../detect-anomalies/table-sample.ts';
import type { ObjectReader } from '../shared/ports.ts';

export interface S3Source extends ByteSource {
  /** What S3 answered where bytes could not be had, whatever the reader of the bytes makes of it; undefined where all could. */
  failure(): unknown;
}

export function s3Source(objects: ObjectReader, bucket: string, object: { key: string; size: number; versionId: string | null }): S3Source {
  let failure: unknown;
  return {
    name: object.key,
    size: object.size,
    failure: () => failure,
    read: async (start, end) => {
      try {
        return await objects.getRange(bucket, object.key, start, Math.min(end, object.size), object.versionId ?? undefined);
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  };
}
