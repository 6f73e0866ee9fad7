import * as fc from 'fast-check';
import { parseDqdl } from '../../../../../functions/detect-anomalies/quality-analyzer/dqdl/parse-dqdl.ts';
import { InputError } from '../../../../../functions/shared/errors.ts';

const only = (rule: string) => parseDqdl(`Rules = [ ${rule} ]`).rules[0];

describe('parseDqdl', () => {
  it('reads rules, their parameters, conditions and thresholds', () => {
    expect(only('IsPrimaryKey "a" "b c"')).toEqual({
      kind: 'rule',
      type: 'IsPrimaryKey',
      parameters: ['a', 'b c'],
      text: 'IsPrimaryKey "a" "b c"',
    });
    expect(only('ColumnValues "a" not in ["x", NULL, EMPTY] with threshold >= 0.9')).toMatchObject({
      parameters: ['a'],
      condition: { operator: 'in', negated: true, operands: [{ kind: 'string', value: 'x' }, { kind: 'null' }, { kind: 'empty' }] },
      threshold: { operator: '>=', negated: false, operands: [{ kind: 'number', value: 0.9 }] },
    });
    expect(only('ColumnValues "a" != -3')).toMatchObject({
      condition: { operator: '=', negated: true, operands: [{ kind: 'number', value: -3 }] },
    });
    expect(only('RowCount between 2 * (3 + 4) and 100')).toMatchObject({
      condition: { operator: 'between', operands: [{ value: 14 }, { value: 100 }] },
    });
  });

  it('reads dates relative to now, units, and functions of earlier runs', () => {
    expect(only('ColumnValues "day" > (now() - 3 days)')).toMatchObject({
      condition: { operands: [{ kind: 'now', offsetMilliseconds: -259_200_000 }] },
    });
    expect(only('DataFreshness "day" <= 24 hours')).toMatchObject({
      condition: { operands: [{ kind: 'duration', milliseconds: 86_400_000 }] },
    });
    expect(only('FileSize "x" < 2 MB')).toMatchObject({ condition: { operands: [{ kind: 'size', bytes: 2_097_152 }] } });
    expect(only('RowCount > avg(last(10)) * 0.8')).toMatchObject({ condition: { operands: [{ kind: 'dynamic' }] } });
  });

  it('nests rules with and, or and parentheses; and binds closer', () => {
    expect(only('(IsComplete "a") and (IsUnique "a") or (RowCount > 1)')).toMatchObject({
      kind: 'or',
      parts: [{ kind: 'and', parts: [{ type: 'IsComplete' }, { type: 'IsUnique' }] }, { type: 'RowCount' }],
    });
    expect(only('(IsComplete "a") AND ((IsUnique "a") OR (RowCount > 1))')).toMatchObject({
      kind: 'and',
      parts: [{ type: 'IsComplete' }, { kind: 'or' }],
    });
  });

  it('reads comments, variables, labels, other sections and escaped quotes', () => {
    const { rules } = parseDqdl(`
      Metadata = { "Version": "1.0" }
      DataSources = { "Primary": "sales", "AdditionalDataSources": ["ref"] }
      states = ["OR", "WA"]   # where we sell
      Rules = [
        ColumnValues "state" in $states, # the comma may be followed by a comment
        ColumnValues "say" matches "\\"hi\\" \\d+" labels=["team"="sales"],
        CustomSql "select count(*) from primary" = 0 where "a > 1"
      ]
      Analyzers = [ RowCount, Completeness "state" ]`);
    expect(rules).toHaveLength(3);
    expect(rules[0]).toMatchObject({ condition: { operands: [{ value: 'OR' }, { value: 'WA' }] } });
    expect(rules[1]).toMatchObject({ condition: { operands: [{ value: '"hi" \\d+' }] } });
    expect(rules[2]).toMatchObject({ type: 'CustomSql', where: 'a > 1' });
    expect(parseDqdl('Rules = []').rules).toEqual([]);
  });

  it.each([
    ['', 'line 1:1: seen the end of the ruleset; expected Rules = [ … ]'],
    ['Rules = [ IsComplete "a",\n  IsUniqe "a" ]', 'line 2:3: seen "IsUniqe"; expected a rule type (RowCount, '],
    ['Rules = [ IsComplete ]', 'line 1:22: seen "]"; expected the "column" of IsComplete'],
    ['Rules = [ RowCount ]', 'line 1:20: seen "]"; expected a condition for RowCount, such as > 0.9'],
    ['Rules = [ RowCount > ]', 'line 1:22: seen "]"; expected a number, a "string", NULL'],
    ['Rules = [ RowCount between 1, 2 ]', 'line 1:29: seen ","; expected "and" and the upper bound'],
    ['Rules = [ IsComplete "a" IsUnique "b" ]', 'line 1:26: seen "IsUnique"; expected "," or "]"'],
    ['Rules = [ ColumnValues "a" in $x ]', 'line 1:32: seen $"x"; expected a variable that was given a value before'],
    ['Rules = [ IsComplete "a ]', 'line 1:22: seen a string without end; expected a closing "'],
    ['Rules = [ IsComplete ~ ]', 'line 1:22: seen "~"; expected a rule type, a "string"'],
  ])('says of %j where it stopped, what was seen and what was expected', (source, message) => {
    expect(() => parseDqdl(source)).toThrow(message);
    expect(() => parseDqdl(source)).toThrow(expect.objectContaining({ code: 'E_DQDL' }));
  });

  it('answers any text with a ruleset or an InputError', () => {
    const words = fc.constantFrom(
      'Rules',
      '=',
      '[',
      ']',
      '(',
      ')',
      ',',
      'IsComplete',
      '"a"',
      'and',
      'or',
      '>',
      '1',
      'not',
      'in',
      '$',
      '-',
      'now',
      '{',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words).map((parts) => `Rules = [ ${parts.join(' ')}`),
    );
    void fc.assert(
      fc.property(texts, (text) => {
        try {
          return Array.isArray(parseDqdl(text).rules);
        } catch (error) {
          return error instanceof InputError;
        }
      }),
    );
  });

  it('refuses a ruleset that is nested or long beyond reason', () => {
    expect(() => parseDqdl(`Rules = [ ${'('.repeat(5000)}IsComplete "a"${')'.repeat(5000)} ]`)).toThrow('at most 50 nested parentheses');
    expect(() => parseDqdl(' '.repeat(200_001))).toThrow('at most 200000 are read');
  });
});
