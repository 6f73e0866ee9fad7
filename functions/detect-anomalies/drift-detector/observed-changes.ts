/**
 * Type changes where types were not declared but seen in values (CSV, JSON lines). A sample proves little: a change is only what the
 * values of the current side contradict, so that fewer digits, fewer decimals or rarer fields in one sample are no drift.
 */
import { parseDateTime } from '../schema-profiler/parse-date-time.ts';
import type { Cell, SampleColumn } from '../table-sample.ts';
import { diffTypes, type PathStep, type TypeDifference, type Verdict } from './compare-types.ts';
import { type Atom, isSubset } from './engine-rules.ts';
import { type GlueType, parseGlueType, printGlueType, type StructField } from './parse-glue-type.ts';

/** Up to this share of misfits is dirt within a column, a matter of data quality and not of its type. */
const TOLERATED_MISFITS = 0.05;
const MIN_MISFITS = 3;
/** A nested field counts as usual from this share of its parents, and as gone only where that many parents lack it. */
const USUAL = 0.9;
const MIN_PARENTS = 20;

export interface Observed {
  readonly column: SampleColumn;
  /** True where every cell is text (CSV): `12` may then be an integer. In JSON a string stays a string. */
  readonly textual: boolean;
}

/** What the values say against `type`: the change to report, or none. `before` is null where the type was declared. */
export function observedChanges(type: GlueType, before: Observed | null, after: Observed, caseInsensitive: boolean): TypeDifference[] {
  const seen = parseGlueType(after.column.type);
  if (type.kind === 'void' || seen.kind === 'void') return [];
  if (isNested(type) && (seen.kind === type.kind || (isObject(type) && isObject(seen))))
    return nestedChanges(type, seen, before, after, caseInsensitive);
  const misfits = misfitsOf(type, after);
  const filled = after.column.values.filter((cell) => !isMissing(cell)).length;
  if (misfits <= TOLERATED_MISFITS * filled || (misfits < MIN_MISFITS && misfits < filled)) return [];
  const to: GlueType = printGlueType(seen) === printGlueType(type) || isWithin(seen, type) ? { kind: 'string' } : seen;
  return [{ path: '', steps: [], kind: 'type_changed', from: printGlueType(type), to: printGlueType(to), verdict: verdictOn(type, to) }];
}

/** True where all but a few of the values are values of `type`. */
export function valuesFit(type: GlueType, observed: Observed): boolean {
  const filled = observed.column.values.filter((cell) => !isMissing(cell)).length;
  return misfitsOf(type, observed) <= TOLERATED_MISFITS * filled;
}

function misfitsOf(type: GlueType, { column, textual }: Observed): number {
  return column.values.filter((cell) => !isMissing(cell) && !fits(type, cell, textual)).length;
}

const isMissing = (cell: Cell) => cell === null || (typeof cell === 'string' && MISSING.test(cell));
const MISSING = /^\s*(?:|null|nan|n\/?a|none|-|\\n)\s*$/i;

/** Values only ever seen say which type holds them all: all the old ones fit a wider type, whatever an engine makes of files written before. */
const verdictOn = (from: GlueType, to: GlueType): Verdict => (isWithin(from, to) ? 'widening' : 'breaking');

const isNested = (type: GlueType) => type.kind === 'array' || type.kind === 'map' || type.kind === 'struct' || type.kind === 'uniontype';

function isWithin(part: GlueType, whole: GlueType): boolean {
  if (isNested(part) || isNested(whole)) return false;
  if (part.kind === 'bigint' && whole.kind === 'double') return true;
  return isSubset(part as Atom, whole as Atom);
}

const INTEGER_LIMITS: Readonly<Record<string, bigint>> = { tinyint: 2n ** 7n, smallint: 2n ** 15n, int: 2n ** 31n, bigint: 2n ** 63n };
const INTEGER = /^\s*[+-]?\d{1,40}\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i;
const BOOLEAN = /^\s*(?:true|false|t|f|yes|no|y|n|0|1)\s*$/i;

function fits(type: GlueType, cell: Cell, textual: boolean): boolean {
  if (typeof cell === 'object')
    return cell === null || (Array.isArray(cell) ? type.kind === 'array' : type.kind === 'struct' || type.kind === 'map');
  switch (type.kind) {
    case 'string':
    case 'char':
    case 'varchar':
    case 'binary':
      return typeof cell === 'string';
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return isInteger(cell, textual, INTEGER_LIMITS[type.kind] ?? 0n);
    case 'float':
    case 'double':
    case 'decimal':
      return typeof cell === 'number' || typeof cell === 'bigint' || (textual && typeof cell === 'string' && NUMBER.test(cell));
    case 'boolean':
      return typeof cell === 'boolean' || (textual && typeof cell === 'string' && BOOLEAN.test(cell));
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'timestamp_ntz':
      return typeof cell === 'string' && parseDateTime(cell) !== null;
    case 'void':
      return false;
    case 'array':
    case 'map':
    case 'struct':
    case 'uniontype':
      // Athena's CSV reader keeps nested values as text
      return textual;
    default:
      return true;
  }
}

function isInteger(cell: Cell, textual: boolean, limit: bigint): boolean {
  if (typeof cell === 'number' && !Number.isInteger(cell)) return false;
  if (typeof cell === 'string' && !(textual && INTEGER.test(cell))) return false;
  if (typeof cell !== 'number' && typeof cell !== 'bigint' && typeof cell !== 'string') return false;
  const value = BigInt(cell);
  return -limit <= value && value < limit;
}

/** Differences inside nested values, without those that only say that a sample was small. */
function nestedChanges(from: GlueType, to: GlueType, before: Observed | null, after: Observed, caseInsensitive: boolean): TypeDifference[] {
  const [old, now] = reconcile(asMap(from), asMap(to));
  return diffTypes(old, now, { caseInsensitive }).flatMap((difference): TypeDifference[] => {
    const { kind, steps } = difference;
    if (kind === 'reordered') return [];
    if (kind === 'added') return isUsual(after, steps) && (before === null || isAbsent(before, steps)) ? [difference] : [];
    if (kind === 'removed') return isAbsent(after, steps) && (before === null || isUsual(before, steps)) ? [difference] : [];
    const [was, is] = [parseGlueType(difference.from ?? 'void'), parseGlueType(difference.to ?? 'void')];
    if (was.kind === 'void' || is.kind === 'void' || isWithin(is, was)) return [];
    return [{ ...difference, verdict: verdictOn(was, is) }];
  });
}

/** An object used as a dictionary (`{"de": …, "fr": …}`) is a map, deep down too: another key in it is data, not structure. */
function asMap(type: GlueType): GlueType {
  if (type.kind === 'array') return { ...type, element: asMap(type.element) };
  if (type.kind === 'map') return { ...type, value: asMap(type.value) };
  if (type.kind !== 'struct') return type;
  const fields = type.fields.map((field) => ({ ...field, type: asMap(field.type) }));
  const filled = fields.filter((field) => field.type.kind !== 'void');
  const [first, ...others] = filled;
  const alike = first && others.every((field) => field.type.kind === first.type.kind);
  const isDictionary =
    alike && filled.length >= 3 && new Set(filled.map(({ name }) => codeShape(name))).size === 1 && codeShape(first.name) !== null;
  return isDictionary ? { kind: 'map', key: { kind: 'string' }, value: first.type } : { kind: 'struct', fields };
}

const isObject = (type: GlueType) => type.kind === 'struct' || type.kind === 'map';

/** One sample may have shown an object as a dictionary and the other not: where its fields are of one kind, it is one on both sides. */
function reconcile(a: GlueType, b: GlueType): [GlueType, GlueType] {
  if (a.kind === 'array' && b.kind === 'array') {
    const [elementA, elementB] = reconcile(a.element, b.element);
    return [
      { kind: 'array', element: elementA },
      { kind: 'array', element: elementB },
    ];
  }
  if (a.kind === 'struct' && b.kind === 'struct') {
    const others = new Map(b.fields.map((field) => [field.name, field.type]));
    const pairs = new Map(
      a.fields.flatMap(({ name, type }) => (others.has(name) ? [[name, reconcile(type, others.get(name) ?? type)] as const] : [])),
    );
    const side = (fields: readonly StructField[], index: 0 | 1) =>
      fields.map((field) => ({ ...field, type: pairs.get(field.name)?.[index] ?? field.type }));
    return [
      { kind: 'struct', fields: side(a.fields, 0) },
      { kind: 'struct', fields: side(b.fields, 1) },
    ];
  }
  const [mapA, mapB] = [asUniformMap(a), asUniformMap(b)];
  if (!mapA || !mapB) return [a, b];
  const [valueA, valueB] = reconcile(mapA.value, mapB.value);
  return [
    { ...mapA, value: valueA },
    { ...mapB, value: valueB },
  ];
}

function asUniformMap(type: GlueType): Extract<GlueType, { kind: 'map' }> | null {
  if (type.kind === 'map') return type;
  if (type.kind !== 'struct') return null;
  const filled = type.fields.filter((field) => field.type.kind !== 'void');
  const [first] = filled;
  return first && filled.every((field) => field.type.kind === first.type.kind)
    ? { kind: 'map', key: { kind: 'string' }, value: first.type }
    : null;
}

/** The shape of a key that is a code (`de`, `USD`, `2024-01`) rather than a word; null for a word. */
function codeShape(name: string): string | null {
  if (/^\p{L}{1,3}$/u.test(name)) return `letters ${name.length}`;
  return /\d/.test(name) ? name.replace(/\d/g, '9').replace(/\p{L}/gu, 'a') : null;
}

function isUsual(observed: Observed, steps: readonly PathStep[]): boolean {
  const { parents, present } = presence(observed, steps);
  return parents > 0 && present >= USUAL * parents;
}

function isAbsent(observed: Observed, steps: readonly PathStep[]): boolean {
  const { parents, present } = presence(observed, steps);
  return parents >= MIN_PARENTS && present === 0;
}

/** How many objects could have the field at the end of `steps`, and how many have it. */
function presence({ column }: Observed, steps: readonly PathStep[]): { parents: number; present: number } {
  const last = steps.at(-1);
  if (last === undefined || typeof last === 'string') return { parents: 0, present: 0 };
  let values: unknown[] = [...column.values];
  for (const step of steps.slice(0, -1)) values = values.flatMap((value) => stepInto(value, step));
  const parents = values.filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  return { parents: parents.length, present: parents.filter((parent) => Object.hasOwn(parent as object, last.field)).length };
}

function stepInto(value: unknown, step: PathStep): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '[]') return Array.isArray(value) ? value : [];
  if (step === '{key}') return Object.keys(value);
  if (step === '{value}') return Object.values(value);
  return Object.hasOwn(value, step.field) ? [(value as Record<string, unknown>)[step.field]] : [];
}
