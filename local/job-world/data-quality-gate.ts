/** A gate as Glue Studio writes it into a script: the rules are evaluated on the rows at hand, and a failed one ends the job. */
import type { DataFrame } from './data-frame.ts';
import { PythonFailure } from './failures.ts';

export interface RuleOutcome {
  /** In DQDL. */
  readonly rule: string;
  readonly outcome: 'Passed' | 'Failed';
  /** As Glue Data Quality words it; empty for a rule that passed. */
  readonly failureReason: string;
}

export function completeness(frame: DataFrame, column: string, threshold: number): RuleOutcome {
  const filled = frame.select(column).filter((row) => row[column] !== null).rows.length;
  const rows = frame.count();
  const value = rows === 0 ? 0 : Math.round((filled / rows) * 10_000) / 10_000;
  return ruleOutcome(`Completeness "${column}" >= ${threshold}`, value, value >= threshold);
}

export function ruleOutcome(rule: string, value: number, passed: boolean): RuleOutcome {
  return {
    rule,
    outcome: passed ? 'Passed' : 'Failed',
    failureReason: passed ? '' : `Value: ${value} does not meet the constraint requirement!`,
  };
}

/** `node` is what the rules are about. Error: AssertionError that names the rules that failed. */
export function assertRules(node: string, outcomes: readonly RuleOutcome[]): void {
  const failed = outcomes.filter(({ outcome }) => outcome === 'Failed');
  if (failed.length === 0) return;
  const reasons = failed.map(({ rule, failureReason }) => `${rule}: ${failureReason}`).join('; ');
  throw new PythonFailure('AssertionError', `The job failed due to failing DQ rules for node: ${node}. ${reasons}`);
}
