import fc from 'fast-check';
import { detectDrift } from '../../../../functions/detect-anomalies/drift-detector/detect-drift.ts';
import { type Drift, driftSchema } from '../../../../functions/detect-anomalies/drift-detector/drift.ts';
import { printGlueType } from '../../../../functions/detect-anomalies/drift-detector/parse-glue-type.ts';
import { glueTypes } from './glue-types.ts';
import { declared, range, sampled } from './sides.ts';

const brief = ({ changes }: Drift) => changes.map(({ kind, path, from, to, verdict }) => [kind, path, from, to, verdict]);

describe('detectDrift between declared schemas', () => {
  it('finds nothing between equal schemas in another order and case', () => {
    expect(detectDrift(declared('ID int', 'Name string'), declared('name STRING', 'id integer'))).toEqual({
      severity: 'none',
      changes: [],
    });
  });

  it('calls an added column compatible', () => {
    const drift = detectDrift(declared('id int'), declared('id int', 'note string'));
    expect(drift.severity).toBe('compatible');
    expect(brief(drift)).toEqual([['added', 'note', null, 'string', 'compatible']]);
  });

  it('calls a removed column breaking', () => {
    const drift = detectDrift(declared('id int', 'note string'), declared('id int'));
    expect(drift.severity).toBe('breaking');
    expect(brief(drift)).toEqual([['removed', 'note', 'string', null, 'breaking']]);
  });

  it.each([
    ['bigint', 'int', 'narrowing', 'breaking'],
    ['int', 'bigint', 'widening', 'compatible'],
    ['int', 'string', 'breaking', 'breaking'],
  ])('grades %s to %s as %s, severity %s', (from, to, verdict, severity) => {
    const drift = detectDrift(declared(`n ${from}`), declared(`n ${to}`));
    expect(brief(drift)).toEqual([['type_changed', 'n', from, to, verdict]]);
    expect(drift.severity).toBe(severity);
  });

  it('follows the rules of the engine that is asked for', () => {
    expect(detectDrift(declared('d date'), declared('d timestamp'), { engine: 'spark' }).severity).toBe('compatible');
    expect(detectDrift(declared('d date'), declared('d timestamp'), { engine: 'iceberg' }).severity).toBe('breaking');
  });

  it('names nested paths', () => {
    const drift = detectDrift(
      declared('rules array<struct<id:int,tags:map<string,int>>>'),
      declared('rules array<struct<id:int,tags:map<string,bigint>,at:date>>'),
    );
    expect(brief(drift)).toEqual([
      ['type_changed', 'rules[].tags{value}', 'int', 'bigint', 'widening'],
      ['added', 'rules[].at', null, 'date', 'compatible'],
    ]);
  });

  it('sees renames by name, type and place', () => {
    const drift = detectDrift(
      declared('vendor_name string', 'srcaddr string', 'Start_Lon double', 'Tip_Amt double', 'total double'),
      declared('vendor_id string', 'sourceaddress string', 'pickup_longitude double', 'tip_amount double', 'total double'),
    );
    expect(drift.severity).toBe('breaking');
    expect(drift.changes.map(({ kind, from, to }) => `${kind} ${from} ${to}`)).toEqual([
      'renamed vendor_name vendor_id',
      'renamed srcaddr sourceaddress',
      'renamed Start_Lon pickup_longitude',
      'renamed Tip_Amt tip_amount',
    ]);
  });

  it('reports the new type of a renamed column beside the rename', () => {
    const drift = detectDrift(declared('rate-code bigint'), declared('rateCode int'));
    expect(drift.changes.map(({ kind, path }) => [kind, path])).toEqual([
      ['renamed', 'rate-code'],
      ['type_changed', 'rateCode'],
    ]);
  });

  it('does not marry strangers that stand in the same place', () => {
    const drift = detectDrift(declared('a int', 'population bigint', 'z int'), declared('a int', 'area double', 'z int'));
    expect(drift.changes.map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });

  it('reports changed partition keys', () => {
    const before = { ...declared('v int'), partitionKeys: [{ name: 'year', type: 'int' }] };
    const keyedBy = (name: string, type: string) => ({ ...declared('v int'), partitionKeys: [{ name, type }] });
    expect(detectDrift(before, keyedBy('YEAR', 'integer')).severity).toBe('none');
    expect(detectDrift(before, keyedBy('year', 'bigint')).changes).toMatchObject([{ kind: 'partition_changed', verdict: 'widening' }]);
    expect(detectDrift(before, keyedBy('month', 'int')).changes).toMatchObject([
      { kind: 'partition_changed', from: 'year:int', to: 'month:int', verdict: 'breaking' },
    ]);
  });

  it('compares types it cannot read as text', () => {
    expect(detectDrift(declared('g geometry'), declared('g GEOMETRY')).severity).toBe('none');
    expect(detectDrift(declared('g geometry'), declared('g string')).severity).toBe('breaking');
  });

  it('is unmeasured where a side shows no columns', () => {
    expect(detectDrift(declared(), declared('a int'))).toEqual({ severity: 'unmeasured', changes: [] });
    expect(detectDrift(declared('a int'), declared())).toEqual({ severity: 'unmeasured', changes: [] });
  });

  it('gives every pair of schemas a drift that can be stored, and none to a schema and itself', () => {
    const schemas = fc.array(
      fc.record({ name: fc.string({ minLength: 1, maxLength: 8 }), type: fc.oneof(glueTypes.map(printGlueType), fc.string()) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(schemas, schemas, (a, b) => {
        expect(() => driftSchema.parse(detectDrift({ columns: a }, { columns: b }))).not.toThrow();
        expect(detectDrift({ columns: a }, { columns: a }).severity).toBe('none');
      }),
    );
  });
});

describe('detectDrift between rows', () => {
  const days = range(60).map((day) => `2024-01-${String((day % 30) + 1).padStart(2, '0')}`);
  const regions = range(60).map((row) => (row < 30 ? 'north' : 'south'));
  const cases = range(60).map((row) => String((row * 37) % 101));

  it('recognises a renamed column by its values, whatever it is called', () => {
    const drift = detectDrift(
      sampled('csv', { 'day date': days, 'region string': regions, 'current bigint': cases, 'beds bigint': cases.toReversed() }),
      sampled('csv', {
        'day date': days,
        'region string': regions,
        'beds_free bigint': range(60).map(String),
        'Infetti bigint': cases,
        'beds bigint': cases.toReversed(),
      }),
    );
    expect(drift.changes.map(({ kind, path, to }) => [kind, path, to])).toEqual([
      ['renamed', 'current', 'Infetti'],
      ['added', 'beds_free', 'bigint'],
    ]);
  });

  it('recognises it where rows came in another order and some were added', () => {
    const side = sampled('csv', { 'day date': days, 'region string': regions, 'current bigint': cases });
    const turned = sampled('csv', {
      'day date': [...days.toReversed(), '2024-02-01'],
      'region string': [...regions.toReversed(), 'north'],
      'Infetti bigint': [...cases.toReversed(), '7'],
    });
    expect(detectDrift(side, turned).changes).toMatchObject([{ kind: 'renamed', from: 'current', to: 'Infetti' }]);
  });

  it('does not take an alike name for a rename where the values of the same rows contradict it', () => {
    const drift = detectDrift(
      sampled('csv', { 'day date': days, 'region string': regions, 'new_cases bigint': cases }),
      sampled('csv', { 'day date': days, 'region string': regions, 'new_deaths bigint': range(60).map((row) => String((row * row) % 89)) }),
    );
    expect(drift.changes.map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });

  it.each([
    ['fewer digits', 'bigint', ['5000000000', '6000000000', '7000000000', '8'], 'bigint', ['1', '2', '3', '4']],
    ['decimals that happen to be whole', 'double', ['1.5', '2', '3.5', '4'], 'bigint', ['1', '2', '3', '4']],
    ['a text column that happens to hold numbers', 'string', ['a', 'b', 'c', 'd'], 'bigint', ['1', '2', '3', '4']],
    ['a column that happens to be empty', 'bigint', ['1', '2', '3', '4'], 'void', [null, null, null, null]],
    ['a few bad cells', 'bigint', range(40).map(String), 'string', [...range(39).map(String), 'N/A?']],
  ])('CSV: takes %s for no drift', (_, typeA, before, typeB, after) => {
    expect(detectDrift(sampled('csv', { [`n ${typeA}`]: before }), sampled('csv', { [`n ${typeB}`]: after })).severity).toBe('none');
  });

  it('CSV: reports numbers that have become text as breaking, and whole numbers that have become decimals as widening', () => {
    const whole = sampled('csv', { 'n bigint': ['1', '2', '3', '4'] });
    expect(brief(detectDrift(whole, sampled('csv', { 'n string': ['one', 'two', 'three', '4'] })))).toEqual([
      ['type_changed', 'n', 'bigint', 'string', 'breaking'],
    ]);
    expect(brief(detectDrift(whole, sampled('csv', { 'n double': ['1.5', '2.5', '3.5', '4'] })))).toEqual([
      ['type_changed', 'n', 'bigint', 'double', 'widening'],
    ]);
  });

  it('holds rows against a declared type', () => {
    const catalog = declared('n int', 'd date');
    expect(detectDrift(catalog, sampled('csv', { 'n bigint': ['1', '2'], 'd date': ['2024-01-01', '2024-01-02'] })).severity).toBe('none');
    expect(
      brief(detectDrift(catalog, sampled('csv', { 'n bigint': ['3000000000', '4000000000'], 'd date': ['2024-01-01', '2024-01-02'] }))),
    ).toEqual([['type_changed', 'n', 'int', 'bigint', 'widening']]);
  });

  it('JSON: a number in quotes is another type', () => {
    const drift = detectDrift(sampled('jsonl', { 'code bigint': [1, 2, 3, 4] }), sampled('jsonl', { 'code string': ['1', '2', '3', '4'] }));
    expect(brief(drift)).toEqual([['type_changed', 'code', 'bigint', 'string', 'breaking']]);
  });

  it('JSON: tells a rare nested field from one that is gone', () => {
    const side = (cells: readonly { readonly [key: string]: unknown }[], type: string) => sampled('jsonl', { [`o ${type}`]: cells });
    const full = side(
      range(30).map((row) => ({ id: row, name: 'x' })),
      'struct<id:bigint,name:string>',
    );
    const rare = side(
      range(30).map((row) => (row === 0 ? { id: row, name: 'x' } : { id: row })),
      'struct<id:bigint,name:string>',
    );
    const gone = side(
      range(30).map((row) => ({ id: row })),
      'struct<id:bigint>',
    );
    expect(detectDrift(rare, gone).severity).toBe('none');
    expect(brief(detectDrift(full, gone))).toEqual([['nested_changed', 'o.name', 'string', null, 'breaking']]);
  });

  it('JSON: another key in a dictionary is data', () => {
    const words = (keys: readonly string[]) =>
      sampled('jsonl', {
        [`t struct<${keys.map((key) => `${key}:string`).join(',')}>`]: range(30).map(() =>
          Object.fromEntries(keys.map((key) => [key, 'x'])),
        ),
      });
    expect(detectDrift(words(['de', 'fr', 'it']), words(['de', 'fr', 'ru', 'es'])).severity).toBe('none');
  });

  it('JSON: an object that one sample shows as a dictionary and the other as fields is compared by its values', () => {
    const cells = range(30).map(() => ({ common: 'x', official: 'y' }));
    const fields = sampled('jsonl', { 'n struct<common:string,official:string>': cells });
    const words = sampled('jsonl', { 'n map<string,string>': cells });
    const objects = sampled('jsonl', { 'n map<string,struct<common:string>>': range(30).map(() => ({ deu: { common: 'x' } })) });
    expect(detectDrift(fields, words).severity).toBe('none');
    expect(brief(detectDrift(fields, objects))).toEqual([['nested_changed', 'n{value}', 'string', 'struct<common:string>', 'breaking']]);
  });

  it('JSON: a rare key that a small sample lacks is not removed, a usual one is', () => {
    const baseline = (seen: number) =>
      sampled('jsonl', { 'id bigint': range(100), 'extra string': range(100).map((row) => (row < seen ? 'x' : null)) });
    const current = sampled('jsonl', { 'id bigint': range(50) });
    expect(detectDrift(baseline(2), current).severity).toBe('none');
    expect(detectDrift(baseline(60), current).changes).toMatchObject([{ kind: 'removed', path: 'extra' }]);
  });

  it.each([
    ['a time of day', "yyyy-M-d'T'H:m:s", (day: string) => `2024-01-${day}T10:00:00`, 'yyyy-M-d'],
    ['the order of day and month', 'd/M/yyyy', (day: string) => `${day}/01/2024`, 'yyyy-M-d'],
    ['compact digits', 'yyyyMd', (day: string) => `202401${day}`, 'yyyy-M-d'],
  ])('sees that dates are written in another format: %s', (_, format, write, from) => {
    const numbers = range(28).map((day) => String(day + 1).padStart(2, '0'));
    const before = sampled('csv', { 'd date': numbers.map((day) => `2024-01-${day}`) });
    const after = sampled('csv', { 'd string': numbers.map(write) });
    expect(detectDrift(before, before).severity).toBe('none');
    expect(detectDrift(before, after)).toMatchObject({
      severity: 'compatible',
      changes: [{ kind: 'format_changed', path: 'd', from, to: format }],
    });
  });

  it('two files tell names apart by case, a file and the catalog do not', () => {
    const [upper, lower] = [sampled('csv', { 'Name string': ['a', 'b'] }), sampled('csv', { 'name string': ['a', 'b'] })];
    expect(detectDrift(upper, lower).changes).toMatchObject([{ kind: 'renamed', from: 'Name', to: 'name' }]);
    expect(detectDrift(declared('name string'), upper).severity).toBe('none');
    expect(detectDrift(upper, lower, { caseInsensitive: true }).severity).toBe('none');
  });
});
