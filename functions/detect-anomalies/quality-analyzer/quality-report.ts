/** What `analyzeQuality` answers. */
import type { QualityCondition } from '../../shared/rl-state.ts';

/** Shares are of the rows of the sample, in [0,1]; null where the column has nothing to measure it on. */
export interface ColumnQuality {
  readonly name: string;
  /** Share of rows with a value. */
  readonly completeness: number | null;
  /** Share of values that look like the baseline's: type, format, range, domain. */
  readonly validity: number | null;
  /** Share of values that agree with the dependencies and orders learned from the baseline. */
  readonly consistency: number | null;
  /** Share of values that occur once. */
  readonly uniqueness: number | null;
  readonly degraded: boolean;
  /** Sentences, the gravest first; empty for a column that is not degraded. */
  readonly reasons: readonly string[];
  /** Offending cells, bounded and redacted. */
  readonly examples: readonly string[];
  /** Rows (indices into the sample) with an offending cell, ascending, at most `maxOffendingRows`. */
  readonly offendingRows: readonly number[];
}

export interface QualityFinding {
  readonly metric: 'completeness' | 'validity' | 'consistency' | 'uniqueness';
  /** What of the metric was looked at: `missing`, `kind`, `format`, `range`, `domain`, `dependency`, `order`, … */
  readonly check: string;
  /** Null for a finding about whole rows. */
  readonly column: string | null;
  /** Share of rows that pass now, what the baseline makes one expect at least, and what it was in the baseline. */
  readonly value: number;
  readonly expected: { readonly min?: number; readonly max?: number };
  readonly baseline: number;
  /** Before the correction for many columns. */
  readonly pValue: number;
  readonly reason: string;
  readonly examples: readonly string[];
  readonly offendingRows: readonly number[];
}

export interface QualityReport {
  readonly condition: QualityCondition;
  /** See score.ts; null where nothing could be measured. */
  readonly score: number | null;
  /** Rows compared. */
  readonly rows: number;
  readonly baselineRows: number;
  readonly columns: readonly ColumnQuality[];
  readonly findings: readonly QualityFinding[];
}
