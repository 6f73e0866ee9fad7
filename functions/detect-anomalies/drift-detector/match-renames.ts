/** Finds which removed column is which added one under another name: values, names, types and positions, assigned optimally. */
import type { TableSample } from '../table-sample.ts';
import { assignOptimally } from './assign-optimally.ts';
import type { Verdict } from './compare-types.ts';
import { distributionSimilarity, joinedAgreement, prepare } from './compare-values.ts';
import { joinRows } from './join-rows.ts';
import { nameSimilarity, weighWords, wordsOf } from './name-similarity.ts';

/** Below this score two columns are a removal and an addition. */
export const RENAME_THRESHOLD = 0.64;

/** What each kind of evidence counts; every row sums to 1. */
const WEIGHTS = {
  /** The same records on both sides: what the values say nearly settles it. */
  joined: { values: 0.8, name: 0.12, type: 0, position: 0.08 },
  /** Other records, but nearly all of their words are the same: names of places, codes of products. */
  vocabulary: { values: 0.5, name: 0.25, type: 0.1, position: 0.15 },
  /** Rows on both sides, but other records: alike distributions support a name. */
  distribution: { values: 0.25, name: 0.45, type: 0.1, position: 0.2 },
  schema: { values: 0, name: 0.6, type: 0.15, position: 0.25 },
} as const;

/** Joined values that agree less than this contradict a rename, unless the names are nearly the same: then the distributions are asked. */
const CONTRADICTED = 0.4;
const NEARLY_SAME_NAME = 0.85;
/** Distributions that overlap less than this contradict it too. */
const UNLIKE = 0.2;
/** Rows are there, and yet these two columns show nothing to compare: names and places alone must persuade more. */
const SILENT_VALUES = 0.9;
/** How well two types agree with being the same column. */
const TYPE_AGREEMENT: Readonly<Record<Verdict, number>> = { identical: 1, widening: 0.8, compatible: 0.7, narrowing: 0.6, breaking: 0.2 };
/** More pairs than this are matched without their values. */
const MAX_PAIRS_WITH_VALUES = 2_500;
/** Beyond this only names that are the same but for case and separators are matched. */
const MAX_PAIRS = 40_000;

export interface NamedColumn {
  readonly name: string;
  readonly type: string;
}

export interface RenameQuestion {
  /** All columns in order, the kept ones included: they anchor positions and join rows. */
  readonly baseline: readonly NamedColumn[];
  readonly current: readonly NamedColumn[];
  readonly removed: readonly NamedColumn[];
  readonly added: readonly NamedColumn[];
  /** [baseline name, current name] of the columns that stayed. */
  readonly kept: readonly (readonly [string, string])[];
  readonly samples: { readonly baseline: TableSample; readonly current: TableSample } | null;
  compare(from: string, to: string): Verdict;
}

export interface Rename {
  readonly from: NamedColumn;
  readonly to: NamedColumn;
  readonly score: number;
  readonly reason: string;
}

/** The renames among the removed and added columns; each column takes part in one at most. */
export function matchRenames(question: RenameQuestion): Rename[] {
  const { removed, added, baseline, current, samples } = question;
  const pairs = removed.length * added.length;
  if (pairs > MAX_PAIRS) return sameWords(question);
  if (pairs === 0) return [];
  const weigh = weighWords([...baseline, ...current].map(({ name }) => name));
  const position = positionOf(question);
  const values = samples && pairs <= MAX_PAIRS_WITH_VALUES ? valueEvidence(question, samples) : noValues;
  const rate = (from: NamedColumn, to: NamedColumn) => {
    const name = nameSimilarity(from.name, to.name, weigh);
    const seen = values(from.name, to.name, name);
    const place = position(from.name, to.name);
    const weights = WEIGHTS[seen?.kind ?? 'schema'];
    const type = TYPE_AGREEMENT[question.compare(from.type, to.type)];
    const sum = weights.values * Math.max(0, seen?.alike ?? 0) + weights.name * name + weights.type * type + weights.position * place;
    // the same words in another dress (`alt-spellings`, `altSpellings`) are the same column whatever its values have become
    const score = name === 1 ? Math.max(0.9, sum) : samples && seen === null ? SILENT_VALUES * sum : sum;
    const contradicted = seen?.kind === 'distribution' && seen.alike < UNLIKE && name < NEARLY_SAME_NAME;
    return { score: contradicted ? 0 : score, reason: explain(name, seen, place) };
  };
  const rated = removed.map((from) => added.map((to) => rate(from, to)));
  const scores = rated.map((row) => row.map(({ score }) => (score >= RENAME_THRESHOLD ? score : 0)));
  return assignOptimally(scores).flatMap((column, row) => {
    const [from, to, rating] = column === null ? [] : [removed[row], added[column], rated[row]?.[column]];
    return from && to && rating ? [{ from, to, score: Math.round(rating.score * 1000) / 1000, reason: rating.reason }] : [];
  });
}

interface ValueEvidence {
  readonly kind: 'joined' | 'vocabulary' | 'distribution';
  readonly alike: number;
}

function valueEvidence({ kept }: RenameQuestion, { baseline, current }: NonNullable<RenameQuestion['samples']>) {
  const [before, after] = [prepare(baseline), prepare(current)];
  const rows = joinRows(before, after, kept);
  return (from: string, to: string, name: number): ValueEvidence | null => {
    const [a, b] = [before.get(from), after.get(to)];
    if (!a || !b) return null;
    const agreement = rows && joinedAgreement(a, b, rows);
    // values may be written anew (units, rounding, formats): nearly the same name asks for less than the same values
    if (agreement !== null && (agreement >= CONTRADICTED || name < NEARLY_SAME_NAME)) return { kind: 'joined', alike: agreement };
    const distribution = distributionSimilarity(a, b);
    return distribution && { kind: distribution.isVocabulary ? 'vocabulary' : 'distribution', alike: distribution.alike };
  };
}

const noValues: ReturnType<typeof valueEvidence> = () => null;

/** The renames that need no score. */
function sameWords({ removed, added }: RenameQuestion): Rename[] {
  const byWords = new Map(added.map((column) => [wordsOf(column.name).join(''), column]));
  return removed.flatMap((from) => {
    const key = wordsOf(from.name).join('');
    const to = byWords.get(key);
    byWords.delete(key);
    return to && key !== '' ? [{ from, to, score: 0.9, reason: explain(1, null, 0) }] : [];
  });
}

function explain(name: number, seen: ValueEvidence | null, place: number): string {
  const values =
    seen &&
    (seen.kind === 'joined' ? `values of the same rows agree ${percent(seen.alike)}` : `distributions overlap ${percent(seen.alike)}`);
  return [values, `names alike ${percent(name)}`, place === 1 ? 'same position' : null].filter((part) => part !== null).join(', ');
}

const percent = (share: number) => `${Math.round(Math.max(0, share) * 100)} %`;

/**
 * How well two places agree, in [0, 1]: the kept columns are anchors; 1 where both stand between the same two anchors, as many having gone as have
 * come there, at the same step. Less where the gap is uneven or only one neighbour is the same.
 */
function positionOf({ baseline, current, removed, added, kept }: RenameQuestion): (from: string, to: string) => number {
  const anchors = new Map(kept);
  const gapsBefore = gapsOf(baseline, new Set(removed.map(({ name }) => name)), (name) => anchors.get(name) ?? name);
  const gapsAfter = gapsOf(current, new Set(added.map(({ name }) => name)), (name) => name);
  return (from, to) => {
    const [a, b] = [gapsBefore.get(from), gapsAfter.get(to)];
    if (!a || !b) return 0;
    const same = Number(a.previous === b.previous) + Number(a.next === b.next);
    const shift = Math.abs(a.at - b.at);
    if (same === 2)
      return a.size === b.size ? Math.max(0.6, 1 - 0.2 * Math.abs(a.step - b.step)) : Math.max(0.4, 0.75 - 0.1 * Math.abs(a.step - b.step));
    if (same === 1) return Math.max(0.3, 0.5 - shift);
    return Math.max(0, 0.25 - shift);
  };
}

interface Gap {
  /** The anchor before and after; null at either end. */
  readonly previous: string | null;
  readonly next: string | null;
  /** Columns in the gap, and which of them this is. */
  size: number;
  readonly step: number;
  /** Relative place in the whole list, in [0, 1). */
  readonly at: number;
}

function gapsOf(columns: readonly NamedColumn[], inGaps: ReadonlySet<string>, anchorName: (name: string) => string): Map<string, Gap> {
  const gaps = new Map<string, Gap>();
  let previous: string | null = null;
  let open: { name: string; at: number }[] = [];
  const close = (next: string | null) => {
    open.forEach(({ name, at }, step) => {
      gaps.set(name, { previous, next, size: open.length, step, at });
    });
    open = [];
  };
  columns.forEach(({ name }, index) => {
    if (inGaps.has(name)) {
      open.push({ name, at: index / columns.length });
    } else {
      close(anchorName(name));
      previous = anchorName(name);
    }
  });
  close(null);
  return gaps;
}
