/** Of the checks that found the same cells, the one that says it best. */
import type { CheckResult } from './check-result.ts';

/** The most telling first: what a person would name when looking at the cells. */
const MOST_TELLING = [
  ...['absent', 'missing', 'missing-spelling', 'repeated', 'duplicate-rows', 'kind', 'range', 'outline', 'shape', 'format', 'misspelling'],
  ...['domain', 'frequency', 'length', 'characters', 'spelling', 'distribution', 'length-distribution', 'dependency', 'order'],
];
/** A further check of the same metric is told where at least this share of its rows is not covered yet. */
const LEAST_NEW = 0.2;

/** At most `limit` results, those with most bad cells first. */
export function chooseFindings(results: readonly CheckResult[], limit: number): CheckResult[] {
  const rank = ({ check }: CheckResult) => (MOST_TELLING.indexOf(check) + MOST_TELLING.length + 1) % (MOST_TELLING.length + 1);
  const covered = new Map<CheckResult['metric'], Set<number>>();
  const chosen = [...results]
    .sort((a, b) => rank(a) - rank(b) || a.pValue - b.pValue)
    .filter((result) => {
      const rows = covered.get(result.metric);
      const isNew = rows === undefined || result.rows.filter((row) => !rows.has(row)).length > LEAST_NEW * result.rows.length;
      if (isNew) covered.set(result.metric, new Set([...(rows ?? []), ...result.rows]));
      return isNew;
    });
  const excess = ({ badShare, baselineShare, measured }: CheckResult) => (badShare - baselineShare) * measured;
  return chosen.sort((a, b) => excess(b) - excess(a)).slice(0, limit);
}
