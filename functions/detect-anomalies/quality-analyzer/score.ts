/**
 * The published quality score. Each column loses the share of its cells that are worse than its baseline makes one expect; whole rows
 * that repeat others are one more column. The score is one minus the mean loss: 1 is as good as the baseline, 0 means that no cell is.
 * Records that could not be read as rows have lost every cell.
 *
 *     loss(column) = share of rows with an offending cell − the same share in the baseline, not below 0
 *     score        = (1 − (Σ loss(column) + loss(duplicate rows)) / columns, not below 0) · (1 − loss(malformed records))
 *
 * A finding with a p-value above 0.02 may be chance and counts for 0.02 / p of its share.
 */
import type { QualityCondition } from '../../shared/rl-state.ts';

/** Below it, the data is poor: on average a tenth of all cells got worse. */
export const POOR_BELOW_SCORE = 0.9;
/** A column that lost so much makes the data poor, however good the others are. */
export const POOR_FROM_COLUMN_LOSS = 0.5;

export interface Losses {
  /** One per column of the baseline, in [0,1]. */
  readonly columns: readonly number[];
  readonly duplicateRows: number;
  readonly malformedRows: number;
}

export function qualityScore(losses: Losses): number {
  if (losses.columns.length === 0) return 1;
  const sum = losses.columns.reduce((total, loss) => total + loss, losses.duplicateRows);
  return Math.max(0, 1 - sum / losses.columns.length) * (1 - losses.malformedRows);
}

/** `degraded` is the answer of the tests, corrected for many columns; the losses alone never make data degraded. */
export function qualityCondition(losses: Losses, degraded: boolean): QualityCondition {
  if (!degraded) return 'good';
  const poor = qualityScore(losses) < POOR_BELOW_SCORE || Math.max(0, ...losses.columns) >= POOR_FROM_COLUMN_LOSS;
  return poor ? 'poor' : 'degraded';
}
