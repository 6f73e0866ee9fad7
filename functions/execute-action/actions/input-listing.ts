/**
 * What lay in the input when a quarantine began: kept as an artefact that the INTENT points to, and compared once the rerun is over.
 * Quarantined and remaining objects together have to be that listing; what has arrived since is nobody's damage.
 */
import * as z from 'zod';
import type { ObjectVersion, PlanOf } from '../../shared/actions.ts';
import { getArtefact, putArtefact } from '../../shared/artefacts.ts';
import { type ArtefactPointer, ArtefactPointerSchema } from '../../shared/incident.ts';
import type { RegisteredInput } from '../../shared/job-registration.ts';
import { listObjects } from '../../shared/list-objects.ts';
import type { LedgerRow } from '../../shared/stores/action-ledger.ts';
import { registrationOf } from '../../shared/stores/registrations.ts';
import type { ReadingPorts } from '../guarded-writers.ts';
import type { Postcondition } from './action.ts';

/** Objects per input: as many as evidence gathering lists. */
const LISTED_OBJECTS = 20_000;

const InputListingSchema = z.strictObject({
  bucket: z.string(),
  prefix: z.string(),
  complete: z.boolean(),
  objects: z.array(z.strictObject({ key: z.string(), versionId: z.string().nullable(), etag: z.string() })),
});
type InputListing = z.infer<typeof InputListingSchema>;

const BeforeSchema = z.looseObject({ listing: ArtefactPointerSchema });

/** The pointer that the first INTENT carries; a replay finds it there instead of listing what is half moved by now. */
export async function inputListingOf(
  plan: PlanOf<'QUARANTINE'>,
  ledger: readonly LedgerRow[],
  incidentId: string,
  ports: ReadingPorts,
): Promise<ArtefactPointer> {
  return recordedListing(ledger) ?? putArtefact(ports, `listings/${incidentId}`, await listInputs(plan, ports));
}

/** Judges by version id, and by etag where the bucket has no versions. */
export async function remainingAsListed(
  plan: PlanOf<'QUARANTINE'>,
  ledger: readonly LedgerRow[],
  ports: ReadingPorts,
): Promise<Postcondition> {
  const pointer = recordedListing(ledger);
  const then = pointer === undefined ? [] : z.array(InputListingSchema).parse(await getArtefact(ports, pointer));
  const moved = new Set(plan.objects.map(placeOf));
  const comparisons = await Promise.all(then.map(async (input) => compare(input, await listInput(input, ports), moved)));
  const compared = comparisons.reduce((sum, comparison) => sum + comparison.compared, 0);
  const changed = comparisons.flatMap((comparison) => comparison.changed);
  const bounded = comparisons.some((comparison) => !comparison.complete) ? `, of the first ${LISTED_OBJECTS} of each input` : '';
  return {
    postcondition: 'the objects that were not moved are as they were',
    verdict: pointer === undefined ? 'unmeasured' : changed.length === 0 ? 'holds' : 'fails',
    value: `${changed.length} of ${compared} changed ${changed[0] ?? ''}`.trim().slice(0, 300),
    expected: `${compared} objects by their versions${bounded}`,
  };
}

/** What new objects have pushed beyond the bound has not been seen, so it is not compared. */
function compare(then: InputListing, now: InputListing, moved: ReadonlySet<string>) {
  const seenUpTo = now.complete ? undefined : now.objects.at(-1)?.key;
  const present = new Map(now.objects.map((object) => [object.key, object]));
  const remaining = then.objects.filter(
    ({ key }) => !moved.has(placeOf({ bucket: then.bucket, key })) && (seenUpTo === undefined || key <= seenUpTo),
  );
  const changed = remaining.filter(({ key, versionId, etag }) => {
    const found = present.get(key);
    return versionId === null ? found?.etag !== etag : found?.versionId !== versionId;
  });
  return { compared: remaining.length, changed: changed.map((object) => object.key), complete: then.complete && now.complete };
}

function recordedListing(ledger: readonly LedgerRow[]): ArtefactPointer | undefined {
  const [first] = ledger
    .flatMap((row) => {
      const before = BeforeSchema.safeParse(row.before);
      return before.success ? [{ at: row.intentAt, listing: before.data.listing }] : [];
    })
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return first?.listing;
}

async function listInputs(plan: PlanOf<'QUARANTINE'>, ports: ReadingPorts): Promise<InputListing[]> {
  const registration = await registrationOf(ports.operations, plan.rerun.jobName);
  const touched = (registration?.inputs ?? []).filter((input) => plan.objects.some((object) => liesIn(input, object)));
  return Promise.all(touched.map((input) => listInput(input, ports)));
}

async function listInput({ bucket, prefix }: Pick<RegisteredInput, 'bucket' | 'prefix'>, ports: ReadingPorts): Promise<InputListing> {
  const { objects, complete } = await listObjects(ports.objects, bucket, prefix, LISTED_OBJECTS);
  return { bucket, prefix, complete, objects: objects.map(({ key, versionId, etag }) => ({ key, versionId, etag })) };
}

const liesIn = ({ bucket, prefix }: RegisteredInput, object: Pick<ObjectVersion, 'bucket' | 'key'>) =>
  object.bucket === bucket && object.key.startsWith(prefix);
const placeOf = ({ bucket, key }: Pick<ObjectVersion, 'bucket' | 'key'>) => `${bucket}/${key}`;
