/** Compares two sides of one dataset, each a list of columns with or without sampled rows, and names what has drifted. Pure. */
import { MedicError } from '../../shared/errors.ts';
import type { SampleColumn, TableSample } from '../table-sample.ts';
import { diffTypes, type TypeDifference, type Verdict, worst } from './compare-types.ts';
import { dateFormatOf } from './date-format.ts';
import type { Drift, DriftChange, DriftSeverity } from './drift.ts';
import type { Engine } from './engine-rules.ts';
import { matchRenames, type NamedColumn } from './match-renames.ts';
import { type Observed, observedChanges, valuesFit } from './observed-changes.ts';
import { type GlueType, parseGlueType, printGlueType } from './parse-glue-type.ts';

export interface Side {
  /** In order, types in Glue syntax. */
  readonly columns: readonly NamedColumn[];
  readonly partitionKeys?: readonly NamedColumn[];
  /** Rows of these columns, found by name; types of CSV and JSON lines count as seen, not as declared. */
  readonly sample?: TableSample;
}

export interface DriftOptions {
  /** Whose rules judge a change of type; all merged by default. */
  readonly engine?: Engine;
  /** Names that differ only in case are the same. Default: as in Hive and Glue, except between two CSV or JSON lines files. */
  readonly caseInsensitive?: boolean;
}

/** The drift from `baseline` to `current`; `unmeasured` where a side shows no columns. Never throws: types that cannot be read are compared as text. */
export function detectDrift(baseline: Side, current: Side, options: DriftOptions = {}): Drift {
  if (baseline.columns.length === 0 || current.columns.length === 0) return { severity: 'unmeasured', changes: [] };
  const comparison = new Comparison(baseline, current, options);
  const changes = [...comparison.columnChanges(), ...comparison.partitionChanges()];
  return { severity: severityOf(changes), changes };
}

/** Removed, renamed, narrowed, breaking: `breaking`; any other change: `compatible`. */
function severityOf(changes: readonly DriftChange[]): DriftSeverity {
  if (changes.length === 0) return 'none';
  return changes.some(({ verdict }) => verdict === 'breaking' || verdict === 'narrowing') ? 'breaking' : 'compatible';
}

/** Characters. */
const MAX_COMPARED_TYPE = 1_000;

const isInferred = (sample: TableSample | undefined) => sample?.format === 'csv' || sample?.format === 'jsonl';

class Comparison {
  private readonly baseline: Side;
  private readonly current: Side;
  private readonly engine: Engine;
  private readonly caseInsensitive: boolean;
  private readonly observedBefore: (name: string) => Observed | null;
  private readonly observedAfter: (name: string) => Observed | null;

  constructor(baseline: Side, current: Side, options: DriftOptions) {
    this.baseline = baseline;
    this.current = current;
    this.engine = options.engine ?? 'merged';
    this.caseInsensitive = options.caseInsensitive ?? !(isInferred(baseline.sample) && isInferred(current.sample));
    this.observedBefore = observedColumns(baseline.sample);
    this.observedAfter = observedColumns(current.sample);
  }

  columnChanges(): DriftChange[] {
    const before = this.byName(this.baseline.columns);
    const after = this.byName(this.current.columns);
    const kept = [...before].flatMap(([key, old]) => {
      const now = after.get(key);
      return now ? [[old, now] as const] : [];
    });
    const removed = [...before].flatMap(([key, column]) => (after.has(key) || this.isAbsentByChance(column) ? [] : [column]));
    const added = [...after].filter(([key]) => !before.has(key)).map(([, column]) => column);
    const renames = matchRenames({
      baseline: this.baseline.columns,
      current: this.current.columns,
      removed,
      added,
      kept: kept.map(([old, now]) => [old.name, now.name] as const),
      samples: this.baseline.sample && this.current.sample ? { baseline: this.baseline.sample, current: this.current.sample } : null,
      compare: (from, to) => this.compare(from, to),
    });
    const gone = new Set(renames.map(({ from }) => from));
    const come = new Set(renames.map(({ to }) => to));
    return [
      ...kept.flatMap(([old, now]) => [...this.typeChanges(old, now, old.name), ...this.formatChanges(old, now)]),
      ...renames.map(({ from, to, score, reason }) => renamed(from.name, to.name, score, reason)),
      ...renames.flatMap(({ from, to }) => this.typeChanges(from, to, to.name)),
      ...removed.filter((column) => !gone.has(column)).map(({ name, type }) => removal(name, type)),
      ...added.filter((column) => !come.has(column)).map(({ name, type }) => addition(name, type)),
    ];
  }

  /** Any change of the partition keys moves the data's folders: a reader of the old layout finds nothing. */
  partitionChanges(): DriftChange[] {
    if (!this.baseline.partitionKeys || !this.current.partitionKeys) return [];
    const describe = (keys: readonly NamedColumn[]) => keys.map(({ name, type }) => `${this.fold(name)}:${canonical(type)}`).join(', ');
    const [from, to] = [describe(this.baseline.partitionKeys), describe(this.current.partitionKeys)];
    if (from === to) return [];
    const [before, after] = [this.byName(this.baseline.partitionKeys), this.byName(this.current.partitionKeys)];
    const sameKeys = [...before.keys()].join('\n') === [...after.keys()].join('\n');
    const verdict = sameKeys ? worst([...before].map(([key, { type }]) => this.compare(type, after.get(key)?.type ?? type))) : 'breaking';
    const reason = sameKeys ? 'a partition key changed its type' : 'the partition keys are others, or in another order';
    return [{ path: 'partition keys', kind: 'partition_changed', from, to, verdict, reason }];
  }

  private typeChanges(old: NamedColumn, now: NamedColumn, path: string): DriftChange[] {
    const [from, to] = [parsed(old.type), parsed(now.type)];
    if (!from || !to)
      return canonical(old.type) === canonical(now.type) ? [] : [retyped(path, old.type, now.type, 'breaking', 'declared types differ')];
    const [before, after] = [this.observedBefore(old.name), this.observedAfter(now.name)];
    const differences = after
      ? observedChanges(from, before, after, this.caseInsensitive)
      : before && valuesFit(to, before)
        ? []
        : diffTypes(from, to, { engine: this.engine, caseInsensitive: this.caseInsensitive });
    const reason = after ? 'values of the current side do not fit the type before' : 'declared types differ';
    return differences.flatMap((difference) =>
      after && difference.path !== '' ? [nested(difference, path, reason)] : changeOf(difference, path, reason),
    );
  }

  /** Dates that are written in another way; between rows on both sides only. */
  private formatChanges(old: NamedColumn, now: NamedColumn): DriftChange[] {
    const [before, after] = [this.observedBefore(old.name), this.observedAfter(now.name)];
    if (!before || !after) return [];
    const [from, to] = [dateFormatOf(before.column.values), dateFormatOf(after.column.values)];
    if (from === null || to === null || from === to) return [];
    const reason = 'dates are written in another format';
    return [{ path: old.name, kind: 'format_changed', from, to, verdict: 'compatible', reason }];
  }

  /** Optional keys of JSON objects are absent from small samples: absent by chance, with a probability of more than one in a hundred, is not removed. */
  private isAbsentByChance({ name }: NamedColumn): boolean {
    const before = this.observedBefore(name);
    const rows = this.current.sample?.rowCount ?? 0;
    if (!before || this.baseline.sample?.format !== 'jsonl' || this.current.sample?.format !== 'jsonl') return false;
    const seen = before.column.values.filter((cell) => cell !== null).length / Math.max(1, before.column.values.length);
    return seen > 0 && (1 - seen) ** rows > 0.01;
  }

  /** How one type compares with another as evidence for a rename: thousands of pairs may ask, so long types are compared as text. */
  private compare(from: string, to: string): Verdict {
    if (from === to) return 'identical';
    if (from.length > MAX_COMPARED_TYPE || to.length > MAX_COMPARED_TYPE) return 'breaking';
    const [old, now] = [parsed(from), parsed(to)];
    if (!old || !now) return canonical(from) === canonical(to) ? 'identical' : 'breaking';
    return worst(diffTypes(old, now, { engine: this.engine, caseInsensitive: this.caseInsensitive }).map(({ verdict }) => verdict));
  }

  private fold(name: string): string {
    return this.caseInsensitive ? name.toLowerCase() : name;
  }

  private byName(columns: readonly NamedColumn[]): Map<string, NamedColumn> {
    return new Map(columns.map((column) => [this.fold(column.name), column]));
  }
}

function observedColumns(sample: TableSample | undefined): (name: string) => Observed | null {
  if (!sample || !isInferred(sample)) return () => null;
  const columns: ReadonlyMap<string, SampleColumn> = new Map(sample.columns.map((column) => [column.name, column]));
  return (name) => {
    const column = columns.get(name);
    return column && parsed(column.type) ? { column, textual: sample.format === 'csv' } : null;
  };
}

/** Null where the text is no Glue type: an engine's own type is then compared as text. */
function parsed(type: string): GlueType | null {
  try {
    return parseGlueType(type);
  } catch (error) {
    if (error instanceof MedicError) return null;
    throw error;
  }
}

function canonical(type: string): string {
  const known = parsed(type);
  return known ? printGlueType(known).toLowerCase() : type.trim().toLowerCase();
}

function changeOf({ kind, path, from, to, verdict }: TypeDifference, column: string, reason: string): DriftChange[] {
  const at = `${column}${path}`;
  if (kind === 'added') return [addition(at, to)];
  if (kind === 'removed') return [removal(at, from)];
  // fields are found by name, as columns are: their order carries nothing
  return kind === 'reordered' ? [] : [retyped(at, from, to, verdict, reason)];
}

const nested = ({ path, from, to, verdict }: TypeDifference, column: string, reason: string): DriftChange => ({
  path: `${column}${path}`,
  kind: 'nested_changed',
  from,
  to,
  verdict,
  reason,
});

const addition = (path: string, type: string | null): DriftChange => ({
  path,
  kind: 'added',
  from: null,
  to: type,
  verdict: 'compatible',
  reason: 'only on the current side',
});

const removal = (path: string, type: string | null): DriftChange => ({
  path,
  kind: 'removed',
  from: type,
  to: null,
  verdict: 'breaking',
  reason: 'only on the baseline side',
});

const renamed = (from: string, to: string, score: number, reason: string): DriftChange => ({
  path: from,
  kind: 'renamed',
  from,
  to,
  verdict: 'breaking',
  score,
  reason,
});

const retyped = (path: string, from: string | null, to: string | null, verdict: Verdict, reason: string): DriftChange => ({
  path,
  kind: 'type_changed',
  from,
  to,
  verdict,
  reason,
});
