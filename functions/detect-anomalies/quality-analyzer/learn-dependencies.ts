/** Finds the approximate functional dependencies of a table, and keeps the strongest few into each column. */
import type { ColumnNature } from './column-nature.ts';
import { blameColumns, type Group, groupRows, opinionOf, type Votes, verdictOfOthers, witnessesNeeded } from './dependency-votes.ts';
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, packFingerprints } from './fingerprints.ts';
import type { DependencyBaseline } from './quality-baseline.ts';

/** Bounds of the search (pairs × rows) and of what is kept (fingerprints, dependencies into one column). */
const MOST_STEPS = 12_000_000;
const MOST_COLUMNS = 100;
const MOST_FINGERPRINTS = 10_000;
const MOST_INTO_ONE = 5;
/** A dependency counts where it has an opinion on enough rows and is seldom contradicted, far seldomer than chance would. */
const FEWEST_CHECKED = 30;
const LEAST_CHECKED_SHARE = 0.2;
const MOST_VIOLATED = 0.02;
const MOST_VIOLATED_OF_CHANCE = 0.1;

interface Candidate {
  readonly from: number;
  readonly to: number;
  readonly groups: Map<number, Group>;
  readonly witnesses: number;
  readonly strength: number;
}

export interface LearnedDependencies {
  readonly dependencies: DependencyBaseline[];
  /** Per column, how the baseline itself fares. */
  readonly ownBlame: readonly { readonly checked: number; readonly violated: number }[];
}

export function learnDependencies(columns: readonly EncodedColumn[], natures: readonly ColumnNature[]): LearnedDependencies {
  const rowCount = columns[0]?.rowCount ?? 0;
  const usable = columns.map((column, index) => index < MOST_COLUMNS && !natures[index]?.isKey && column.values.length > 1);
  const pairCount = usable.filter(Boolean).length ** 2;
  const rows = Math.min(rowCount, Math.floor(MOST_STEPS / Math.max(1, pairCount)));
  const candidates: Candidate[] = [];
  for (const [from, source] of columns.entries()) {
    for (const [to, target] of columns.entries()) {
      if (from === to || !usable[from] || !usable[to]) continue;
      const groups = groupRows(source.codes, target.codes, rows, target.values.length);
      const witnesses = witnessesNeeded(groups);
      const strength = strengthOf(groups, witnesses, source, target, rows);
      if (strength !== null) candidates.push({ from, to, groups, witnesses, strength });
    }
  }
  const kept = keepStrongest(candidates);
  const votes = kept.map((candidate) => votesOnItself(candidate, columns, rows));
  const blame = blameColumns(votes, columns.length, rows);
  return {
    dependencies: packBySource(kept, columns, natures),
    ownBlame: blame.map(({ checked, rows: violated }) => ({ checked, violated: violated.length })),
  };
}

/** Share of rows that the dependency can check, or null where it is none. */
function strengthOf(
  groups: Map<number, Group>,
  witnesses: number,
  source: EncodedColumn,
  target: EncodedColumn,
  rows: number,
): number | null {
  let [checked, violated] = [0, 0];
  for (const group of groups.values()) {
    const others = group.rows - group.topRows;
    if (verdictOfOthers(group, group.top, witnesses) === 1) checked += group.topRows;
    if (others > 0 && verdictOfOthers(group, -1, witnesses) === -1) {
      checked += others;
      violated += others;
    }
  }
  if (checked < Math.max(FEWEST_CHECKED, LEAST_CHECKED_SHARE * rows)) return null;
  const present = target.rowCount - target.missing;
  const byChance = 1 - target.counts.reduce((sum, count) => sum + (count / present) ** 2, 0);
  if (violated / checked > Math.min(MOST_VIOLATED, MOST_VIOLATED_OF_CHANCE * byChance)) return null;
  // Of two that check as much, the one with fewer values to store comes first.
  return (checked - violated) / rows - source.values.length / rows / 100;
}

function keepStrongest(candidates: readonly Candidate[]): Candidate[] {
  const into = new Map<number, number>();
  let stored = 0;
  return [...candidates]
    .sort((a, b) => b.strength - a.strength || a.from - b.from || a.to - b.to)
    .filter(({ to, groups }) => {
      const already = into.get(to) ?? 0;
      if (already >= MOST_INTO_ONE || stored + groups.size > MOST_FINGERPRINTS) return false;
      into.set(to, already + 1);
      stored += groups.size;
      return true;
    });
}

function votesOnItself({ from, to, groups, witnesses }: Candidate, columns: readonly EncodedColumn[], rows: number): Votes {
  const perRow = new Int8Array(rows);
  const [source, target] = [columns[from]?.codes, columns[to]?.codes];
  for (let row = 0; row < rows; row++) {
    const [x = -1, y = -1] = [source?.[row], target?.[row]];
    const group = groups.get(x);
    if (group && y >= 0) perRow[row] = verdictOfOthers(group, y, witnesses);
  }
  return { from, to, perRow };
}

/** What goes with a date is for each sample to say: the next day's dates are other ones. */
function packBySource(
  kept: readonly Candidate[],
  columns: readonly EncodedColumn[],
  natures: readonly ColumnNature[],
): DependencyBaseline[] {
  const bySource = Map.groupBy(kept, ({ from, to }) => `${from},${natures[to]?.movesOn}`);
  return [...bySource.values()].flatMap((candidates) => {
    const [first] = candidates;
    const source = columns[first?.from ?? -1];
    if (!first || !source) return [];
    // Undecided values are kept too: that they are undecided is known, and not for the next sample to decide.
    const keys = natures[first.to]?.movesOn
      ? []
      : [...new Set(candidates.flatMap(({ groups }) => [...groups].filter(([, { rows }]) => rows > 1).map(([x]) => x)))];
    const targets = candidates.flatMap(({ to, groups, witnesses }) => {
      const target = columns[to];
      if (!target) return [];
      const values = keys.map((x) => {
        const group = groups.get(x);
        const opinion = group ? opinionOf(group, witnesses) : null;
        return opinion === null ? 0 : fingerprint(target.values[opinion] ?? '');
      });
      return [{ to: target.name, values: packFingerprints(values), witnesses }];
    });
    return [{ from: source.name, keys: packFingerprints(keys.map((x) => fingerprint(source.values[x] ?? ''))), targets }];
  });
}
