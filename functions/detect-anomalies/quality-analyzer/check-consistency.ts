/** Consistency between columns: dependencies first, then orders, each knowing what was found before. */
import { checkDependencies } from './check-dependencies.ts';
import { checkOrders } from './check-orders.ts';
import type { CheckResult } from './check-result.ts';
import type { EncodedColumn } from './encode-column.ts';
import type { QualityBaseline } from './quality-baseline.ts';

/** Results by column name. `badShares`: the share of bad cells that the other checks found, per column. */
export function checkConsistency(
  baseline: QualityBaseline,
  columns: readonly EncodedColumn[],
  badShares: ReadonlyMap<string, number>,
): Map<string, CheckResult[]> {
  const results = new Map<string, CheckResult[]>();
  const add = ([name, result]: [string, CheckResult]) => results.set(name, [...(results.get(name) ?? []), result]);
  checkDependencies(baseline, columns, badShares).forEach(add);
  const foundSoFar = new Map([...badShares].map(([name, share]) => [name, share + excessOf(results.get(name) ?? [])]));
  checkOrders(baseline, columns, foundSoFar).forEach(add);
  return results;
}

function excessOf(results: readonly CheckResult[]): number {
  return Math.max(0, ...results.filter(({ pValue }) => pValue < 1).map(({ badShare, baselineShare }) => badShare - baselineShare));
}
