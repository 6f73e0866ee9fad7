/** Objects must be those that were planned for, below a registered prefix, and small enough for one atomic copy. */
import { quarantineKey } from '../../execute-action/actions/quarantine.ts';
import { isNotFound } from '../../shared/aws-errors.ts';
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

/** CopyObject is atomic up to here. */
const COPY_LIMIT_BYTES = 5 * 1024 ** 3;
const KEY_LIMIT_BYTES = 1024;

export const movableObjects: Capability = async ({ plan, registration }, { objects }) => {
  if (plan.action !== 'QUARANTINE') return notApplicable('moves no objects');
  for (const object of plan.objects) {
    const registered = registration?.inputs.some((input) => input.bucket === object.bucket && object.key.startsWith(input.prefix)) === true;
    const unsafeKey = object.key.split('/').some((part) => part === '..' || part === '.');
    if (!registered || unsafeKey)
      return unavailable(
        `E_S3_TARGET: s3://${object.bucket}/${object.key} is outside the job's registered prefixes`,
        'register the prefix',
      );
    if (object.size > COPY_LIMIT_BYTES)
      return unavailable(`E_SCOPE_TOO_LARGE: ${object.key} is ${object.size} bytes, more than 5 GB`, 'move it by hand');
    if (Buffer.byteLength(quarantineKey(plan, object)) > KEY_LIMIT_BYTES)
      return unavailable(`E_S3_TARGET: below the quarantine prefix the key of ${object.key.slice(0, 100)}… is too long`, 'move it by hand');
    try {
      const head = await objects.headObject(object.bucket, object.key);
      if (head.etag !== object.etag)
        return unavailable(`${object.key} was written again since the evidence was gathered`, 'gather evidence again');
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return unavailable(`${object.key} is gone`, 'gather evidence again');
    }
  }
  return available(`${plan.objects.length} objects as planned`);
};
