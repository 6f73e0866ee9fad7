/** Evaluates a DQDL ruleset on a sample of rows. Each rule passes, fails, or is named as not evaluated; nothing passes unseen. */
import { quoteForMessage } from '../../../shared/errors.ts';
import type { TableSample } from '../../table-sample.ts';
import { percent } from '../check-result.ts';
import { NotEvaluable, numberTest } from './evaluate-condition.ts';
import { measureRule } from './measure-rule.ts';
import type { Rule, RuleNode, Ruleset } from './ruleset.ts';

export interface RuleOutcome {
  readonly rule: string;
  readonly outcome: 'passed' | 'failed' | 'not-evaluated';
  /** The metric that was compared, null where there is none. */
  readonly value: number | null;
  /** Why it failed or was not evaluated; empty where it passed. */
  readonly reason: string;
  /** Rows that do not meet a condition on cells, at most 200. */
  readonly offendingRows: readonly number[];
}

export interface RulesetResult {
  readonly outcome: 'passed' | 'failed' | 'not-evaluated';
  /** Share of passed among the evaluated rules; null where none was. */
  readonly score: number | null;
  readonly rules: readonly RuleOutcome[];
}

export interface EvaluateOptions {
  /** Milliseconds since 1970, for rules that compare with `now()`. */
  readonly now?: number;
}

const MOST_OFFENDING_ROWS = 200;

export function evaluateRuleset(ruleset: Ruleset, sample: TableSample, options: EvaluateOptions = {}): RulesetResult {
  const rules = ruleset.rules.map((rule) => evaluate(rule, sample, options));
  const count = (outcome: RuleOutcome['outcome']) => rules.filter((rule) => rule.outcome === outcome).length;
  const evaluated = count('passed') + count('failed');
  return {
    outcome: evaluated === 0 ? 'not-evaluated' : count('failed') > 0 ? 'failed' : 'passed',
    score: evaluated === 0 ? null : count('passed') / evaluated,
    rules,
  };
}

function evaluate(node: RuleNode, sample: TableSample, options: EvaluateOptions): RuleOutcome {
  return node.kind === 'rule'
    ? evaluateRule(node, sample, options)
    : combine(
        node.kind,
        node.text,
        node.parts.map((part) => evaluate(part, sample, options)),
      );
}

/** What decides is enough: one failed part of `and`, one passed part of `or`; else a part that was not evaluated leaves it open. */
function combine(kind: 'and' | 'or', rule: string, parts: readonly RuleOutcome[]): RuleOutcome {
  const [decisive, other] = kind === 'and' ? (['failed', 'passed'] as const) : (['passed', 'failed'] as const);
  const open = parts.some((part) => part.outcome === 'not-evaluated');
  const outcome = parts.some((part) => part.outcome === decisive) ? decisive : open ? 'not-evaluated' : other;
  const reasons =
    outcome === 'passed' ? [] : parts.filter((part) => part.outcome === outcome).map((part) => `${part.rule}: ${part.reason}`);
  const rows = outcome === 'failed' ? [...new Set(parts.flatMap((part) => part.offendingRows))].sort((a, b) => a - b) : [];
  return { rule, outcome, value: null, reason: reasons.join('; ').slice(0, 600), offendingRows: rows.slice(0, MOST_OFFENDING_ROWS) };
}

function evaluateRule(rule: Rule, sample: TableSample, options: EvaluateOptions): RuleOutcome {
  const answer = (outcome: RuleOutcome['outcome'], value: number | null, reason: string, rows: readonly number[] = []): RuleOutcome => ({
    rule: rule.text,
    outcome,
    value,
    reason,
    offendingRows: rows.slice(0, MOST_OFFENDING_ROWS),
  });
  try {
    if (rule.where !== undefined) throw new NotEvaluable('its "where" is SQL, which only the service runs');
    const missing = rule.parameters.filter(
      (name) => rule.type !== 'ColumnNamesMatchPattern' && !sample.columns.some((column) => column.name === name),
    );
    const isAboutColumns = !rule.type.startsWith('File') && !NOT_COLUMNS.has(rule.type);
    if (isAboutColumns && missing.length > 0)
      return answer('failed', null, `there is no column ${missing.map((name) => quoteForMessage(name)).join(', ')}`);
    const { value, holds, failingRows, rowLevel } = measureRule(rule, sample, options.now);
    const passed = rule.threshold && rowLevel ? numberTest(rule.threshold)(value) : holds;
    const seen = rowLevel ? `${percent(value)} of the rows meet it` : `the value is ${Number(value.toPrecision(6))}`;
    return answer(passed ? 'passed' : 'failed', value, passed ? '' : seen, passed ? [] : failingRows);
  } catch (error) {
    if (error instanceof NotEvaluable) return answer('not-evaluated', null, error.message);
    throw error;
  }
}

/** Rule types whose parameters are not columns of this sample. */
const NOT_COLUMNS: ReadonlySet<string> = new Set([
  'CustomSql',
  'DatasetMatch',
  'SchemaMatch',
  'RowCountMatch',
  'AggregateMatch',
  'ReferentialIntegrity',
  'DetectAnomalies',
]);
