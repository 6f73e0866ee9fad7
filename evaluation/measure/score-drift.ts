/** How answers of the drift detector are counted against labelled pairs. Pure. */
import * as z from 'zod';
import type { Drift, DriftChange } from '../../functions/detect-anomalies/drift-detector/drift.ts';
import {
  addCounts,
  atMost,
  type Counts,
  compareSets,
  f1,
  figure,
  NO_COUNTS,
  precision,
  recall,
  type SuiteResult,
  share,
} from './measurement.ts';

const names = z.array(z.string()).default([]);
const renameSchema = z.object({ from: z.string(), to: z.string() });
const typeChangeSchema = z.object({ path: z.string(), kind: z.string(), verdict: z.string().optional(), accept: names });

export const labelledPairSchema = z.object({
  id: z.string(),
  kind: z.string(),
  expected: z.object({
    added: names,
    removed: names,
    renamed: z.array(renameSchema.extend({ type_from: z.string().optional() })).default([]),
    type_changed: z.array(typeChangeSchema).default([]),
    nested_added: names,
    nested_removed: names,
    type_changed_inferred_advisory: z.array(z.object({ path: z.string() })).default([]),
    /** Null where only contested changes decide it. */
    breaking: z.boolean().nullable(),
    no_change: z.boolean(),
  }),
  /** Renames that may as well be read as a removal and an addition. */
  ambiguous: z.array(renameSchema).default([]),
});

export type LabelledPair = z.infer<typeof labelledPairSchema>;
type Answers = ReadonlyMap<string, Drift | Error>;

const KINDS = ['added', 'removed', 'renamed', 'type_changed'] as const;
type Kind = (typeof KINDS)[number];

interface PairScore {
  readonly counts: Readonly<Record<Kind, Counts>>;
  /** Type changes found at the right place, and those of them with a right verdict. */
  readonly located: number;
  readonly judgedRightly: number;
  /** Null where the pair's breaking verdict is not scored. */
  readonly breakingRight: boolean | null;
  readonly claimsAny: boolean;
}

/** An error, or no answer, is a pair without any change found and with a wrong breaking verdict. */
export function scoreDrift(pairs: readonly LabelledPair[], answers: Answers): SuiteResult {
  const scored = pairs.map((pair) => ({ pair, answer: answers.get(pair.id), score: scorePair(pair, answers.get(pair.id)) }));
  const total = (kind: Kind) => scored.reduce((sum, { score }) => addCounts(sum, score.counts[kind]), NO_COUNTS);
  const sum = (pick: (score: PairScore) => number) => scored.reduce((all, { score }) => all + pick(score), 0);
  const verdicts = scored.filter(({ score }) => score.breakingRight !== null);
  const unchanged = scored.filter(({ pair }) => pair.expected.no_change);
  const exact = scored.filter(({ score }) => KINDS.every((kind) => score.counts[kind].fp + score.counts[kind].fn === 0));
  return {
    measurements: [
      figure('added F1', f1(total('added')), 0.97),
      figure('removed F1', f1(total('removed')), 0.97),
      figure('type changed F1', f1(total('type_changed')), 0.97),
      figure('renamed precision', precision(total('renamed')), 0.9),
      figure('renamed recall', recall(total('renamed')), 0.7),
      atMost('alarms on no-change pairs', unchanged.filter(({ score }) => score.claimsAny).length, unchanged.length, 0),
      share('breaking verdict', verdicts.filter(({ score }) => score.breakingRight).length, verdicts.length, 0.97),
      share(
        'type verdict',
        sum(({ judgedRightly }) => judgedRightly),
        sum(({ located }) => located),
      ),
      share('pairs without any mistake', exact.length, pairs.length),
    ],
    misses: scored.flatMap(({ pair, answer, score }) => describeMiss(pair, answer, score)),
  };
}

export function scorePair({ kind, expected, ambiguous }: LabelledPair, answer: Drift | Error | undefined): PairScore {
  // Hive and Glue, and Parquet as they read it, do not tell upper from lower case.
  const foldsCase = kind === 'glue_ddl' || kind === 'parquet_types';
  const fold = (name: string) => (foldsCase ? name.toLowerCase() : name);
  const key = ({ from, to }: { from: string; to: string }) => JSON.stringify([fold(from), fold(to)]);
  const found = changesOf(answer);
  const folded = (list: readonly string[]) => new Set(list.map(fold));
  const added = folded(expected.added);
  const removed = folded(expected.removed);
  const renamed = new Set(expected.renamed.map(key));
  const foundRenames = found
    .filter((change) => change.kind === 'renamed')
    .map(({ from, path, to }) => ({ from: from ?? path, to: to ?? '' }));
  const foundRenamed = new Set(foundRenames.filter(({ from, to }) => !foldsCase || fold(from) !== fold(to)).map(key));
  for (const reading of ambiguous) {
    if (!foundRenamed.delete(key(reading))) continue;
    removed.delete(fold(reading.from));
    added.delete(fold(reading.to));
  }
  const types = new Map(
    expected.type_changed.filter((change) => change.kind === 'type_changed').map((change) => [fold(change.path), change]),
  );
  // Changes inside of structs may be told as type changes or as fields that come and go; inferred types are not scored.
  const optional = folded([
    ...expected.type_changed.filter((change) => change.kind !== 'type_changed').map(({ path }) => path),
    ...expected.nested_added,
    ...expected.nested_removed,
    ...expected.renamed.filter(({ type_from }) => type_from !== undefined).flatMap(({ from, to }) => [from, to]),
    ...expected.type_changed_inferred_advisory.map(({ path }) => path),
  ]);
  const foundPaths = (wanted: Kind) =>
    new Set(found.flatMap(({ kind: seen, path }) => (seen === wanted && !optional.has(fold(path)) ? [fold(path)] : [])));
  const foundTypes = new Map(found.filter((change) => change.kind === 'type_changed').map((change) => [fold(change.path), change]));
  const [foundAdded, foundRemoved, foundRetyped] = [foundPaths('added'), foundPaths('removed'), foundPaths('type_changed')];
  const located = [...types].filter(([path]) => foundRetyped.has(path));
  const breaking = answer === undefined || answer instanceof Error ? null : answer.severity === 'breaking';
  return {
    counts: {
      added: compareSets(added, foundAdded),
      removed: compareSets(removed, foundRemoved),
      renamed: compareSets(renamed, foundRenamed),
      type_changed: compareSets(new Set(types.keys()), foundRetyped),
    },
    located: located.length,
    judgedRightly: located.filter(([path, { verdict, accept }]) => {
      const seen = foundTypes.get(path)?.verdict;
      return seen !== undefined && (accept.length > 0 ? accept.includes(seen) : seen === verdict);
    }).length,
    breakingRight: expected.breaking === null ? null : breaking === expected.breaking,
    claimsAny: foundAdded.size + foundRemoved.size + foundRenamed.size + foundRetyped.size > 0,
  };
}

function changesOf(answer: Drift | Error | undefined): readonly DriftChange[] {
  return answer === undefined || answer instanceof Error ? [] : answer.changes;
}

function describeMiss({ id }: LabelledPair, answer: Drift | Error | undefined, { counts, breakingRight }: PairScore): string[] {
  if (answer instanceof Error) return [`${id}: ${answer.message}`];
  const wrong = KINDS.filter((kind) => counts[kind].fp + counts[kind].fn > 0).map(
    (kind) => `${kind} ${counts[kind].fp} too many, ${counts[kind].fn} not found`,
  );
  if (breakingRight === false) wrong.push('breaking verdict wrong');
  return wrong.length === 0 ? [] : [`${id}: ${wrong.join('; ')}`];
}
