/** The data quality analyzer: compares a sample with the model of the last good data, column by column and as a whole. */
import type { TableSample } from '../table-sample.ts';
import { checkAbsent, checkCompleteness, checkMissingSpelling } from './check-completeness.ts';
import { checkConsistency } from './check-consistency.ts';
import { checkFrequency } from './check-frequency.ts';
import { checkMalformed } from './check-malformed.ts';
import { checkRanges } from './check-ranges.ts';
import type { CheckResult } from './check-result.ts';
import { checkTraits, checkWords } from './check-traits.ts';
import { checkDuplicateRows, checkUniqueness } from './check-uniqueness.ts';
import { describeColumn, describeFinding, describeFindings } from './describe-quality.ts';
import { type EncodedColumn, encodeColumn } from './encode-column.ts';
import { benjaminiHochberg, simes } from './multiple-testing.ts';
import type { ColumnBaseline, QualityBaseline } from './quality-baseline.ts';
import type { QualityReport } from './quality-report.ts';
import { type Losses, qualityCondition, qualityScore } from './score.ts';
import { lossOf, NOTABLE } from './weigh-results.ts';

export interface AnalyzeOptions {
  /**
   * Share of false ones among the columns called degraded, at most (Benjamini-Hochberg). The tests are of counts and one-sided, so
   * that the share seen is far smaller: the two halves of good data differ in one column of a thousand.
   */
  readonly falseDiscoveryRate?: number;
  /** Rows listed per column and finding. */
  readonly maxOffendingRows?: number;
  readonly maxExamples?: number;
}

/** With fewer rows in the baseline nothing can be learned. */
const FEWEST_BASELINE_ROWS = 10;

/** Deterministic. Columns are matched by name; those that only the current sample has are for the drift detector. */
export function analyzeQuality(baseline: QualityBaseline, current: TableSample, options: AnalyzeOptions = {}): QualityReport {
  const { rowCount } = current;
  const size = { rows: rowCount, baselineRows: baseline.rows };
  const limits = { offendingRows: options.maxOffendingRows ?? 10_000, examples: options.maxExamples ?? 5 };
  const malformed = checkMalformed(baseline, rowCount, current.malformedRows);
  if (baseline.rows < FEWEST_BASELINE_ROWS || baseline.columns.length === 0 || rowCount === 0) {
    // records of which not one can be read are bad; none at all are no evidence
    return rowCount === 0 && malformed.pValue <= NOTABLE
      ? { condition: 'poor', score: 0, ...size, columns: [], findings: [describeFinding(null, undefined, malformed, limits)] }
      : { condition: 'unmeasured', score: null, ...size, columns: [], findings: [] };
  }
  const encoded = new Map(current.columns.map((column) => [column.name, encodeColumn(column)]));
  const results = checkColumns(baseline, encoded, rowCount);
  const duplicates = checkDuplicateRows(baseline, [...encoded.values()], rowCount);
  const ofRecords = current.malformedRows > 0 ? [malformed, duplicates] : [duplicates];
  const pValues = [...results.map(columnPValue), ...ofRecords.map(({ pValue }) => pValue)];
  const adjusted = benjaminiHochberg(pValues);
  const isDegraded = pValues.map((pValue, index) => pValue <= NOTABLE && (adjusted[index] ?? 1) <= (options.falseDiscoveryRate ?? 0.15));
  const losses: Losses = {
    columns: results.map((each) => lossOf(each, rowCount)),
    duplicateRows: lossOf([duplicates], rowCount),
    malformedRows: lossOf([malformed], malformed.measured),
  };
  const judged = baseline.columns.map(({ name }, index) => ({
    name,
    now: encoded.get(name),
    results: results[index] ?? [],
    degraded: isDegraded[index] ?? false,
  }));
  return {
    condition: qualityCondition(losses, isDegraded.includes(true)),
    score: qualityScore(losses),
    ...size,
    columns: judged.map((column) => describeColumn(column, limits)),
    findings: [
      ...judged.flatMap((column) => describeFindings(column, limits)),
      ...ofRecords.filter((_, index) => isDegraded[results.length + index]).map((each) => describeFinding(null, undefined, each, limits)),
    ],
  };
}

/** Per column of the baseline: first each column alone, then what contradicts the others. */
function checkColumns(baseline: QualityBaseline, encoded: ReadonlyMap<string, EncodedColumn>, rowCount: number): CheckResult[][] {
  const alone = baseline.columns.map((column) => checkAlone(column, encoded.get(column.name), rowCount));
  const badShares = new Map(baseline.columns.map(({ name }, index) => [name, lossOf(alone[index] ?? [], rowCount)]));
  const together = checkConsistency(baseline, [...encoded.values()], badShares);
  return baseline.columns.map(({ name }, index) => [...(alone[index] ?? []), ...(together.get(name) ?? [])]);
}

function checkAlone(baseline: ColumnBaseline, column: EncodedColumn | undefined, rowCount: number): CheckResult[] {
  if (!column) return [checkAbsent(baseline, rowCount)];
  return [
    checkCompleteness(baseline, column),
    checkMissingSpelling(baseline, column),
    ...checkTraits(baseline, column),
    ...checkWords(baseline, column),
    ...checkRanges(baseline, column),
    ...checkFrequency(baseline, column),
    ...checkUniqueness(baseline, column),
  ];
}

/** The metrics are combined first by themselves, so that one with many checks does not outvote the others. */
function columnPValue(results: readonly CheckResult[]): number {
  const byMetric = [...Map.groupBy(results, ({ metric }) => metric).values()];
  return simes(byMetric.map((family) => simes(family.map(({ pValue }) => pValue))));
}
