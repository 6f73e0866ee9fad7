/** Consistency by dependency: rows whose value contradicts what other columns determine. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import { blameColumns, groupRows, type Votes, verdictOfOthers } from './dependency-votes.ts';
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, unpackFingerprints } from './fingerprints.ts';
import type { DependencyBaseline, QualityBaseline } from './quality-baseline.ts';
import { showCell } from './show-cell.ts';

/** `badShares`: what the other checks found per column; a column that is known to be bad is blamed before the others. */
export function checkDependencies(
  baseline: QualityBaseline,
  columns: readonly EncodedColumn[],
  badShares: ReadonlyMap<string, number>,
): [column: string, result: CheckResult][] {
  const rowCount = columns[0]?.rowCount ?? 0;
  const votes = castVotes(baseline.dependencies, columns, rowCount);
  const firstGuess = blameColumns(votes, columns.length, rowCount);
  const suspicion = firstGuess.map(({ rows }, index) => rows.length / rowCount + (badShares.get(columns[index]?.name ?? '') ?? 0));
  return blameColumns(votes, columns.length, rowCount, suspicion).flatMap(({ checked, rows }, index) => {
    const name = columns[index]?.name ?? '';
    const own = baseline.columns.find((column) => column.name === name)?.dependencies;
    if (!own || checked === 0) return [];
    const [badShare, baselineShare] = [rows.length / checked, own.checked === 0 ? 0 : own.violated / own.checked];
    const clump = clumpOfRows(
      rows,
      votes.filter(({ to }) => to === index),
      columns,
    );
    const sources = baseline.dependencies.filter(({ targets }) => targets.some(({ to }) => to === name)).map(({ from }) => from);
    const result = checkResult({
      metric: 'consistency',
      check: 'dependency',
      badShare,
      baselineShare,
      measured: checked,
      pValue: predictiveTail(own.violated / clump, own.checked / clump, rows.length / clump, checked / clump),
      rows,
      reason: `${percent(badShare)} of the checked rows contradict what ${sources.slice(0, 3).map(showCell).join(', ')} ${sources.length === 1 ? 'determines' : 'determine'} (${percent(baselineShare)} expected)`,
    });
    return [[name, result]];
  });
}

function castVotes(dependencies: readonly DependencyBaseline[], columns: readonly EncodedColumn[], rowCount: number): Votes[] {
  const indexOf = new Map(columns.map((column, index) => [column.name, index]));
  return dependencies.flatMap(({ from, keys, targets }) =>
    targets.flatMap(({ to, values, witnesses }) => {
      const [source, target] = [indexOf.get(from) ?? -1, indexOf.get(to) ?? -1];
      const [x, y] = [columns[source], columns[target]];
      return x && y ? [{ from: source, to: target, perRow: votesPerRow(x, y, { keys, values, witnesses }, rowCount) }] : [];
    }),
  );
}

/** The baseline's opinion where it knows the value of `from`, else that of the other rows of the sample. */
function votesPerRow(
  source: EncodedColumn,
  target: EncodedColumn,
  { keys, values, witnesses }: { readonly keys: string; readonly values: string; readonly witnesses: number },
  rowCount: number,
): Int8Array {
  const perRow = new Int8Array(rowCount);
  const expectations = unpackFingerprints(values);
  const expected = new Map(unpackFingerprints(keys).map((key, index) => [key, expectations[index] ?? 0]));
  const ofSource = source.values.map(fingerprint);
  const ofTarget = target.values.map(fingerprint);
  const groups = groupRows(source.codes, target.codes, rowCount, target.values.length);
  for (let row = 0; row < rowCount; row++) {
    const [x = -1, y = -1] = [source.codes[row], target.codes[row]];
    if (x < 0 || y < 0) continue;
    const known = expected.get(ofSource[x] ?? 0);
    const group = groups.get(x);
    if (known !== undefined) perRow[row] = known === 0 ? 0 : known === ofTarget[y] ? 1 : -1;
    else if (group) perRow[row] = verdictOfOthers(group, y, witnesses);
  }
  return perRow;
}

/**
 * A wrong opinion about one value of `from` makes nearly all of its rows look wrong; where most of them agree, each that does not is a
 * wrong row of its own. The mean number of blamed rows that fall or stand together.
 */
function clumpOfRows(rows: readonly number[], votes: readonly Votes[], columns: readonly EncodedColumn[]): number {
  if (rows.length === 0) return 1;
  const against = votes.map((vote) => rows.filter((row) => vote.perRow[row] === -1));
  const most = against.reduce((best, each, index) => (each.length > (against[best]?.length ?? 0) ? index : best), 0);
  const source = columns[votes[most]?.from ?? -1];
  const rowsOf = new Map<number, number>();
  for (const row of against[most] ?? []) rowsOf.set(source?.codes[row] ?? -1, (rowsOf.get(source?.codes[row] ?? -1) ?? 0) + 1);
  let [all, squares] = [0, 0];
  for (const [code, blamed] of rowsOf) {
    all += blamed;
    squares += blamed * (2 * blamed > (source?.counts[code] ?? 0) ? blamed : 1);
  }
  return Math.max(1, squares / Math.max(1, all));
}
