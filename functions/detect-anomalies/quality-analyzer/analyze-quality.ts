/** The data quality analyzer: compares a sample with the model of the last good data, column by column and as a whole. */
import type { TableSample } from '../table-sample.ts';
import { predictiveTail } from './beta-binomial.ts';
import { checkConsistency } from './check-consistency.ts';
import { checkRanges } from './check-ranges.ts';
import { type CheckResult, checkResult, percent } from './check-result.ts';
import { checkTraits, checkWords } from './check-traits.ts';
import { chooseFindings } from './choose-findings.ts';
import { type EncodedColumn, encodeColumn } from './encode-column.ts';
import { fingerprint, unpackFingerprints } from './fingerprints.ts';
import { findDuplicateRows } from './learn-baseline.ts';
import { benjaminiHochberg, simes } from './multiple-testing.ts';
import type { ColumnBaseline, QualityBaseline } from './quality-baseline.ts';
import type { ColumnQuality, QualityFinding, QualityReport } from './quality-report.ts';
import { type Losses, qualityCondition, qualityScore } from './score.ts';
import { showCell } from './show-cell.ts';

export interface AnalyzeOptions {
  /** Share of false ones among the columns called degraded, at most (Benjamini-Hochberg). */
  readonly falseDiscoveryRate?: number;
  /** Rows listed per column and finding. */
  readonly maxOffendingRows?: number;
  readonly maxExamples?: number;
}

/** With fewer rows in the baseline nothing can be learned. */
const FEWEST_BASELINE_ROWS = 10;
/** A single test below this is counted in the score and, in a degraded column, given as a reason. */
const NOTABLE = 0.02;
const MOST_REASONS = 8;
const MOST_OFFENDING_ROWS = 10_000;

/** Deterministic. Columns are matched by name; those that only the current sample has are for the drift detector. */
export function analyzeQuality(baseline: QualityBaseline, current: TableSample, options: AnalyzeOptions = {}): QualityReport {
  const size = { rows: current.rowCount, baselineRows: baseline.rows };
  if (baseline.rows < FEWEST_BASELINE_ROWS || current.rowCount === 0 || baseline.columns.length === 0) {
    return { condition: 'unmeasured', score: null, ...size, columns: [], findings: [] };
  }
  const encoded = new Map(current.columns.map((column) => [column.name, encodeColumn(column)]));
  const alone = new Map(baseline.columns.map((column) => [column.name, checkAlone(column, encoded.get(column.name), current.rowCount)]));
  const badShares = new Map([...alone].map(([name, results]) => [name, lossOf(results, current.rowCount)]));
  const consistency = checkConsistency(baseline, [...encoded.values()], badShares);
  const judged = baseline.columns.map((column) => {
    const results = [...(alone.get(column.name) ?? []), ...(consistency.get(column.name) ?? [])];
    const now = encoded.get(column.name);
    return { column, now, results, pValue: simes(familyPValues(results)), loss: lossOf(results, current.rowCount) };
  });
  const duplicates = checkDuplicates(baseline, [...encoded.values()], current.rowCount);
  const adjusted = benjaminiHochberg([...judged.map(({ pValue }) => pValue), duplicates.pValue]);
  const isDegraded = adjusted.map((pValue) => pValue <= (options.falseDiscoveryRate ?? 0.2));
  const losses: Losses = { columns: judged.map(({ loss }) => loss), duplicateRows: lossOf([duplicates], current.rowCount) };
  const columns = judged.map(({ column, now, results }, index) =>
    describeColumn(column, now, results, isDegraded[index] ?? false, options),
  );
  const findings = judged.flatMap(({ column, now, results }, index) =>
    isDegraded[index]
      ? chooseFindings(notable(results), MOST_REASONS).map((result) => describeFinding(column.name, now, result, options))
      : [],
  );
  if (isDegraded.at(-1)) findings.push(describeFinding(null, undefined, duplicates, options));
  return { condition: qualityCondition(losses, isDegraded.includes(true)), score: qualityScore(losses), ...size, columns, findings };
}

/** What a column shows without looking at the others. */
function checkAlone(baseline: ColumnBaseline, column: EncodedColumn | undefined, rowCount: number): CheckResult[] {
  if (!column) return [absent(baseline, rowCount)];
  return [
    checkCompleteness(baseline, column),
    checkMissingSpelling(baseline, column),
    ...checkTraits(baseline, column),
    ...checkWords(baseline, column),
    ...checkRanges(baseline, column),
    ...checkUniqueness(baseline, column),
  ];
}

function checkCompleteness(baseline: ColumnBaseline, column: EncodedColumn): CheckResult {
  const badShare = column.missing / column.rowCount;
  return checkResult({
    metric: 'completeness',
    check: 'missing',
    badShare,
    baselineShare: baseline.missing / Math.max(1, baseline.rows),
    measured: column.rowCount,
    pValue: predictiveTail(baseline.missing, baseline.rows, column.missing, column.rowCount),
    rows: rowsBelowZero(column, () => true),
    reason: `${percent(badShare)} of the cells are missing (${percent(baseline.missing / Math.max(1, baseline.rows))} expected)`,
  });
}

/** Missing cells that are written differently than before, such as `N/A` for an empty cell: readers of the data will take them for values. */
function checkMissingSpelling(baseline: ColumnBaseline, column: EncodedColumn): CheckResult {
  const known = new Set(unpackFingerprints(baseline.missingSpellings));
  const isNew = column.spellings.map((text) => text.trim() !== '' && !known.has(fingerprint(text)));
  const rows = rowsBelowZero(column, (spelling) => isNew[spelling] ?? false);
  const written = column.spellings.filter((_, index) => isNew[index]).map(showCell);
  return checkResult({
    metric: 'validity',
    check: 'missing-spelling',
    badShare: rows.length / column.rowCount,
    baselineShare: 0,
    measured: column.rowCount,
    pValue: predictiveTail(0, baseline.rows, rows.length, column.rowCount),
    rows,
    reason: `${percent(rows.length / column.rowCount)} of the cells say that there is no value in a new way: ${written.slice(0, 3).join(', ')}`,
  });
}

function checkUniqueness(baseline: ColumnBaseline, column: EncodedColumn): CheckResult[] {
  const present = column.rowCount - column.missing;
  if (!baseline.isKey || present === 0) return [];
  const seen = new Set<number>();
  const rows: number[] = [];
  for (const [row, code] of column.codes.entries()) {
    if (code >= 0 && seen.has(code)) rows.push(row);
    seen.add(code);
  }
  return [
    checkResult({
      metric: 'uniqueness',
      check: 'repeated',
      badShare: rows.length / present,
      baselineShare: baseline.repeated / baseline.rows,
      measured: present,
      pValue: predictiveTail(repeatsExpected(baseline.repeated, baseline.rows, present), baseline.rows, rows.length, present),
      rows,
      reason: `${percent(rows.length / present)} of the values repeat an earlier one, where nearly none did`,
    }),
  ];
}

function checkDuplicates(baseline: QualityBaseline, columns: readonly EncodedColumn[], rowCount: number): CheckResult {
  const rows = findDuplicateRows(columns, rowCount);
  return checkResult({
    metric: 'uniqueness',
    check: 'duplicate-rows',
    badShare: rows.length / rowCount,
    baselineShare: baseline.duplicateRows / baseline.rows,
    measured: rowCount,
    pValue: predictiveTail(repeatsExpected(baseline.duplicateRows, baseline.rows, rowCount), baseline.rows, rows.length, rowCount),
    rows,
    reason: `${percent(rows.length / rowCount)} of the rows repeat an earlier row (${percent(baseline.duplicateRows / baseline.rows)} expected)`,
  });
}

/** By chance, repeats grow with the square of the rows. */
function repeatsExpected(repeated: number, baselineRows: number, rows: number): number {
  return Math.min(baselineRows, repeated * Math.max(1, rows / baselineRows));
}

function absent(column: ColumnBaseline, rowCount: number): CheckResult {
  const present = 1 - column.missing / Math.max(1, column.rows);
  return {
    metric: 'completeness',
    check: 'absent',
    badShare: 1,
    baselineShare: 1 - present,
    measured: rowCount,
    pValue: present === 0 ? 1 : predictiveTail(column.missing, column.rows, rowCount, rowCount),
    rows: [],
    reason: 'the column is absent',
  };
}

/** One p-value per metric that was measured, so that a metric with many checks does not outvote the others. */
function familyPValues(results: readonly CheckResult[]): number[] {
  return [...Map.groupBy(results, ({ metric }) => metric).values()].map((family) => simes(family.map(({ pValue }) => pValue)));
}

function notable(results: readonly CheckResult[]): CheckResult[] {
  return results.filter(({ pValue }) => pValue <= NOTABLE).sort((a, b) => a.pValue - b.pValue || b.badShare - a.badShare);
}

/**
 * Share of rows with an offending cell beyond the baseline's. Different checks find the same cells: those of the strict checks are
 * united, of the others the largest counts. A finding that may be chance counts by how unlikely that is.
 */
function lossOf(results: readonly CheckResult[], rowCount: number): number {
  const strict = notable(results).filter(({ baselineShare, check }) => baselineShare <= 0.01 && !check.endsWith('distribution'));
  const united =
    new Set(strict.flatMap(({ rows }) => rows)).size / rowCount - Math.max(0, ...strict.map(({ baselineShare }) => baselineShare));
  const excesses = results
    .filter(({ pValue }) => pValue < 0.5)
    .map((result) => ((result.badShare - result.baselineShare) * result.measured * Math.min(1, NOTABLE / result.pValue)) / rowCount);
  return Math.min(1, Math.max(0, united, ...excesses));
}

function describeColumn(
  column: ColumnBaseline,
  now: EncodedColumn | undefined,
  results: readonly CheckResult[],
  degraded: boolean,
  options: AnalyzeOptions,
): ColumnQuality {
  const found = degraded ? chooseFindings(notable(results), MOST_REASONS) : [];
  const rows = [...new Set(found.flatMap((result) => result.rows))].sort((a, b) => a - b);
  const pass = (metric: CheckResult['metric']) =>
    results.some((result) => result.metric === metric)
      ? 1 -
        lossOf(
          results.filter((result) => result.metric === metric),
          now?.rowCount ?? 1,
        )
      : null;
  const present = now ? now.rowCount - now.missing : 0;
  return {
    name: column.name,
    completeness: now ? present / now.rowCount : 0,
    validity: present === 0 ? null : pass('validity'),
    consistency: pass('consistency'),
    uniqueness: now && present > 0 ? now.counts.filter((count) => count === 1).length / present : null,
    degraded,
    reasons: found.map(({ reason }) => reason.slice(0, 300)),
    examples: examplesOf(now, found[0]?.rows ?? [], options),
    offendingRows: rows.slice(0, options.maxOffendingRows ?? MOST_OFFENDING_ROWS),
  };
}

function describeFinding(
  column: string | null,
  now: EncodedColumn | undefined,
  result: CheckResult,
  options: AnalyzeOptions,
): QualityFinding {
  return {
    metric: result.metric,
    check: result.check,
    column,
    value: 1 - result.badShare,
    expected: { min: 1 - result.baselineShare },
    baseline: 1 - result.baselineShare,
    pValue: result.pValue,
    reason: result.reason,
    examples: examplesOf(now, result.rows, options),
    offendingRows: result.rows.slice(0, options.maxOffendingRows ?? MOST_OFFENDING_ROWS),
  };
}

function examplesOf(column: EncodedColumn | undefined, rows: readonly number[], options: AnalyzeOptions): string[] {
  if (!column) return [];
  const texts = new Set<string>();
  for (const row of rows) {
    const code = column.codes[row] ?? 0;
    texts.add(showCell((code < 0 ? column.spellings[-1 - code] : column.values[code]) ?? ''));
    if (texts.size >= (options.maxExamples ?? 5)) break;
  }
  return [...texts];
}

function rowsBelowZero(column: EncodedColumn, holds: (spelling: number) => boolean): number[] {
  const rows: number[] = [];
  for (const [row, code] of column.codes.entries()) if (code < 0 && holds(-1 - code)) rows.push(row);
  return rows;
}
