/**
 * Samples the job's registered inputs so that an offending object is found: every object that is new since the last good run, or,
 * where they are many, an even choice of them with the newest; each read within bounds, each failure to read kept as evidence.
 */
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
import type { Gaps } from './gaps.ts';
import { type InputSample, mergeSamples } from './merge-samples.ts';
import { s3Source } from './s3-source.ts';

const LISTED_OBJECTS = 20_000;
const INSPECTED_OBJECTS = 40;
const ROWS_PER_OBJECT = 5000;
const ROWS = 50_000;
const BYTES_PER_OBJECT = 8 * 1024 * 1024;

type SamplingPorts = Pick<Ports, 'objects' | 'artefacts' | 'settings'>;

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
}

/** Objects modified after the good run's start are new. The sample is written as an artefact under `prefix` and returned as well. */
export async function sampleInput(
  input: RegisteredInput,
  goodRun: GoodRun | undefined,
  prefix: string,
  ports: SamplingPorts,
  gaps: Gaps,
  { named = new Set(), until = null }: Sampling = {},
): Promise<Sampled> {
  const { objects: listed, listing } = await listAll(input, ports, gaps);
  const objects = listed.filter((object) => !isMarker(object) && (until === null || object.lastModified <= until));
  const since = goodRun?.startedOn ?? '';
  const fresh = objects.filter((object) => object.lastModified > since);
  const chosen = chooseObjects(fresh.length > 0 ? fresh : objects, named);
  const inspected: ObjectEvidence[] = [];
  const parts: { key: string; sample: TableSample }[] = [];
  let rows = 0;
  for (const object of chosen) {
    const { evidence, sample } = await inspect(input, object, fresh.includes(object), ROWS - rows, ports);
    inspected.push(evidence);
    if (sample) parts.push({ key: object.key, sample });
    rows += sample?.rowCount ?? 0;
  }
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
      inspected,
      sample: merged && (await gaps.attempt(`artefact of ${input.name}`, null, () => putArtefact(ports, prefix, merged))),
      baseline: goodRun?.baselines.find((baseline) => baseline.input === input.name)?.artefact ?? null,
    },
  };
}

async function listAll(
  input: RegisteredInput,
  ports: SamplingPorts,
  gaps: Gaps,
): Promise<{ objects: ObjectHead[]; listing: Sampled['listing'] }> {
  const objects: ObjectHead[] = [];
  const listing = await gaps.attempt<Sampled['listing']>(`input ${input.name}`, 'failed', async () => {
    let nextToken: string | undefined;
    do {
      const page = await ports.objects.listObjects(input.bucket, input.prefix, {
        limit: 1000,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      objects.push(...page.objects);
      nextToken = page.nextToken;
    } while (nextToken !== undefined && objects.length < LISTED_OBJECTS);
    return nextToken === undefined ? 'complete' : 'bounded';
  });
  if (listing === 'bounded') gaps.add(`input ${input.name}`, `more than ${LISTED_OBJECTS} objects: the rest was not listed`);
  return { objects, listing };
}

/** Folder markers and Spark's own bookkeeping are no data. */
export function isMarker(object: Pick<ObjectHead, 'key'>): boolean {
  const name = object.key.slice(object.key.lastIndexOf('/') + 1);
  return name === '' || name.startsWith('_') || name.startsWith('.') || name.endsWith('_$folder$');
}

/** Newest first; beyond the limit the named ones, then half the newest, half evenly from the rest. Pure. */
export function chooseObjects<T extends { lastModified: string; key: string }>(
  objects: readonly T[],
  named: ReadonlySet<string> = new Set(),
): T[] {
  const newestFirst = objects.toSorted((a, b) =>
    a.lastModified === b.lastModified ? (a.key < b.key ? 1 : -1) : a.lastModified < b.lastModified ? 1 : -1,
  );
  if (newestFirst.length <= INSPECTED_OBJECTS) return newestFirst;
  const first = newestFirst.filter((object) => named.has(object.key)).slice(0, INSPECTED_OBJECTS / 2);
  const others = newestFirst.filter((object) => !first.includes(object));
  const half = Math.ceil((INSPECTED_OBJECTS - first.length) / 2);
  const rest = others.slice(half);
  const places = INSPECTED_OBJECTS - first.length - half;
  const even = Array.from({ length: places }, (_, index) => rest[Math.floor((index * rest.length) / places)]).filter(
    (object) => object !== undefined,
  );
  return [...first, ...others.slice(0, half), ...even];
}

/** The bytes are there and are not what they should be. What is only too large for a sample may be as it should be. */
export function isDamaged({ readError }: Pick<ObjectEvidence, 'readError'>): boolean {
  return readError?.code.startsWith('E_') === true && readError.code !== 'E_SAMPLE_TOO_LARGE';
}

async function inspect(
  input: RegisteredInput,
  object: ObjectHead,
  isNew: boolean,
  rowsLeft: number,
  ports: SamplingPorts,
): Promise<{ evidence: ObjectEvidence; sample: TableSample | null }> {
  const evidence = {
    bucket: input.bucket,
    key: object.key,
    versionId: object.versionId,
    size: object.size,
    etag: object.etag,
    lastModified: object.lastModified,
    isNew,
  };
  const source = s3Source(ports.objects, input.bucket, object);
  try {
    const sample = await readSample(source, {
      format: input.format,
      maxRows: Math.max(Math.min(ROWS_PER_OBJECT, rowsLeft), 1),
      maxBytes: BYTES_PER_OBJECT,
    });
    return { evidence: { ...evidence, rows: sample.totalRows ?? sample.rowCount, readError: null }, sample };
  } catch (error) {
    // Bytes that could not be had say nothing about the object: the service's own error, by its name, is no sign of damage.
    const cause = source.failure() ?? error;
    const damage = cause instanceof MedicError ? cause.code : 'E_SAMPLE_CORRUPT';
    const code = source.failure() === undefined ? damage : cause instanceof Error ? cause.name : 'Error';
    const message = boundedText(redact((cause instanceof Error ? cause.message : String(cause)).replace(`${code}: `, '')), 500);
    return { evidence: { ...evidence, rows: null, readError: { code, message } }, sample: null };
  }
}
