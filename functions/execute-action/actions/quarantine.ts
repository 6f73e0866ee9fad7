/** QUARANTINE: moves the offending objects, found by evidence, to the quarantine prefix by manifest; the inverse moves them back. */
import type { ObjectVersion, PlanOf } from '../../shared/actions.ts';
import { isNotFound } from '../../shared/aws-errors.ts';
import { MedicError } from '../../shared/errors.ts';
import type { ObjectHead, ObjectWriter } from '../../shared/ports.ts';
import type { LedgerRow } from '../../shared/stores/action-ledger.ts';
import type { ReadingPorts } from '../guarded-writers.ts';
import type { ActionDefinition, Planned, PlanningFacts, Postcondition } from './action.ts';
import { inputListingOf, remainingAsListed } from './input-listing.ts';
import { planRerun } from './plan-rerun.ts';

/** The object is no longer the one that was planned for. */
export class ObjectChangedError extends MedicError {}

interface Place {
  readonly bucket: string;
  readonly key: string;
}
interface Moved {
  readonly from: ObjectVersion;
  readonly to: Place & Content;
}
/** What tells whether bytes are the same. */
type Content = Pick<ObjectHead, 'size' | 'etag' | 'checksum'>;

const callOf = (object: ObjectVersion) => `Quarantine:${object.bucket}/${object.key}`;

/** The bucket is part of the key: objects of two inputs may have the same one. */
export function quarantineKey(plan: Pick<PlanOf<'QUARANTINE'>, 'quarantinePrefix'>, object: ObjectVersion): string {
  return `${plan.quarantinePrefix}${object.bucket}/${object.key}`;
}

export const quarantine: ActionDefinition<'QUARANTINE'> = {
  action: 'QUARANTINE',

  plan(facts): Planned<'QUARANTINE'> {
    const offending = facts.findings.offendingObjects;
    const [first] = offending;
    if (!first) return { plan: null, reason: 'no object is shown by evidence to be the cause; an empty set is a refusal, never "all"' };
    const objects = offending.map(({ bucket, key, versionId, size, etag }) => ({ bucket, key, versionId, size, etag }));
    const totalBytes = objects.reduce((sum, object) => sum + object.size, 0);
    return {
      plan: {
        action: 'QUARANTINE',
        reason: `${objects.length} object(s) shown by evidence to be the cause: ${first.reason}`.slice(0, 500),
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
    const listing = await inputListingOf(plan, await mutations.ledger.rows(), mutations.incidentId, ports);
    for (const object of plan.objects) {
      const destination = { bucket: plan.quarantineBucket, key: quarantineKey(plan, object) };
      await mutations.make<Moved>({
        call: callOf(object),
        target: `s3://${object.bucket}/${object.key}`,
        before: { object, destination, listing },
        effect: ({ objectWriter }) => move(ports, objectWriter, object, destination),
      });
    }
  },

  async postconditions(plan, ledger, ports) {
    const moved = plan.objects.map((object) =>
      quarantinedAndGone(
        ports,
        object,
        ledger.find((row) => row.call === callOf(object)),
      ),
    );
    return Promise.all([...moved, remainingAsListed(plan, ledger, ports)]);
  },

  async undo(_plan, ledger, mutations, ports) {
    const moved = ledger.filter((row) => row.call.startsWith('Quarantine:'));
    for (const row of moved) {
      const { object, destination } = row.before as { object: ObjectVersion; destination: Place };
      await mutations.make({
        call: `Restore:${object.bucket}/${object.key}`,
        target: `s3://${object.bucket}/${object.key}`,
        before: null,
        effect: ({ objectWriter }) => restore(ports, objectWriter, object, destination),
      });
    }
    return moved.length > 0;
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
async function move(ports: ReadingPorts, objectWriter: ObjectWriter, object: ObjectVersion, to: Place): Promise<Moved> {
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
  const copy =
    copied ??
    (await objectWriter.copyObject({
      sourceBucket: object.bucket,
      sourceKey: object.key,
      sourceVersionId: object.versionId,
      sourceIfMatch: object.etag,
      bucket: to.bucket,
      key: to.key,
    }));
  if (copy.size !== object.size || (source && !mayBeSame(source, copy))) {
    throw new ObjectChangedError(
      'E_COPY_DIFFERS',
      `s3://${to.bucket}/${to.key} is not the copy of s3://${object.bucket}/${object.key}; the source is kept`,
    );
  }
  if (source) await remove(objectWriter, object);
  return { from: object, to: { ...to, size: copy.size, etag: copy.etag, checksum: copy.checksum } };
}

/** An object that is gone by now is what was wanted: the first answer may have been lost. The copy is there. */
async function remove(objectWriter: ObjectWriter, object: ObjectVersion): Promise<void> {
  try {
    await objectWriter.deleteObject(object.bucket, object.key, { ifMatch: object.etag });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** A copy of a multipart object has another etag: checksums are compared where there are two. */
function mayBeSame(a: Content, b: Content): boolean {
  return a.checksum === null || b.checksum === null || a.checksum === b.checksum;
}

async function restore(
  ports: ReadingPorts,
  objectWriter: ObjectWriter,
  object: ObjectVersion,
  from: Place,
): Promise<{ versionId: string | null }> {
  const present = await headOrNull(ports, object.bucket, object.key);
  // Never taken away: the move stopped before its delete.
  if (present?.etag === object.etag) return { versionId: present.versionId };
  const copy = await ports.objects.headObject(from.bucket, from.key);
  if (present) {
    if (isCopyOf(present, copy)) return { versionId: present.versionId };
    throw new ObjectChangedError(
      'E_OBJECT_CHANGED',
      `s3://${object.bucket}/${object.key} was written again meanwhile; restore by hand from s3://${from.bucket}/${from.key}`,
    );
  }
  const restored = await objectWriter.copyObject({
    sourceBucket: from.bucket,
    sourceKey: from.key,
    sourceVersionId: copy.versionId,
    sourceIfMatch: copy.etag,
    bucket: object.bucket,
    key: object.key,
  });
  return { versionId: restored.versionId };
}

/** Known to be the same, not merely as long. */
function isCopyOf(a: Content, b: Content): boolean {
  return a.size === b.size && (a.etag === b.etag || (a.checksum !== null && a.checksum === b.checksum));
}

async function quarantinedAndGone(ports: ReadingPorts, object: ObjectVersion, row: LedgerRow | undefined): Promise<Postcondition> {
  const moved = row?.result as Moved | null | undefined;
  const [source, copy] = await Promise.all([
    headOrNull(ports, object.bucket, object.key),
    moved ? headOrNull(ports, moved.to.bucket, moved.to.key) : null,
  ]);
  const holds = source === null && moved && copy !== null && isCopyOf(copy, moved.to);
  return {
    postcondition: 'object is quarantined, and only there',
    verdict: holds ? 'holds' : 'fails',
    value: `source ${source ? 'present' : 'absent'}, copy ${copy ? `${copy.size} bytes, etag ${copy.etag}`.slice(0, 100) : 'absent'}`,
    expected: `source absent, copy ${object.size} bytes, etag ${moved?.to.etag ?? 'as copied'}`.slice(0, 200),
  };
}

async function headOrNull(ports: ReadingPorts, bucket: string, key: string): Promise<ObjectHead | null> {
  try {
    return await ports.objects.headObject(bucket, key);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
