/** Consistency: rows that contradict the dependencies between columns, or an order such as start before end. */
import { predictiveTail } from './beta-binomial.ts';
import { checkOrders } from './check-orders.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import { blameColumns, groupRows, type Votes, verdictOfOthers } from './dependency-votes.ts';
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, unpackFingerprints } from './fingerprints.ts';
import type { QualityBaseline } from './quality-baseline.ts';

/** Results by column name. */
export type ResultsByColumn = ReadonlyMap<string, readonly CheckResult[]>;

/** `badShares`: what the other checks found, per column; it decides which of two contradicting columns is to blame. */
export function checkConsistency(
  baseline: QualityBaseline,
  columns: readonly EncodedColumn[],
  badShares: ReadonlyMap<string, number>,
): ResultsByColumn {
  const results = new Map<string, CheckResult[]>();
  const add = (name: string, result: CheckResult) => results.set(name, [...(results.get(name) ?? []), result]);
  for (const [name, result] of checkDependencies(baseline, columns, badShares)) add(name, result);
  const withDependencies = new Map([...badShares].map(([name, share]) => [name, share + foundShare(results.get(name))]));
  for (const [name, result] of checkOrders(baseline, columns, withDependencies)) add(name, result);
  return results;
}

function foundShare(results: readonly CheckResult[] = []): number {
  return Math.max(0, ...results.filter(({ pValue }) => pValue < 1).map(({ badShare, baselineShare }) => badShare - baselineShare));
}

function checkDependencies(
  baseline: QualityBaseline,
  columns: readonly EncodedColumn[],
  badShares: ReadonlyMap<string, number>,
): [string, CheckResult][] {
  const indexOf = new Map(columns.map((column, index) => [column.name, index]));
  const rowCount = columns[0]?.rowCount ?? 0;
  const votes: Votes[] = [];
  const sources = new Map<string, string[]>();
  for (const { from, keys, targets } of baseline.dependencies) {
    for (const { to, values, witnesses } of targets) {
      const [source, target] = [indexOf.get(from), indexOf.get(to)];
      if (source === undefined || target === undefined) continue;
      votes.push({ from: source, to: target, perRow: castVotes(columns[source], columns[target], { keys, values, witnesses }, rowCount) });
      sources.set(to, [...(sources.get(to) ?? []), from]);
    }
  }
  const firstGuess = blameColumns(votes, columns.length, rowCount);
  const suspicion = firstGuess.map(({ rows }, index) => rows.length / rowCount + (badShares.get(columns[index]?.name ?? '') ?? 0));
  return blameColumns(votes, columns.length, rowCount, suspicion).flatMap(({ checked, rows }, index) => {
    const name = columns[index]?.name ?? '';
    const own = baseline.columns.find((column) => column.name === name)?.dependencies;
    if (!own || checked === 0) return [];
    const badShare = rows.length / checked;
    const result = checkResult({
      metric: 'consistency',
      check: 'dependency',
      badShare,
      baselineShare: own.checked === 0 ? 0 : own.violated / own.checked,
      pValue: predictiveTail(own.violated, own.checked, rows.length, checked),
      rows,
      reason: `${percent(badShare)} of the checked rows contradict what ${sources.get(name)?.slice(0, 3).join(', ')} determine${sources.get(name)?.length === 1 ? 's' : ''}`,
    });
    return [[name, result]];
  });
}

/** The baseline's opinion where it knows the value of `from`, else that of the other rows of the sample. */
function castVotes(
  source: EncodedColumn | undefined,
  target: EncodedColumn | undefined,
  { keys, values, witnesses }: { readonly keys: string; readonly values: string; readonly witnesses: number },
  rowCount: number,
): Int8Array {
  const perRow = new Int8Array(rowCount);
  if (!source || !target) return perRow;
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
