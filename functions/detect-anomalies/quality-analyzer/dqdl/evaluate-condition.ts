/** Evaluates a DQDL condition on one number, or on one cell. */
import { RE2JS } from 're2js';
import type { Cell } from '../../table-sample.ts';
import { comparable } from '../comparable.ts';
import { cellText } from '../missing-values.ts';
import type { Condition, Operand } from './ruleset.ts';

/** The reason why a rule cannot be answered here; the evaluator turns it into the outcome `not-evaluated`. */
export class NotEvaluable extends Error {}

type Test<T> = (value: T) => boolean;

/** For metrics: completeness, counts, means. `between` excludes its bounds, as in the service. */
export function numberTest(condition: Condition): Test<number> {
  const numbers = condition.operands.map((operand) => {
    if (operand.kind === 'number') return operand.value;
    if (operand.kind === 'dynamic') throw new NotEvaluable('it compares with earlier runs, which only the service has');
    throw new NotEvaluable(`it compares a number with a ${operand.kind}`);
  });
  const holds = orderTest(condition, numbers);
  return (value) => holds(value) !== condition.negated;
}

/** For how old a cell's date is. A missing cell and one that is no date are not fresh, whatever the condition. */
export function ageTest(condition: Condition, now: number | undefined): Test<Cell> {
  if (now === undefined) throw new NotEvaluable('it asks for the time of evaluation, which was not given');
  const bounds = condition.operands.map((operand) => {
    if (operand.kind === 'duration') return operand.milliseconds;
    throw new NotEvaluable(`it compares an age with a ${operand.kind}; hours or days are expected`);
  });
  const holds = orderTest(condition, bounds);
  return (cell) => {
    const date = comparable(cellText(cell).trim());
    return date?.unit === 'date' && holds(now - date.value) !== condition.negated;
  };
}

/** For cells. A missing cell meets only conditions that name NULL, and negated ones that do not. */
export function cellTest(condition: Condition, now: number | undefined): Test<Cell> {
  const holds = cellComparison(condition, now);
  const named = condition.operands
    .filter(({ kind }) => kind === 'null' || kind === 'empty' || kind === 'whitespaces_only')
    .map(({ kind }) => kind);
  return (cell) => {
    const text = cellText(cell);
    const missing = cell === null || text === '';
    const special =
      (missing && (named.includes('null') || (cell !== null && named.includes('empty')))) ||
      (text !== '' && text.trim() === '' && named.includes('whitespaces_only'));
    return (special || (!missing && holds(text))) !== condition.negated;
  };
}

function cellComparison(condition: Condition, now: number | undefined): Test<string> {
  if (condition.operator === 'matches') return regexTest(condition.operands[0]);
  const values = condition.operands.flatMap((operand) => comparand(operand, now));
  if (values.every((value) => typeof value === 'string')) {
    if (condition.operator === '=' || condition.operator === 'in') return (text) => values.includes(text);
    const bounds = values.map(comparable);
    const unit = bounds[0]?.unit;
    if (unit === undefined || bounds.some((bound) => bound?.unit !== unit))
      throw new NotEvaluable('it orders texts that are neither dates nor times');
    return onScale(
      unit,
      orderTest(
        condition,
        bounds.map((bound) => bound?.value ?? Number.NaN),
      ),
    );
  }
  const unit = condition.operands.some(({ kind }) => kind === 'now') ? 'date' : 'number';
  const numbers = values.map((value) => (typeof value === 'number' ? value : (comparable(value)?.value ?? Number.NaN)));
  return onScale(unit, orderTest(condition, numbers));
}

function onScale(unit: string, holds: Test<number>): Test<string> {
  return (text) => {
    const value = comparable(text.trim());
    return value?.unit === unit && holds(value.value);
  };
}

function comparand(operand: Operand, now: number | undefined): (string | number)[] {
  if (operand.kind === 'number' || operand.kind === 'string') return [operand.value];
  if (operand.kind === 'now') {
    if (now === undefined) throw new NotEvaluable('it asks for the time of evaluation, which was not given');
    return [now + operand.offsetMilliseconds];
  }
  if (operand.kind === 'dynamic') throw new NotEvaluable('it compares with earlier runs, which only the service has');
  if (operand.kind === 'duration' || operand.kind === 'size') throw new NotEvaluable(`it compares a cell with a ${operand.kind}`);
  return [];
}

function orderTest({ operator }: Condition, numbers: readonly number[]): Test<number> {
  const [first = Number.NaN, second = Number.NaN] = numbers;
  switch (operator) {
    case '=':
    case 'in':
      return (value) => numbers.includes(value);
    case '>':
      return (value) => value > first;
    case '>=':
      return (value) => value >= first;
    case '<':
      return (value) => value < first;
    case '<=':
      return (value) => value <= first;
    case 'between':
      return (value) => value > first && value < second;
    case 'matches':
      throw new NotEvaluable('it matches a number with a pattern');
  }
}

/** The whole text has to match; linear in time. */
export function regexTest(operand: Operand | undefined): Test<string> {
  if (operand?.kind !== 'string') throw new NotEvaluable('the pattern is not a string');
  try {
    const pattern = RE2JS.compile(operand.value);
    return (text) => pattern.matches(text);
  } catch (error) {
    throw new NotEvaluable(`its pattern is not supported: ${error instanceof Error ? error.message : String(error)}`);
  }
}
