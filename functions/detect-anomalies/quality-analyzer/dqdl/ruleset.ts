/** A parsed DQDL ruleset. */
export interface Ruleset {
  readonly rules: readonly RuleNode[];
}

export type RuleNode = CompositeRule | Rule;

export interface CompositeRule {
  readonly kind: 'and' | 'or';
  readonly parts: readonly RuleNode[];
  /** As written. */
  readonly text: string;
}

export interface Rule {
  readonly kind: 'rule';
  readonly type: RuleType;
  readonly parameters: readonly string[];
  readonly condition?: Condition;
  /** `with threshold`: on the share of rows that meet the condition. */
  readonly threshold?: Condition;
  /** SQL, which is not evaluated here. */
  readonly where?: string;
  readonly text: string;
}

export interface Condition {
  readonly operator: '=' | '>' | '>=' | '<' | '<=' | 'between' | 'in' | 'matches';
  readonly negated: boolean;
  readonly operands: readonly Operand[];
}

export type Operand =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'duration'; readonly milliseconds: number }
  | { readonly kind: 'size'; readonly bytes: number }
  /** `now()` and `(now() - 3 days)`. */
  | { readonly kind: 'now'; readonly offsetMilliseconds: number }
  | { readonly kind: 'null' | 'empty' | 'whitespaces_only' }
  /** `avg(last(10))`: compares with earlier runs, which only the service has. */
  | { readonly kind: 'dynamic' };

/** The rule types of the service; `evaluated` names those that can be answered from one sample of rows. */
export const RULE_TYPES = {
  evaluated: [
    ...(['RowCount', 'ColumnCount', 'ColumnExists', 'ColumnNamesMatchPattern', 'IsComplete', 'Completeness', 'IsUnique'] as const),
    ...(['Uniqueness', 'UniqueValueRatio', 'IsPrimaryKey', 'DistinctValuesCount', 'Entropy', 'Mean', 'Sum', 'StandardDeviation'] as const),
    ...(['ColumnCorrelation', 'ColumnDataType', 'ColumnLength', 'ColumnValues', 'DataFreshness'] as const),
  ],
  notEvaluated: [
    ...(['CustomSql', 'ReferentialIntegrity', 'DatasetMatch', 'SchemaMatch', 'RowCountMatch', 'AggregateMatch'] as const),
    ...(['DetectAnomalies', 'FileFreshness', 'FileMatch', 'FileUniqueness', 'FileSize'] as const),
  ],
} as const;
export type EvaluatedRuleType = (typeof RULE_TYPES.evaluated)[number];
export type RuleType = EvaluatedRuleType | (typeof RULE_TYPES.notEvaluated)[number];
