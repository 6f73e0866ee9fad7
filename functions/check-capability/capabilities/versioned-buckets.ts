/** Objects are moved only where versioning makes a delete reversible. */
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

export const versionedBuckets: Capability = async ({ plan }, { objects }) => {
  if (plan.action !== 'QUARANTINE') return notApplicable('moves no objects');
  const buckets = [...new Set([...plan.objects.map((object) => object.bucket), plan.quarantineBucket])];
  const states = await Promise.all(buckets.map(async (bucket) => ({ bucket, versioning: await objects.bucketVersioning(bucket) })));
  const without = states.filter((state) => state.versioning !== 'Enabled');
  return without.length === 0
    ? available('versioning is enabled on every bucket concerned')
    : unavailable(
        `versioning is ${without.map((state) => `${state.versioning} on ${state.bucket}`).join(', ')}`,
        'enable versioning: without it a delete is permanent',
      );
};
