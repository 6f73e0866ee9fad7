/** The metric of each DQDL rule type, with the definitions of the service (those of deequ). */
import { sampleCorrelation, standardDeviation } from 'simple-statistics';
import type { Cell, SampleColumn, TableSample } from '../../table-sample.ts';
import { comparable } from '../comparable.ts';
import { cellText } from '../missing-values.ts';
import { kindOf } from '../traits.ts';
import { ageTest, cellTest, NotEvaluable, numberTest, regexTest } from './evaluate-condition.ts';
import { type EvaluatedRuleType, RULE_TYPES, type Rule } from './ruleset.ts';

export interface Measurement {
  /** The metric; for a condition on cells, the share of rows that meet it. */
  readonly value: number;
  readonly holds: boolean;
  readonly rowLevel: boolean;
  readonly failingRows: readonly number[];
}

/** The columns of the rule exist. Throws NotEvaluable. */
export function measureRule(rule: Rule, sample: TableSample, now: number | undefined): Measurement {
  if (!isEvaluated(rule.type)) throw new NotEvaluable(`${rule.type} is only evaluated by the service`);
  const columns = rule.parameters.flatMap((name) => sample.columns.filter((column) => column.name === name));
  const [first, second] = columns;
  switch (rule.type) {
    case 'RowCount':
      if (sample.totalRows === null) throw new NotEvaluable('the sample ends before the data does');
      return metric(rule, sample.totalRows);
    case 'ColumnCount':
      return metric(rule, sample.columns.length);
    case 'ColumnNamesMatchPattern':
      return namesMatch(rule, sample);
    case 'ColumnExists':
      return verdict(1, true, []);
    case 'IsComplete':
      return rowsThat(sample, (row) => columns.every((column) => !isNull(column.values[row])));
    case 'IsUnique':
      return rowsThat(sample, uniqueRows(columns, sample.rowCount, true));
    case 'IsPrimaryKey':
      return rowsThat(sample, uniqueRows(columns, sample.rowCount, false));
    default:
  }
  if (!first || !rule.condition) throw new NotEvaluable('it names no column');
  switch (rule.type) {
    case 'Completeness':
      return metric(rule, sample.rowCount === 0 ? 1 : present(first).length / sample.rowCount);
    case 'Uniqueness':
      return metric(rule, ratio(timesOnce(first), present(first).length));
    case 'UniqueValueRatio':
      return metric(rule, ratio(timesOnce(first), countValues(first).size));
    case 'DistinctValuesCount':
      return metric(rule, countValues(first).size);
    case 'Entropy':
      return metric(rule, entropy(first));
    case 'Mean':
      return metric(rule, ratio(sum(numbers(first)), numbers(first).length));
    case 'Sum':
      return metric(rule, sum(numbers(first)));
    case 'StandardDeviation':
      return metric(rule, numbers(first).length === 0 ? Number.NaN : standardDeviation(numbers(first)));
    case 'ColumnCorrelation':
      return metric(rule, correlation(first, second));
    case 'ColumnLength': {
      const test = numberTest(rule.condition);
      return rowsThat(sample, (row) => test([...cellText(first.values[row] ?? null)].length));
    }
    case 'ColumnDataType':
      return rowsThat(sample, typeTest(rule, first));
    case 'DataFreshness': {
      const dated = present(first).filter((cell) => comparable(cellText(cell).trim())?.unit === 'date');
      if (dated.length === 0 && present(first).length > 0) throw new NotEvaluable('there are no dates to measure it on');
      const test = ageTest(rule.condition, now);
      return rowsThat(sample, (row) => test(first.values[row] ?? null));
    }
    case 'ColumnValues': {
      const test = cellTest(rule.condition, now);
      return rowsThat(sample, (row) => test(first.values[row] ?? null));
    }
  }
}

function isEvaluated(type: Rule['type']): type is EvaluatedRuleType {
  return RULE_TYPES.evaluated.some((each) => each === type);
}

function metric(rule: Rule, value: number): Measurement {
  if (Number.isNaN(value)) throw new NotEvaluable('there are no numbers to measure it on');
  return verdict(value, rule.condition ? numberTest(rule.condition)(value) : true, []);
}

function verdict(value: number, holds: boolean, failingRows: readonly number[]): Measurement {
  return { value, holds, failingRows, rowLevel: false };
}

function rowsThat(sample: TableSample, meets: (row: number) => boolean): Measurement {
  const failingRows: number[] = [];
  for (let row = 0; row < sample.rowCount; row++) if (!meets(row)) failingRows.push(row);
  const value = sample.rowCount === 0 ? 1 : 1 - failingRows.length / sample.rowCount;
  return { value, holds: failingRows.length === 0, failingRows, rowLevel: true };
}

function namesMatch(rule: Rule, sample: TableSample): Measurement {
  const test = regexTest({ kind: 'string', value: rule.parameters[0] ?? '' });
  const matching = sample.columns.filter((column) => test(column.name)).length;
  return verdict(ratio(matching, sample.columns.length), matching === sample.columns.length, []);
}

/** An empty CSV cell is a NULL: the format cannot tell them apart. */
function isNull(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || cell === '';
}

function present(column: SampleColumn): Cell[] {
  return column.values.filter((cell) => !isNull(cell));
}

function countValues(column: SampleColumn): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of present(column)) counts.set(cellText(cell), (counts.get(cellText(cell)) ?? 0) + 1);
  return counts;
}

function timesOnce(column: SampleColumn): number {
  return [...countValues(column).values()].filter((count) => count === 1).length;
}

function uniqueRows(columns: readonly SampleColumn[], rowCount: number, nullsPass: boolean): (row: number) => boolean {
  const keyOf = (row: number) =>
    columns.some((column) => isNull(column.values[row]))
      ? null
      : JSON.stringify(columns.map((column) => cellText(column.values[row] ?? null)));
  const counts = new Map<string | null, number>();
  for (let row = 0; row < rowCount; row++) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return (row) => (keyOf(row) === null ? nullsPass : counts.get(keyOf(row)) === 1);
}

function numbers(column: SampleColumn): number[] {
  return present(column).flatMap((cell) => {
    const value = comparable(cellText(cell).trim());
    return value?.unit === 'number' ? [value.value] : [];
  });
}

function correlation(a: SampleColumn, b: SampleColumn | undefined): number {
  if (!b) throw new NotEvaluable('a correlation needs two columns');
  const pairs = a.values.flatMap((cell, row) => {
    const [x, y] = [cell, b.values[row] ?? null].map((each) => comparable(cellText(each).trim()));
    return x?.unit === 'number' && y?.unit === 'number' ? [[x.value, y.value] as const] : [];
  });
  if (pairs.length < 3) return Number.NaN;
  return sampleCorrelation(
    pairs.map(([x]) => x),
    pairs.map(([, y]) => y),
  );
}

function entropy(column: SampleColumn): number {
  const total = present(column).length;
  return -sum([...countValues(column).values()].map((count) => (count / total) * Math.log(count / total)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? Number.NaN : part / whole;
}

const KINDS_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['boolean'],
  INTEGER: ['integer'],
  LONG: ['integer'],
  DOUBLE: ['integer', 'decimal'],
  FLOAT: ['integer', 'decimal'],
  DATE: ['date'],
  TIMESTAMP: ['date', 'datetime'],
  STRING: [],
};

function typeTest(rule: Rule, column: SampleColumn): (row: number) => boolean {
  const expected = rule.condition?.operands[0];
  const kinds = expected?.kind === 'string' ? KINDS_OF_TYPE[expected.value.toUpperCase()] : undefined;
  if (!kinds || rule.condition?.operator !== '=')
    throw new NotEvaluable(`it asks for none of the types ${Object.keys(KINDS_OF_TYPE).join(', ')}`);
  const { negated } = rule.condition;
  return (row) => {
    const cell = column.values[row];
    if (isNull(cell) || kinds.length === 0) return true;
    return kinds.includes(kindOf(cellText(cell ?? null).trim())) !== negated;
  };
}
