/** Classes a change of type as `identical | widening | compatible | narrowing | breaking`, for one engine or for all of them merged. */
import { type Atom, abstains, ENGINE_RULES, type Engine, type EngineRules, isSubset } from './engine-rules.ts';
import { type GlueType, parseGlueType, printGlueType, type StructField } from './parse-glue-type.ts';

/**
 * `widening`: allowed, and every old value is a new value. `compatible`: allowed, but lossy or on a condition. `narrowing`: not allowed, and
 * every new value is an old value. `breaking`: the rest. From safe to unsafe, so that the worst of several is the one furthest right.
 */
export const VERDICTS = ['identical', 'widening', 'compatible', 'narrowing', 'breaking'] as const;
export type Verdict = (typeof VERDICTS)[number];

export type PathStep = { readonly field: string } | '[]' | '{key}' | '{value}';

/** `a.b[]{value}`, without the column's name: empty for the column itself. */
export function printPath(steps: readonly PathStep[]): string {
  return steps.map((step) => (typeof step === 'string' ? step : `.${step.field}`)).join('');
}

/** One difference inside two types. `path` continues the column's path: `.field`, `[]`, `{key}`, `{value}`, or empty for the type itself. */
export interface TypeDifference {
  readonly path: string;
  /** The same path, step by step: where to look into a nested value. */
  readonly steps: readonly PathStep[];
  readonly kind: 'added' | 'removed' | 'reordered' | 'type_changed';
  /** Canonical spelling; null where the side has no such part. */
  readonly from: string | null;
  readonly to: string | null;
  readonly verdict: Verdict;
}

export interface CompareOptions {
  readonly engine?: Engine;
  /** Field names differ only in case: the same field. Default: as the engine has it (Iceberg and Avro tell them apart). */
  readonly caseInsensitive?: boolean;
}

/**
 * The verdict on reading data of type `from` as type `to`; `engine` defaults to `merged`: the most cautious of the engines that know both types.
 * @throws InputError `E_TYPE` where either text is not a Glue type.
 */
export function compareTypes(from: string, to: string, engine: Engine = 'merged'): Verdict {
  return worst(diffTypes(parseGlueType(from), parseGlueType(to), { engine }).map(({ verdict }) => verdict));
}

/** The most unsafe of several verdicts; `identical` where there is none. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let found: Verdict = 'identical';
  for (const verdict of verdicts) if (VERDICTS.indexOf(verdict) > VERDICTS.indexOf(found)) found = verdict;
  return found;
}

/** Every difference between two types, the nested ones with their path; none where they are identical. */
export function diffTypes(from: GlueType, to: GlueType, options: CompareOptions = {}): TypeDifference[] {
  const engine = options.engine ?? 'merged';
  const caseInsensitive = options.caseInsensitive ?? !(engine === 'iceberg' || engine === 'avro');
  const found: TypeDifference[] = [];
  const report = (steps: readonly PathStep[], kind: TypeDifference['kind'], old: string | null, now: string | null, verdict: Verdict) =>
    found.push({ path: printPath(steps), steps, kind, from: old, to: now, verdict });

  const walk = (old: GlueType, now: GlueType, at: readonly PathStep[]): void => {
    if (old.kind === 'array' && now.kind === 'array') {
      walk(old.element, now.element, [...at, '[]']);
    } else if (old.kind === 'map' && now.kind === 'map') {
      walk(old.key, now.key, [...at, '{key}']);
      walk(old.value, now.value, [...at, '{value}']);
    } else if (old.kind === 'struct' && now.kind === 'struct') {
      walkFields(old.fields, now.fields, at);
    } else if (old.kind === 'uniontype' && now.kind === 'uniontype') {
      walkFields(old.members.map(asTag), now.members.map(asTag), at);
    } else {
      const verdict = compareUnlike(old, now, engine);
      if (verdict !== 'identical') report(at, 'type_changed', printGlueType(old), printGlueType(now), verdict);
    }
  };

  const walkFields = (old: readonly StructField[], now: readonly StructField[], at: readonly PathStep[]): void => {
    const byName = (fields: readonly StructField[]) =>
      new Map(fields.map((field) => [caseInsensitive ? field.name.toLowerCase() : field.name, field]));
    const [before, after] = [byName(old), byName(now)];
    for (const [key, { name, type }] of before) {
      const other = after.get(key);
      if (other) walk(type, other.type, [...at, { field: name }]);
      else report([...at, { field: name }], 'removed', printGlueType(type), null, 'breaking');
    }
    for (const [key, { name, type }] of after) {
      if (before.has(key)) continue;
      // one field more makes equal keys different: Iceberg forbids it
      report([...at, { field: name }], 'added', null, printGlueType(type), at.includes('{key}') ? 'breaking' : 'compatible');
    }
    const kept = [...before.keys()].filter((key) => after.has(key));
    const order = [...after.keys()].filter((key) => before.has(key));
    if (kept.some((key, index) => key !== order[index])) report(at, 'reordered', kept.join(','), order.join(','), 'compatible');
  };

  walk(from, to, []);
  return found;
}

/** A union's members are told apart by their place. */
const asTag = (type: GlueType, index: number): StructField => ({ name: `tag${index}`, type });

/** Two atoms, or two types of different build. */
function compareUnlike(from: GlueType, to: GlueType, engine: Engine): Verdict {
  if (isAtom(from) && isAtom(to)) {
    if (printGlueType(from) === printGlueType(to)) return 'identical';
    return engine === 'merged' ? mergedVerdict(from, to) : judge(ENGINE_RULES[engine], from, to);
  }
  // void holds nothing but null, which every nested type admits except in Avro
  if (engine !== 'avro' && from.kind === 'void') return 'widening';
  if (engine !== 'avro' && to.kind === 'void') return 'narrowing';
  return 'breaking';
}

/** The merged rule: each engine that knows both types answers, the most unsafe answer counts; where none knows them, nothing is allowed. */
function mergedVerdict(from: Atom, to: Atom): Verdict {
  const answers = Object.values(ENGINE_RULES)
    .filter((rules) => !abstains(rules, from, to))
    .map((rules) => judge(rules, from, to));
  return answers.length > 0 ? worst(answers) : refused(from, to, true);
}

function judge(rules: EngineRules, from: Atom, to: Atom): Verdict {
  if (!rules.allows(from, to)) return refused(from, to, rules.everyTypeAdmitsNull);
  return isPart(from, to, rules.everyTypeAdmitsNull) ? 'widening' : 'compatible';
}

const refused = (from: Atom, to: Atom, everyTypeAdmitsNull: boolean): Verdict =>
  isPart(to, from, everyTypeAdmitsNull) ? 'narrowing' : 'breaking';

const isPart = (part: Atom, whole: Atom, everyTypeAdmitsNull: boolean) =>
  part.kind === 'void' ? everyTypeAdmitsNull : isSubset(part, whole);

function isAtom(type: GlueType): type is Atom {
  return type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'struct' && type.kind !== 'uniontype';
}
