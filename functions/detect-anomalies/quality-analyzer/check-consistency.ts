/** Consistency: rows that contradict the dependencies between columns, or an order such as start before end. */
import { predictiveTail } from './beta-binomial.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import { blameColumns, groupRows, opinionOf, type Votes, verdictOfOthers } from './dependency-votes.ts';
import type { EncodedColumn } from './encode-column.ts';
import { fingerprint, unpackFingerprints } from './fingerprints.ts';
import { scaleRows } from './learn-orders.ts';
import type { OrderBaseline, QualityBaseline } from './quality-baseline.ts';

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
  for (const [name, result] of baseline.orders.flatMap((order) => checkOrder(order, baseline, columns))) add(name, result);
  return results;
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
    for (const { to, values } of targets) {
      const [source, target] = [indexOf.get(from), indexOf.get(to)];
      if (source === undefined || target === undefined) continue;
      votes.push({ from: source, to: target, perRow: castVotes(columns[source], columns[target], keys, values, rowCount) });
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
  keys: string,
  values: string,
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
    else if (group && opinionOf(group) !== null) perRow[row] = verdictOfOthers(group, y);
  }
  return perRow;
}

/** Broken orders count against the column whose value is further from what is usual for it. */
function checkOrder(order: OrderBaseline, baseline: QualityBaseline, columns: readonly EncodedColumn[]): [string, CheckResult][] {
  const [lower, upper] = [order.lower, order.upper].map((name) => columns.find((column) => column.name === name));
  if (!lower || !upper) return [];
  const [low, high] = [scaleRows(lower, order.unit), scaleRows(upper, order.unit)];
  const [lowDistance, highDistance] = [
    distanceFromUsual(order.lower, order.unit, baseline),
    distanceFromUsual(order.upper, order.unit, baseline),
  ];
  const blamed: Record<'lower' | 'upper', number[]> = { lower: [], upper: [] };
  let checked = 0;
  for (let row = 0; row < low.length; row++) {
    const [a = Number.NaN, b = Number.NaN] = [low[row], high[row]];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    checked++;
    if (a > b) blamed[lowDistance(a) >= highDistance(b) ? 'lower' : 'upper'].push(row);
  }
  if (checked === 0) return [];
  return (['lower', 'upper'] as const).map((side) => {
    const badShare = blamed[side].length / checked;
    const result = checkResult({
      metric: 'consistency',
      check: 'order',
      badShare,
      baselineShare: order.violated / order.checked,
      pValue: predictiveTail(order.violated, order.checked, blamed[side].length, checked),
      rows: blamed[side],
      reason: `in ${percent(badShare)} of the rows ${order.lower} is after ${order.upper}`,
    });
    return [order[side], result];
  });
}

function distanceFromUsual(name: string, unit: OrderBaseline['unit'], baseline: QualityBaseline): (value: number) => number {
  const quantiles = baseline.columns.find((column) => column.name === name)?.ranges.find((range) => range.unit === unit)?.quantiles ?? [];
  const at = (share: number) => quantiles[Math.floor(share * (quantiles.length - 1))] ?? 0;
  const [median, spread] = [at(0.5), Math.max(at(0.75) - at(0.25), Number.MIN_VALUE)];
  return (value) => Math.abs(value - median) / spread;
}
