/**
 * Looks at every new object of an input, within budgets: which are damaged, and which differ from the others and are worth reading
 * first. What could not be looked at is counted.
 */
import type { DataFormat } from '../detect-anomalies/table-sample.ts';
import { InputError, type MedicError, quoteForMessage } from '../shared/errors.ts';
import type { RegisteredInput } from '../shared/job-registration.ts';
import type { ObjectHead, Ports } from '../shared/ports.ts';
import { inParallel } from './in-parallel.ts';
import { type ColumnGist, lookAtObject, type ObjectLook, type ObjectTraits } from './look-at-object.ts';
import { type S3Source, s3Source } from './s3-source.ts';
import { verifyGzip } from './verify-gzip.ts';

export interface IntegrityBudget {
  readonly objects: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

/**
 * Of one run's evidence, all inputs together. A look is two calls and at most 64 KiB: 2,000 objects are 4,000 calls (less than a US
 * cent) and arrive in some ten seconds, 16 at a time. The Lambda has 170 s: 45 at most for logs, 15 for listing, 30 for this, 50 for rows.
 */
export const INTEGRITY_BUDGET: IntegrityBudget = { objects: 2000, bytes: 256 * 1024 * 1024, milliseconds: 30_000 };
/** Calls under way at once: enough to hide the latency of S3 (20 to 60 ms), far below what it throttles, 1 MiB of memory. */
const PARALLEL = 16;
/** What most objects have in common counts as known from this many on. */
const FEWEST_SIBLINGS = 3;
const MAJORITY = 0.8;
/** A size or a compression this many times larger or smaller than the median stands out. */
const SIZE_FACTOR = 20;
const RATIO_FACTOR = 4;
/** Numbers whose middle is this many usual spreads off, and this much more missing, stand out as well. */
const SPREADS = 10;
const MISSING_MORE = 0.5;

export interface IntegrityReport {
  readonly damaged: readonly { readonly object: ObjectHead; readonly error: MedicError }[];
  /** The oddest first. */
  readonly suspects: readonly ObjectHead[];
  /** Objects that were to be looked at, and those of them that nothing is known of but their size. */
  readonly chosen: number;
  readonly unseen: number;
  /** Why not all were looked at; null where they were, or where S3 refused. */
  readonly exhausted: keyof IntegrityBudget | null;
}

interface Looked {
  readonly object: ObjectHead;
  readonly look: ObjectLook;
}

/** `objects` in the order of interest: where the budget does not reach all, the last are left out. */
export async function checkIntegrity(
  input: RegisteredInput,
  objects: readonly ObjectHead[],
  ports: Pick<Ports, 'objects' | 'clock'>,
  budget: IntegrityBudget = INTEGRITY_BUDGET,
): Promise<IntegrityReport> {
  const meter = new Meter(budget, ports.clock);
  const sourceOf = (object: ObjectHead) => meter.metered(s3Source(ports.objects, input.bucket, object));
  const looks = new Map<ObjectHead, ObjectLook>();
  await inParallel(objects, PARALLEL, async (object) => {
    if (meter.mayLook()) looks.set(object, await lookAtObject(sourceOf(object), input.format));
  });
  const seen = objects.flatMap((object): Looked[] => {
    const look = looks.get(object);
    return look && (look.traits !== null || look.damage !== null) ? [{ object, look }] : [];
  });
  const common = commonTraits(seen);
  const damaged = seen.flatMap(({ object, look }) => {
    const error = look.damage ?? (look.traits && damageAmong(common, object, look.traits, input.format));
    return error ? [{ object, error }] : [];
  });
  const sound = seen.filter(({ object }) => !damaged.some((each) => each.object === object));
  const odd = sound
    .map((each) => ({ ...each, oddity: oddityOf(each, common) }))
    .filter(({ oddity }) => oddity > 0)
    .toSorted((a, b) => b.oddity - a.oddity);
  for (const { object, oddity } of odd) {
    if (oddity !== ODDITY.ratio) continue;
    const error = await verifyGzip(sourceOf(object), (bytes) => meter.mayRead(bytes));
    if (error) damaged.push({ object, error });
  }
  return {
    damaged,
    suspects: odd.map(({ object }) => object).filter((object) => !damaged.some((each) => each.object === object)),
    chosen: objects.length,
    unseen: objects.length - seen.length,
    exhausted: meter.exhausted,
  };
}

/** What nearly all objects have; null where there is no such thing. */
interface CommonTraits {
  readonly columns: readonly string[] | null;
  readonly types: string | null;
  readonly isGzip: boolean | null;
  readonly isClosed: boolean;
  readonly size: number;
  readonly textRatio: number | null;
  /** Per common column, the medians over the objects that were read whole. */
  readonly values: readonly { readonly nullShare: number; readonly centre: number | null; readonly spread: number }[];
}

function commonTraits(looked: readonly Looked[]): CommonTraits {
  const traits = looked.flatMap(({ look }) => look.traits ?? []);
  const filled = traits.flatMap(({ columns }) => columns ?? []).length > 0 ? traits.filter(({ columns }) => columns !== null) : [];
  const columns = majority(filled.map((each) => JSON.stringify(namesOf(each))));
  const ratios = traits.flatMap(({ textRatio }) => textRatio ?? []);
  return {
    columns: columns === null ? null : (JSON.parse(columns) as string[]),
    types: majority(filled.map((each) => JSON.stringify(each.columns))),
    isGzip: majority(filled.map(({ isGzip }) => isGzip)),
    isClosed: majority(traits.flatMap(({ ending }) => (ending === null ? [] : [ending === 'whole']))) === true,
    size: median(looked.map(({ object }) => object.size)),
    textRatio: ratios.length < FEWEST_SIBLINGS ? null : median(ratios),
    values: commonValues(filled.filter((each) => JSON.stringify(namesOf(each)) === columns)),
  };
}

function commonValues(alike: readonly ObjectTraits[]): CommonTraits['values'] {
  const gists = alike.flatMap(({ values }) => (values === null ? [] : [values]));
  if (gists.length < FEWEST_SIBLINGS) return [];
  return (gists[0] ?? []).map((_, column) => {
    const centres = gists.flatMap((each) => each[column]?.centre ?? []);
    const centre = centres.length < MAJORITY * gists.length ? null : median(centres);
    const distance = centre === null ? 0 : median(centres.map((each) => Math.abs(each - centre)));
    return {
      nullShare: median(gists.map((each) => each[column]?.nullShare ?? 0)),
      centre,
      spread: Math.max(distance * SPREADS, median(gists.map((each) => each[column]?.spread ?? 0))),
    };
  });
}

const namesOf = ({ columns }: ObjectTraits) => (columns ?? []).map(({ name }) => name);

function majority<T>(values: readonly T[]): T | null {
  if (values.length < FEWEST_SIBLINGS) return null;
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [value, count] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most));
  return count >= MAJORITY * values.length ? value : null;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Damage that only the other objects show. Another schema is none: that is drift, which reading the rows tells. */
function damageAmong(common: CommonTraits, { key }: ObjectHead, traits: ObjectTraits, format: DataFormat): InputError | null {
  const advice = 'upload it again or quarantine it';
  const name = quoteForMessage(key);
  const corrupt = (what: string) => new InputError('E_SAMPLE_CORRUPT', `${name} ${what}; ${advice}`);
  if (traits.ending === 'cut' && common.isClosed) return corrupt('ends in the middle of a record, where the other objects end with a line');
  if (format !== 'parquet' && common.isGzip === true && !traits.isGzip && traits.columns && /\.gz(?:ip)?$/i.test(key))
    return corrupt('is no gzip data, as the other objects are');
  const known = new Set(common.columns);
  const names = namesOf(traits);
  if (names.length === 0 || known.size === 0 || names.length === known.size || names.some((each) => known.has(each))) return null;
  return corrupt(
    `has ${names.length} columns of which the other objects have none; expected ${[...known]
      .slice(0, 5)
      .map((each) => quoteForMessage(each, 30))
      .join(', ')}`,
  );
}

/** How urgently the rows should be read: other columns say more than another type, and that more than a size. */
const ODDITY = { columns: 6, malformed: 5, ratio: 4, types: 3, values: 2.5, ending: 2, size: 1 } as const;

function oddityOf({ object, look: { traits } }: Looked, common: CommonTraits): number {
  if (traits === null) return 0;
  const names = JSON.stringify(namesOf(traits));
  if (traits.columns && common.columns && names !== JSON.stringify(common.columns)) return ODDITY.columns;
  if (traits.malformedRows > 0) return ODDITY.malformed;
  if (traits.textRatio !== null && common.textRatio !== null && isFar(traits.textRatio, common.textRatio, RATIO_FACTOR))
    return ODDITY.ratio;
  if (traits.columns && common.types && JSON.stringify(traits.columns) !== common.types) return ODDITY.types;
  if (names === JSON.stringify(common.columns) && common.values.some((usual, column) => standsOut(traits.values?.[column], usual)))
    return ODDITY.values;
  if (traits.ending !== null && traits.ending !== 'whole' && common.isClosed) return ODDITY.ending;
  return isFar(object.size, common.size, SIZE_FACTOR) ? ODDITY.size : 0;
}

function standsOut(gist: ColumnGist | undefined, usual: CommonTraits['values'][number]): boolean {
  if (!gist) return false;
  if (gist.nullShare - usual.nullShare >= MISSING_MORE) return true;
  if (gist.centre === null || usual.centre === null) return false;
  return Math.abs(gist.centre - usual.centre) > SPREADS * Math.max(usual.spread, Math.abs(usual.centre) * 1e-6, Number.MIN_VALUE);
}

const isFar = (value: number, usual: number, factor: number) => value > usual * factor || value * factor < usual;

/** Keeps to the budget: what is left of it is asked before each look and each further read. */
class Meter {
  exhausted: keyof IntegrityBudget | null = null;
  readonly #budget: IntegrityBudget;
  readonly #clock: () => Date;
  readonly #deadline: number;
  #objects = 0;
  #bytes = 0;

  constructor(budget: IntegrityBudget, clock: () => Date) {
    this.#budget = budget;
    this.#clock = clock;
    this.#deadline = clock().getTime() + budget.milliseconds;
  }

  mayLook(): boolean {
    if (this.#objects >= this.#budget.objects) this.exhausted ??= 'objects';
    else if (this.mayRead(0)) {
      this.#objects += 1;
      return true;
    }
    return false;
  }

  mayRead(bytes: number): boolean {
    if (this.#bytes + bytes > this.#budget.bytes || this.#bytes >= this.#budget.bytes) this.exhausted ??= 'bytes';
    else if (this.#clock().getTime() >= this.#deadline) this.exhausted ??= 'milliseconds';
    else return true;
    return false;
  }

  metered(source: S3Source): S3Source {
    return {
      ...source,
      read: (start, end) => {
        this.#bytes += Math.max(Math.min(end, source.size) - start, 0);
        return source.read(start, end);
      },
    };
  }
}
