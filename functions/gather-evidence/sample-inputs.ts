/**
 * Samples the job's registered inputs so that an offending object is found. Every object that is new since the last good run gets a
 * cheap look; then the rows of all of them are read, or, where they are many, of those that stand out, the newest and an even choice
 * of the rest. Each is read within bounds, each failure to read is kept as evidence, and what was not looked at is a gap.
 */
import { withDistinctNames } from '../detect-anomalies/distinct-names.ts';
import { readSample } from '../detect-anomalies/schema-profiler/read-sample.ts';
import type { TableSample } from '../detect-anomalies/table-sample.ts';
import { putArtefact } from '../shared/artefacts.ts';
import { MedicError } from '../shared/errors.ts';
import type { DatasetEvidence, ObjectEvidence } from '../shared/incident.ts';
import type { RegisteredInput } from '../shared/job-registration.ts';
import type { ObjectHead, Ports } from '../shared/ports.ts';
import { redact } from '../shared/redact.ts';
import type { GoodRun } from '../shared/stores/good-runs.ts';
import { boundedText } from './bounded-text.ts';
import { checkIntegrity, INTEGRITY_BUDGET, type IntegrityBudget, type IntegrityReport } from './check-integrity.ts';
import { evenRows } from './even-rows.ts';
import type { Gaps } from './gaps.ts';
import { type InputSample, mergeSamples } from './merge-samples.ts';
import { s3Source } from './s3-source.ts';

/** S3 lists by key, and the new objects of a partitioned prefix come last: 100 calls, some ten seconds. */
const LISTED_OBJECTS = 100_000;
const LISTING_MS = 15_000;
/** Objects whose rows are read: 40 of 8 MiB are read and parsed in less than READING_MS. */
const INSPECTED_OBJECTS = 40;
/** Together with the inspected ones no more than the evidence holds. */
const DAMAGED_OBJECTS = 20;
/** Half of INSPECTED_OBJECTS at most are chosen for what they are; the rest shows what is usual. */
const SUSPECTS = 10;
const ROWS_PER_OBJECT = 5000;
const ROWS = 50_000;
const BYTES_PER_OBJECT = 8 * 1024 * 1024;
/** Until then a further object's rows are read: the step has 170 s for logs, the cheap looks, and this. */
const READING_MS = 50_000;

type SamplingPorts = Pick<Ports, 'objects' | 'artefacts' | 'settings' | 'clock'>;

export interface Sampled {
  readonly evidence: DatasetEvidence;
  readonly sample: InputSample | null;
  /** `failed`: what is there is not known; the evidence holds what was listed before. */
  readonly listing: 'complete' | 'bounded' | 'failed';
}

export interface Sampling {
  /** Keys that the failed run's log names: looked at before all others. */
  readonly named?: ReadonlySet<string>;
  /** Objects that came after this were not there yet. */
  readonly until?: string | null;
  /** How many inputs share the budgets of one step. */
  readonly inputs?: number;
}

/** Objects modified after the good run's start are new. The sample is written as an artefact under `prefix` and returned as well. */
export async function sampleInput(
  input: RegisteredInput,
  goodRun: GoodRun | undefined,
  prefix: string,
  ports: SamplingPorts,
  gaps: Gaps,
  { named = new Set(), until = null, inputs = 1 }: Sampling = {},
): Promise<Sampled> {
  const { objects: listed, listing } = await listAll(input, ports, gaps, LISTING_MS / inputs);
  const objects = listed.filter((object) => !isMarker(object) && (until === null || object.lastModified <= until));
  const since = goodRun?.startedOn ?? '';
  const fresh = objects.filter((object) => object.lastModified > since);
  const isFresh = (object: ObjectHead) => object.lastModified > since;
  const pool = fresh.length > 0 ? fresh : objects;
  const budget = shareOf(INTEGRITY_BUDGET, inputs);
  const report = await checkIntegrity(input, chooseObjects(pool, named, [], budget.objects), ports, budget);
  tellUnseen(input, pool.length, report, gaps);
  const damaged = new Set(report.damaged.map(({ object }) => object));
  const sound = pool.filter((object) => !damaged.has(object));
  const { inspected, parts } = await readRows(
    input,
    chooseObjects(sound, named, report.suspects.slice(0, SUSPECTS)),
    isFresh,
    inputs,
    ports,
  );
  if (inspected.length < Math.min(sound.length, INSPECTED_OBJECTS))
    gaps.add(`input ${input.name}`, `the rows of ${inspected.length} objects were read: stopped after ${READING_MS / inputs} ms`);
  const shown = report.damaged.slice(0, DAMAGED_OBJECTS).map(({ object, error }) => ({
    ...evidenceOf(input, object, isFresh(object)),
    rows: null,
    readError: readErrorOf(error.code, error),
  }));
  if (shown.length < damaged.size)
    gaps.add(`input ${input.name}`, `${damaged.size} objects are damaged, of which ${shown.length} are listed`);
  const merged = parts.length === 0 ? null : mergeSamples(parts);
  return {
    sample: merged,
    listing,
    evidence: {
      input: input.name,
      bucket: input.bucket,
      prefix: input.prefix,
      format: input.format,
      objectCount: objects.length,
      totalBytes: objects.reduce((sum, object) => sum + object.size, 0),
      newObjectCount: fresh.length,
      inspected: [...shown, ...inspected],
      sample: merged && (await gaps.attempt(`artefact of ${input.name}`, null, () => putArtefact(ports, prefix, merged))),
      baseline: goodRun?.baselines.find((baseline) => baseline.input === input.name)?.artefact ?? null,
    },
  };
}

function shareOf(budget: IntegrityBudget, inputs: number): IntegrityBudget {
  const share = (amount: number) => Math.ceil(amount / Math.max(inputs, 1));
  return { objects: share(budget.objects), bytes: share(budget.bytes), milliseconds: share(budget.milliseconds) };
}

/** No evidence of an object is not its health. */
function tellUnseen(input: RegisteredInput, objects: number, report: IntegrityReport, gaps: Gaps): void {
  const unseen = report.unseen + objects - report.chosen;
  const why = report.exhausted ?? (objects > report.chosen ? 'objects' : null);
  // what S3 refused is told object by object where its rows were to be read
  if (unseen > 0 && why !== null)
    gaps.add(`input ${input.name}`, `${unseen} of ${objects} objects were not looked at: stopped at the budget of ${why}`);
  else if (unseen > INSPECTED_OBJECTS)
    gaps.add(`input ${input.name}`, `${unseen} of ${objects} objects were not looked at: they could not be fetched`);
}

/** Every object gives as many rows, so that no few of them speak for all. */
async function readRows(
  input: RegisteredInput,
  chosen: readonly ObjectHead[],
  isFresh: (object: ObjectHead) => boolean,
  inputs: number,
  ports: SamplingPorts,
): Promise<{ inspected: ObjectEvidence[]; parts: { key: string; sample: TableSample }[] }> {
  const deadline = ports.clock().getTime() + READING_MS / inputs;
  const rowsEach = Math.floor(ROWS / Math.max(chosen.length, 1));
  const inspected: ObjectEvidence[] = [];
  const parts: { key: string; sample: TableSample }[] = [];
  for (const object of chosen) {
    if (inspected.length > 0 && ports.clock().getTime() >= deadline) break;
    const { evidence, sample } = await inspect(input, object, isFresh(object), ports);
    inspected.push(evidence);
    if (sample) parts.push({ key: object.key, sample: evenRows(sample, rowsEach) });
  }
  return { inspected, parts };
}

async function listAll(
  input: RegisteredInput,
  ports: SamplingPorts,
  gaps: Gaps,
  milliseconds: number,
): Promise<{ objects: ObjectHead[]; listing: Sampled['listing'] }> {
  const objects: ObjectHead[] = [];
  const deadline = ports.clock().getTime() + milliseconds;
  const listing = await gaps.attempt<Sampled['listing']>(`input ${input.name}`, 'failed', async () => {
    let nextToken: string | undefined;
    do {
      const page = await ports.objects.listObjects(input.bucket, input.prefix, {
        limit: 1000,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      objects.push(...page.objects);
      nextToken = page.nextToken;
    } while (nextToken !== undefined && objects.length < LISTED_OBJECTS && ports.clock().getTime() < deadline);
    return nextToken === undefined ? 'complete' : 'bounded';
  });
  if (listing === 'bounded') gaps.add(`input ${input.name}`, `more than ${objects.length} objects: the rest was not listed`);
  return { objects, listing };
}

/** Folder markers and Spark's own bookkeeping are no data. */
export function isMarker(object: Pick<ObjectHead, 'key'>): boolean {
  const name = object.key.slice(object.key.lastIndexOf('/') + 1);
  return name === '' || name.startsWith('_') || name.startsWith('.') || name.endsWith('_$folder$');
}

/** Newest first; beyond the limit the named ones, those that stand out, then half the newest, half evenly from the rest. Pure. */
export function chooseObjects<T extends { lastModified: string; key: string }>(
  objects: readonly T[],
  named: ReadonlySet<string> = new Set(),
  suspects: readonly T[] = [],
  limit = INSPECTED_OBJECTS,
): T[] {
  const newestFirst = objects.toSorted((a, b) =>
    a.lastModified === b.lastModified ? (a.key < b.key ? 1 : -1) : a.lastModified < b.lastModified ? 1 : -1,
  );
  if (newestFirst.length <= limit) return newestFirst;
  const first = new Set([...newestFirst.filter((object) => named.has(object.key)).slice(0, Math.floor(limit / 2)), ...suspects]);
  const others = newestFirst.filter((object) => !first.has(object));
  const half = Math.ceil(Math.max(limit - first.size, 0) / 2);
  const rest = others.slice(half);
  const places = Math.max(limit - first.size - half, 0);
  const even = Array.from({ length: places }, (_, index) => rest[Math.floor((index * rest.length) / places)]).filter(
    (object) => object !== undefined,
  );
  return [...first, ...others.slice(0, half), ...even].slice(0, limit);
}

/** The bytes are there and are not what they should be. What is only too large for a sample may be as it should be. */
export function isDamaged({ readError }: Pick<ObjectEvidence, 'readError'>): boolean {
  return readError?.code.startsWith('E_') === true && readError.code !== 'E_SAMPLE_TOO_LARGE';
}

function evidenceOf(input: RegisteredInput, object: ObjectHead, isNew: boolean) {
  const { key, versionId, size, etag, lastModified } = object;
  return { bucket: input.bucket, key, versionId, size, etag, lastModified, isNew };
}

async function inspect(
  input: RegisteredInput,
  object: ObjectHead,
  isNew: boolean,
  ports: SamplingPorts,
): Promise<{ evidence: ObjectEvidence; sample: TableSample | null }> {
  const evidence = evidenceOf(input, object, isNew);
  const source = s3Source(ports.objects, input.bucket, object);
  try {
    const limits = { format: input.format, maxRows: ROWS_PER_OBJECT, maxBytes: BYTES_PER_OBJECT };
    const sample = withDistinctNames(await readSample(source, limits));
    return { evidence: { ...evidence, rows: sample.totalRows ?? sample.rowCount, readError: null }, sample };
  } catch (error) {
    // Bytes that could not be had say nothing about the object: the service's own error, by its name, is no sign of damage.
    const cause = source.failure() ?? error;
    const damage = cause instanceof MedicError ? cause.code : 'E_SAMPLE_CORRUPT';
    const code = source.failure() === undefined ? damage : cause instanceof Error ? cause.name : 'Error';
    return { evidence: { ...evidence, rows: null, readError: readErrorOf(code, cause) }, sample: null };
  }
}

function readErrorOf(code: string, cause: unknown): NonNullable<ObjectEvidence['readError']> {
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(`${code}: `, '');
  return { code, message: boundedText(redact(message), 500) };
}
