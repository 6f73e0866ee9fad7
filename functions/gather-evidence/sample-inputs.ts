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
import type { GoodRun } from '../shared/stores/good-runs.ts';
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
}

/** `since`: objects modified after it are new. The sample is written as an artefact under `prefix` and returned as well. */
export async function sampleInput(
  input: RegisteredInput,
  goodRun: GoodRun | undefined,
  prefix: string,
  ports: SamplingPorts,
  gaps: Gaps,
): Promise<Sampled> {
  const objects = (await listAll(input, ports, gaps)).filter((object) => !isMarker(object));
  const since = goodRun?.startedOn ?? '';
  const fresh = objects.filter((object) => object.lastModified > since);
  const chosen = chooseObjects(fresh.length > 0 ? fresh : objects);
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

async function listAll(input: RegisteredInput, ports: SamplingPorts, gaps: Gaps): Promise<ObjectHead[]> {
  const objects: ObjectHead[] = [];
  return gaps.attempt(`input ${input.name}`, objects, async () => {
    let nextToken: string | undefined;
    do {
      const page = await ports.objects.listObjects(input.bucket, input.prefix, {
        limit: 1000,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      objects.push(...page.objects);
      nextToken = page.nextToken;
    } while (nextToken !== undefined && objects.length < LISTED_OBJECTS);
    if (nextToken !== undefined) gaps.add(`input ${input.name}`, `more than ${LISTED_OBJECTS} objects: the rest was not listed`);
    return objects;
  });
}

/** Folder markers and Spark's own bookkeeping are no data. */
function isMarker(object: ObjectHead): boolean {
  const name = object.key.slice(object.key.lastIndexOf('/') + 1);
  return name === '' || name.startsWith('_') || name.startsWith('.') || name.endsWith('_$folder$');
}

/** Newest first; beyond the limit half the newest, half evenly from the rest. Pure. */
export function chooseObjects<T extends { lastModified: string; key: string }>(objects: readonly T[]): T[] {
  const newestFirst = objects.toSorted((a, b) =>
    a.lastModified === b.lastModified ? (a.key < b.key ? 1 : -1) : a.lastModified < b.lastModified ? 1 : -1,
  );
  if (newestFirst.length <= INSPECTED_OBJECTS) return newestFirst;
  const half = INSPECTED_OBJECTS / 2;
  const rest = newestFirst.slice(half);
  const even = Array.from({ length: half }, (_, index) => rest[Math.floor((index * rest.length) / half)]).filter(
    (object) => object !== undefined,
  );
  return [...newestFirst.slice(0, half), ...even];
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
  try {
    const sample = await readSample(s3Source(ports.objects, input.bucket, object), {
      format: input.format,
      maxRows: Math.max(Math.min(ROWS_PER_OBJECT, rowsLeft), 1),
      maxBytes: BYTES_PER_OBJECT,
    });
    return { evidence: { ...evidence, rows: sample.totalRows ?? sample.rowCount, readError: null }, sample };
  } catch (error) {
    const code = error instanceof MedicError ? error.code : error instanceof Error ? error.name : 'error';
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    return { evidence: { ...evidence, rows: null, readError: { code, message } }, sample: null };
  }
}
