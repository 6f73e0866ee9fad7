/** Turns the results of the checks into what the report says about a column. */
import type { CheckResult } from './check-result.ts';
import { chooseFindings } from './choose-findings.ts';
import type { EncodedColumn } from './encode-column.ts';
import type { ColumnQuality, QualityFinding } from './quality-report.ts';
import { showCell } from './show-cell.ts';
import { lossOf, notableResults } from './weigh-results.ts';

/** Bounds of what is listed per column and finding. */
export interface ListLimits {
  readonly offendingRows: number;
  readonly examples: number;
}

const MOST_REASONS = 8;
const LONGEST_REASON = 300;

/** A column with what the checks found. */
export interface JudgedColumn {
  readonly name: string;
  /** Undefined where the column is absent. */
  readonly now: EncodedColumn | undefined;
  readonly results: readonly CheckResult[];
  readonly degraded: boolean;
}

export function describeColumn(column: JudgedColumn, limits: ListLimits): ColumnQuality {
  const { name, now, degraded } = column;
  const found = told(column);
  const present = now ? now.rowCount - now.missing : 0;
  return {
    name,
    completeness: now ? present / now.rowCount : 0,
    validity: present === 0 ? null : passing(column, 'validity'),
    consistency: passing(column, 'consistency'),
    uniqueness: now && present > 0 && !now.isNested ? now.counts.filter((count) => count === 1).length / present : null,
    degraded,
    reasons: found.map(({ reason }) => reason.slice(0, LONGEST_REASON)),
    examples: examplesOf(now, found[0]?.rows ?? [], limits),
    offendingRows: [...new Set(found.flatMap(({ rows }) => rows))].sort((a, b) => a - b).slice(0, limits.offendingRows),
  };
}

export function describeFindings(column: JudgedColumn, limits: ListLimits): QualityFinding[] {
  return told(column).map((result) => describeFinding(column.name, column.now, result, limits));
}

/** `column` null: about whole rows. */
export function describeFinding(
  column: string | null,
  now: EncodedColumn | undefined,
  { metric, check, badShare, baselineShare, pValue, reason, rows }: CheckResult,
  limits: ListLimits,
): QualityFinding {
  return {
    metric,
    check,
    column,
    value: 1 - badShare,
    expected: { min: 1 - baselineShare },
    baseline: 1 - baselineShare,
    pValue,
    reason: reason.slice(0, LONGEST_REASON),
    examples: examplesOf(now, rows, limits),
    offendingRows: rows.slice(0, limits.offendingRows),
  };
}

function told({ degraded, results }: JudgedColumn): CheckResult[] {
  return degraded ? chooseFindings(notableResults(results), MOST_REASONS) : [];
}

/** Share of rows without a finding of the metric; null where none of its checks applied. */
function passing({ results, now }: JudgedColumn, metric: CheckResult['metric']): number | null {
  const own = results.filter((result) => result.metric === metric);
  return own.length > 0 && now ? 1 - lossOf(own, now.rowCount) : null;
}

function examplesOf(column: EncodedColumn | undefined, rows: readonly number[], limits: ListLimits): string[] {
  if (!column) return [];
  const texts = new Set<string>();
  for (const row of rows) {
    const code = column.codes[row] ?? 0;
    texts.add(showCell((code < 0 ? column.spellings[-1 - code] : column.values[code]) ?? ''));
    if (texts.size >= limits.examples) break;
  }
  return [...texts];
}
