/** QUARANTINE: moves the offending objects, found by evidence, to the quarantine prefix by manifest; the inverse moves them back. */
import type { ObjectVersion } from '../../shared/actions.ts';
import { isNotFound } from '../../shared/aws-errors.ts';
import { MedicError } from '../../shared/errors.ts';
import type { ObjectHead, Ports } from '../../shared/ports.ts';
import type { ActionDefinition, Planned, PlanningFacts, Postcondition } from './action.ts';
import { planRerun } from './plan-rerun.ts';

/** The object is no longer the one that was planned for. */
export class ObjectChangedError extends MedicError {}

interface Moved {
  readonly from: ObjectVersion;
  readonly to: { readonly bucket: string; readonly key: string; readonly etag: string };
}

export const quarantine: ActionDefinition<'QUARANTINE'> = {
  action: 'QUARANTINE',

  plan(facts): Planned<'QUARANTINE'> {
    const offending = facts.findings.offendingObjects;
    if (offending.length === 0)
      return { plan: null, reason: 'no object is shown by evidence to be the cause; an empty set is a refusal, never "all"' };
    const objects = offending.map(({ bucket, key, versionId, size, etag }) => ({ bucket, key, versionId, size, etag }));
    const totalBytes = objects.reduce((sum, object) => sum + object.size, 0);
    return {
      plan: {
        action: 'QUARANTINE',
        reason: `${objects.length} object(s) shown by evidence to be the cause: ${offending[0]?.reason ?? ''}`.slice(0, 500),
        objects,
        quarantineBucket: facts.settings.quarantineBucket,
        quarantinePrefix: `quarantine/${facts.incident.id}/`,
        totalBytes,
        shareOfInput: shareOfNewInput(facts, objects, totalBytes),
        delaySeconds: 0,
        rerun: planRerun(facts),
      },
    };
  },

  async execute(plan, mutations, ports) {
    for (const object of plan.objects) {
      const key = `${plan.quarantinePrefix}${object.key}`;
      await mutations.make<Moved>({
        call: `Quarantine:${object.bucket}/${object.key}`,
        target: `s3://${object.bucket}/${object.key}`,
        before: { object, destination: { bucket: plan.quarantineBucket, key } },
        effect: () => move(ports, object, { bucket: plan.quarantineBucket, key }),
      });
    }
  },

  async postconditions(plan, _ledger, ports) {
    return Promise.all(plan.objects.map((object) => quarantinedAndGone(ports, object, plan)));
  },

  async undo(plan, ledger, mutations, ports) {
    const moved = ledger.filter((row) => row.call.startsWith('Quarantine:'));
    for (const row of moved) {
      const { object, destination } = row.before as { object: ObjectVersion; destination: { bucket: string; key: string } };
      await mutations.make({
        call: `Restore:${object.bucket}/${object.key}`,
        target: `s3://${object.bucket}/${object.key}`,
        before: null,
        effect: () => restore(ports, object, destination),
      });
    }
    return moved.length > 0 && plan.objects.length > 0;
  },
};

function shareOfNewInput(facts: PlanningFacts, objects: readonly ObjectVersion[], totalBytes: number): number {
  const inputs = new Set(facts.findings.offendingObjects.map((object) => object.input));
  const datasets = facts.evidence.datasets.filter((dataset) => inputs.has(dataset.input));
  const newBytes = datasets.reduce(
    (sum, dataset) => sum + dataset.inspected.filter((object) => object.isNew).reduce((bytes, object) => bytes + object.size, 0),
    0,
  );
  const newObjects = datasets.reduce((sum, dataset) => sum + dataset.newObjectCount, 0);
  const share = Math.max(objects.length / Math.max(newObjects, 1), totalBytes / Math.max(newBytes, 1));
  return Math.round(Math.min(share, 1) * 10_000) / 10_000;
}

/** Copy with guards, compare, only then delete with a guard: stopped anywhere, the bytes are readable in source or destination. */
async function move(ports: Ports, object: ObjectVersion, to: { bucket: string; key: string }): Promise<Moved> {
  const source = await headOrNull(ports, object.bucket, object.key);
  const copied = await headOrNull(ports, to.bucket, to.key);
  if (source && source.etag !== object.etag) {
    throw new ObjectChangedError(
      'E_OBJECT_CHANGED',
      `s3://${object.bucket}/${object.key} has etag ${source.etag}, planned for ${object.etag}; gather evidence again`,
    );
  }
  if (!source && !copied)
    throw new ObjectChangedError('E_OBJECT_CHANGED', `s3://${object.bucket}/${object.key} is gone and was not quarantined`);
  const destination =
    copied ??
    (await ports.objectWriter.copyObject({
      sourceBucket: object.bucket,
      sourceKey: object.key,
      sourceVersionId: object.versionId,
      sourceIfMatch: object.etag,
      bucket: to.bucket,
      key: to.key,
    }));
  if (!sameBytes(object, source, destination)) {
    throw new ObjectChangedError(
      'E_COPY_DIFFERS',
      `s3://${to.bucket}/${to.key} is not the copy of s3://${object.bucket}/${object.key}; the source is kept`,
    );
  }
  if (source) await ports.objectWriter.deleteObject(object.bucket, object.key, { ifMatch: object.etag });
  return { from: object, to: { ...to, etag: destination.etag } };
}

/** A copy of a multipart object has another etag: checksums are compared where there are any, sizes always. */
function sameBytes(object: ObjectVersion, source: ObjectHead | null, destination: ObjectHead): boolean {
  if (destination.size !== object.size) return false;
  return !source?.checksum || !destination.checksum || source.checksum === destination.checksum;
}

async function restore(ports: Ports, object: ObjectVersion, from: { bucket: string; key: string }): Promise<{ versionId: string | null }> {
  const present = await headOrNull(ports, object.bucket, object.key);
  if (present) {
    if (present.size === object.size) return { versionId: present.versionId };
    throw new ObjectChangedError(
      'E_OBJECT_CHANGED',
      `s3://${object.bucket}/${object.key} was written again meanwhile; restore by hand from s3://${from.bucket}/${from.key}`,
    );
  }
  const copy = await ports.objects.headObject(from.bucket, from.key);
  const restored = await ports.objectWriter.copyObject({
    sourceBucket: from.bucket,
    sourceKey: from.key,
    sourceVersionId: copy.versionId,
    sourceIfMatch: copy.etag,
    bucket: object.bucket,
    key: object.key,
  });
  return { versionId: restored.versionId };
}

async function quarantinedAndGone(
  ports: Ports,
  object: ObjectVersion,
  plan: { quarantineBucket: string; quarantinePrefix: string },
): Promise<Postcondition> {
  const [source, copy] = await Promise.all([
    headOrNull(ports, object.bucket, object.key),
    headOrNull(ports, plan.quarantineBucket, `${plan.quarantinePrefix}${object.key}`),
  ]);
  const holds = source === null && copy?.size === object.size;
  return {
    postcondition: 'object is quarantined, and only there',
    verdict: holds ? 'holds' : 'fails',
    value: `source ${source ? 'present' : 'absent'}, copy ${copy ? `${copy.size} bytes` : 'absent'}`,
    expected: `source absent, copy ${object.size} bytes`,
  };
}

async function headOrNull(ports: Ports, bucket: string, key: string): Promise<ObjectHead | null> {
  try {
    return await ports.objects.headObject(bucket, key);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
