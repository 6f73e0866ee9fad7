import { evaluateRuleset } from '../../../../../functions/detect-anomalies/quality-analyzer/dqdl/evaluate-ruleset.ts';
import { parseDqdl } from '../../../../../functions/detect-anomalies/quality-analyzer/dqdl/parse-dqdl.ts';
import { sampleOf } from '../seeded-rows.ts';

const people = sampleOf([
  { id: '1', name: 'Ada', born: '1815-12-10', height: '1.60', state: 'OR', blank: ' ' },
  { id: '2', name: 'Grace', born: '1906-12-09', height: '1.70', state: 'WA', blank: 'x' },
  { id: '3', name: 'Joan', born: '1917-06-24', height: '1.80', state: 'OR', blank: 'x' },
  { id: '4', name: 'Grace', born: '1943-07-15', height: '', state: 'CA', blank: 'x' },
]);
const NOW = Date.UTC(2024, 0, 1);
const evaluate = (rule: string) => evaluateRuleset(parseDqdl(`Rules = [ ${rule} ]`), people, { now: NOW }).rules[0];

describe('evaluateRuleset', () => {
  it('knows a row without a date for stale, whichever way the rule asks', () => {
    const orders = sampleOf([{ at: '2023-12-31T12:30:00' }, { at: '' }, { at: 'soon' }, { at: '2023-12-01' }]);
    const failing = (rule: string) => evaluateRuleset(parseDqdl(`Rules = [ ${rule} ]`), orders, { now: NOW }).rules[0];
    expect(failing('DataFreshness "at" < 24 hours')).toMatchObject({ outcome: 'failed', value: 0.25, offendingRows: [1, 2, 3] });
    expect(failing('DataFreshness "at" > 24 hours')).toMatchObject({ outcome: 'failed', value: 0.25, offendingRows: [0, 1, 2] });
    expect(evaluateRuleset(parseDqdl('Rules = [ DataFreshness "at" < 1 days ]'), orders).rules[0]?.outcome).toBe('not-evaluated');
  });

  /** The rule types of the service's reference; what only it can evaluate is said so, and never passes. */
  it.each([
    ...[
      'AggregateMatch "sum(a)" "ref.sum(a)" = 1',
      'CustomSql "select 1" = 1',
      'DatasetMatch "ref" "id" = 1',
      'DetectAnomalies "RowCount"',
    ],
    ...['FileFreshness "s3://b/" < 1 days', 'FileMatch "s3://b/"', 'FileSize "s3://b/" > 1 KB', 'FileUniqueness "s3://b/" = 1'],
    ...['ReferentialIntegrity "id" "ref.id" = 1', 'RowCountMatch "ref" = 1', 'SchemaMatch "ref" = 1'],
  ])('leaves %s to the service', (rule) => {
    expect(evaluate(rule)).toMatchObject({ outcome: 'not-evaluated', reason: expect.stringContaining('only evaluated by the service') });
  });

  it.each([
    ['RowCount = 4', 'passed'],
    ['RowCount between 3 and 5', 'passed'],
    ['RowCount between 4 and 5', 'failed'],
    ['ColumnCount in [5, 6]', 'passed'],
    ['ColumnExists "name"', 'passed'],
    ['ColumnExists "nope"', 'failed'],
    ['ColumnNamesMatchPattern "[a-z]+"', 'passed'],
    ['IsComplete "name"', 'passed'],
    ['IsComplete "height"', 'failed'],
    ['Completeness "height" >= 0.75', 'passed'],
    ['IsUnique "id"', 'passed'],
    ['IsUnique "height"', 'passed'],
    ['IsUnique "name"', 'failed'],
    ['IsPrimaryKey "id"', 'passed'],
    ['IsPrimaryKey "height"', 'failed'],
    ['IsPrimaryKey "name" "born"', 'passed'],
    ['Uniqueness "name" = 0.5', 'passed'],
    ['UniqueValueRatio "state" > 0.6', 'passed'],
    ['DistinctValuesCount "state" = 3', 'passed'],
    ['Mean "height" between 1.69 and 1.71', 'passed'],
    ['Sum "id" = 10', 'passed'],
    ['StandardDeviation "id" between 1.11 and 1.12', 'passed'],
    ['Entropy "name" between 1.03 and 1.04', 'passed'],
    ['ColumnCorrelation "id" "height" > 0.99', 'passed'],
    ['ColumnDataType "id" = "INTEGER"', 'passed'],
    ['ColumnDataType "name" = "integer"', 'failed'],
    ['ColumnDataType "height" = "DOUBLE"', 'passed'],
    ['ColumnDataType "born" = "DATE"', 'passed'],
    ['ColumnLength "name" <= 5', 'passed'],
    ['ColumnLength "name" > 3', 'failed'],
    ['ColumnLength "name" > 3 with threshold > 0.75', 'failed'],
    ['ColumnLength "name" > 3 with threshold >= 0.5', 'passed'],
    ['ColumnValues "state" in ["OR", "WA", "CA"]', 'passed'],
    ['ColumnValues "state" in ["OR", "WA"]', 'failed'],
    ['ColumnValues "state" in ["OR", "WA"] with threshold > 0.7', 'passed'],
    ['ColumnValues "state" matches "[A-Z]{2}"', 'passed'],
    ['ColumnValues "state" matches "[A-Z]"', 'failed'],
    ['ColumnValues "state" not matches "O."', 'failed'],
    ['ColumnValues "id" between 0 and 5', 'passed'],
    ['ColumnValues "id" between 1 and 5', 'failed'],
    ['ColumnValues "born" > "1800-01-01"', 'passed'],
    ['ColumnValues "born" < (now() - 1 days)', 'passed'],
    ['ColumnValues "height" > 1', 'failed'],
    ['ColumnValues "height" != 1.6 with threshold >= 0.75', 'passed'],
    ['(ColumnValues "height" > 1) or (ColumnValues "height" = NULL)', 'failed'],
    ['ColumnValues "height" in [1.6, 1.7, 1.8, NULL]', 'passed'],
    ['ColumnValues "height" != NULL', 'failed'],
    ['ColumnValues "blank" in ["x", WHITESPACES_ONLY]', 'passed'],
    ['DataFreshness "born" <= 80000 days', 'passed'],
    ['DataFreshness "born" <= 30000 days', 'failed'],
    ['DataFreshness "born" <= 30000 days with threshold >= 0.25', 'passed'],
    ['DataFreshness "born" between 29000 days and 80000 days', 'passed'],
    ['DataFreshness "born" > 24 hours', 'passed'],
    ['DataFreshness "born" > 24', 'not-evaluated'],
    ['DataFreshness "name" < 24 hours', 'not-evaluated'],
    ['DataFreshness "nope" < 24 hours', 'failed'],
    ['(IsComplete "id") and (IsUnique "name")', 'failed'],
    ['(IsComplete "id") or (CustomSql "select 1" = 1)', 'passed'],
    ['(IsComplete "height") and (CustomSql "select 1" = 1)', 'failed'],
    ['(IsComplete "id") and (CustomSql "select 1" = 1)', 'not-evaluated'],
    ['CustomSql "select count(*) from primary" > 0', 'not-evaluated'],
    ['ReferentialIntegrity "state" "ref.state" > 0.9', 'not-evaluated'],
    ['RowCount > avg(last(5))', 'not-evaluated'],
    ['IsComplete "id" where "state = \'OR\'"', 'not-evaluated'],
    ['ColumnValues "name" matches "(?=A).*"', 'not-evaluated'],
    ['Mean "name" > 0', 'not-evaluated'],
    ['FileSize "x" > 2 MB', 'not-evaluated'],
  ])('%s: %s', (rule, outcome) => {
    expect(evaluate(rule)).toMatchObject({ rule, outcome });
  });

  it('gives the rows that do not meet a condition on cells, and the share that does', () => {
    expect(evaluate('ColumnValues "state" in ["OR", "WA"]')).toMatchObject({
      value: 0.75,
      offendingRows: [3],
      reason: '75 % of the rows meet it',
    });
  });

  it('names what it does not evaluate and why, and leaves it out of the score', () => {
    const result = evaluateRuleset(parseDqdl('Rules = [ IsComplete "id", IsUnique "name", CustomSql "x" = 1 ]'), people);
    expect(result).toMatchObject({ outcome: 'failed', score: 0.5 });
    expect(result.rules[2]).toMatchObject({ outcome: 'not-evaluated', reason: 'CustomSql is only evaluated by the service' });
    expect(evaluateRuleset(parseDqdl('Rules = [ CustomSql "x" = 1 ]'), people)).toMatchObject({ outcome: 'not-evaluated', score: null });
  });

  it('does not count the rows of a sample that stops before the data does, nor ask for a time it was not given', () => {
    const part = { ...people, totalRows: null };
    expect(evaluateRuleset(parseDqdl('Rules = [ RowCount > 1 ]'), part).rules[0]?.outcome).toBe('not-evaluated');
    expect(evaluateRuleset(parseDqdl('Rules = [ ColumnValues "born" < now() ]'), people).rules[0]?.outcome).toBe('not-evaluated');
  });
});
