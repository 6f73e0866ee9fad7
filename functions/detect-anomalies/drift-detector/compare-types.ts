/** Classes a change of type as `identical | widening | compatible | narrowing | breaking`, for one engine or for all of them merged. */
import { type Atom, abstains, ENGINE_RULES, type Engine, type EngineRules, isSubset } from './engine-rules.ts';
import { type GlueType, parseGlueType, printGlueType, type StructField } from './parse-glue-type.ts';

/**
 * `widening`: allowed, and every old value is a new value. `compatible`: allowed, but lossy or on a condition. `narrowing`: not allowed, and
 * every new value is an old value. `breaking`: the rest. From safe to unsafe, so that the worst of several is the one furthest right.
 */
export const VERDICTS = ['identical', 'widening', 'compatible', 'narrowing', 'breaking'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One difference inside two types. `path` continues the column's path: `.field`, `[]`, `{key}`, `{value}`, or empty for the type itself. */
export interface TypeDifference {
  readonly path: string;
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
  const differences: TypeDifference[] = [];
  const fold = (name: string) => (caseInsensitive ? name.toLowerCase() : name);

  const walk = (old: GlueType, now: GlueType, path: string, inMapKey: boolean): void => {
    if (old.kind === 'array' && now.kind === 'array') {
      walk(old.element, now.element, `${path}[]`, inMapKey);
    } else if (old.kind === 'map' && now.kind === 'map') {
      walk(old.key, now.key, `${path}{key}`, true);
      walk(old.value, now.value, `${path}{value}`, inMapKey);
    } else if (old.kind === 'struct' && now.kind === 'struct') {
      fields(old.fields, now.fields, path, inMapKey);
    } else if (old.kind === 'uniontype' && now.kind === 'uniontype') {
      members(old.members, now.members, path, inMapKey);
    } else {
      const verdict = compareUnlike(old, now, engine);
      if (verdict !== 'identical')
        differences.push({ path, kind: 'type_changed', from: printGlueType(old), to: printGlueType(now), verdict });
    }
  };

  const fields = (old: readonly StructField[], now: readonly StructField[], path: string, inMapKey: boolean): void => {
    const before = new Map(old.map((field) => [fold(field.name), field]));
    const after = new Map(now.map((field) => [fold(field.name), field]));
    for (const [key, field] of before) {
      const other = after.get(key);
      if (other) walk(field.type, other.type, `${path}.${field.name}`, inMapKey);
      else
        differences.push({
          path: `${path}.${field.name}`,
          kind: 'removed',
          from: printGlueType(field.type),
          to: null,
          verdict: 'breaking',
        });
    }
    for (const [key, field] of after) {
      if (before.has(key)) continue;
      // a field more makes two equal keys different: Iceberg forbids it
      const verdict = inMapKey ? 'breaking' : 'compatible';
      differences.push({ path: `${path}.${field.name}`, kind: 'added', from: null, to: printGlueType(field.type), verdict });
    }
    const kept = [...before.keys()].filter((key) => after.has(key));
    const order = [...after.keys()].filter((key) => before.has(key));
    if (kept.some((key, index) => key !== order[index])) {
      differences.push({ path, kind: 'reordered', from: kept.join(','), to: order.join(','), verdict: 'compatible' });
    }
  };

  const members = (old: readonly GlueType[], now: readonly GlueType[], path: string, inMapKey: boolean): void => {
    for (let tag = 0; tag < Math.max(old.length, now.length); tag += 1) {
      const [before, after] = [old[tag], now[tag]];
      if (before && after) walk(before, after, `${path}.tag${tag}`, inMapKey);
      else if (before)
        differences.push({ path: `${path}.tag${tag}`, kind: 'removed', from: printGlueType(before), to: null, verdict: 'breaking' });
      else if (after)
        differences.push({ path: `${path}.tag${tag}`, kind: 'added', from: null, to: printGlueType(after), verdict: 'compatible' });
    }
  };

  walk(from, to, '', false);
  return differences;
}

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
