import fc from 'fast-check';
import { compareTypes, diffTypes, VERDICTS, worst } from '../../../../functions/detect-anomalies/drift-detector/compare-types.ts';
import { ENGINES, type Engine } from '../../../../functions/detect-anomalies/drift-detector/engine-rules.ts';
import { parseGlueType, printGlueType } from '../../../../functions/detect-anomalies/drift-detector/parse-glue-type.ts';
import { atoms, glueTypes } from './glue-types.ts';

const engines = fc.constantFrom(...ENGINES);
const SAFE = ['identical', 'widening', 'compatible'];

describe('compareTypes', () => {
  it.each([
    // all engines that know both types agree
    ['int', 'bigint', 'widening'],
    ['bigint', 'int', 'narrowing'],
    ['float', 'double', 'widening'],
    ['decimal(10,2)', 'decimal(12,2)', 'widening'],
    ['decimal(12,2)', 'decimal(10,2)', 'narrowing'],
    ['timestamp', 'date', 'narrowing'],
    ['int', 'string', 'breaking'],
    ['boolean', 'int', 'breaking'],
    ['varchar(10)', 'string', 'widening'],
    ['string', 'varchar(10)', 'narrowing'],
    // they do not: the most cautious one counts
    ['int', 'double', 'breaking'],
    ['string', 'int', 'breaking'],
    ['decimal(10,2)', 'decimal(12,4)', 'breaking'],
    // Delta and Spark let the scale grow as well, Iceberg and Hive do not: the most cautious counts
    ['decimal(5,2)', 'decimal(8,4)', 'breaking'],
    // Iceberg is silent on integers that become decimals: Delta's minimum and little more is a widening
    ['int', 'decimal(10,0)', 'widening'],
    ['int', 'decimal(18,2)', 'breaking'],
    ['bigint', 'decimal(19,0)', 'breaking'],
    // unlike builds
    ['array<int>', 'int', 'breaking'],
    ['map<string,int>', 'struct<a:int>', 'breaking'],
    ['void', 'array<int>', 'widening'],
  ])('merged: %s to %s is %s', (from, to, verdict) => {
    expect(compareTypes(from, to)).toBe(verdict);
  });

  it.each<[Engine, string, string, string]>([
    ['glue', 'string', 'int', 'compatible'],
    ['glue', 'int', 'double', 'breaking'],
    ['spark', 'int', 'double', 'widening'],
    ['spark', 'bigint', 'double', 'compatible'],
    ['spark', 'date', 'timestamp', 'widening'],
    ['spark', 'string', 'int', 'breaking'],
    ['iceberg', 'int', 'long', 'widening'],
    ['iceberg', 'date', 'timestamp', 'breaking'],
    ['iceberg', 'decimal(9,2)', 'decimal(18,4)', 'breaking'],
    ['iceberg', 'tinyint', 'int', 'breaking'],
    ['avro', 'bytes', 'string', 'compatible'],
    ['avro', 'long', 'float', 'compatible'],
    ['avro', 'null', 'int', 'breaking'],
    ['delta', 'decimal(9,2)', 'decimal(18,4)', 'widening'],
    ['delta', 'decimal(5,2)', 'decimal(8,4)', 'widening'],
    ['spark', 'decimal(5,2)', 'decimal(8,4)', 'widening'],
    ['iceberg', 'decimal(5,2)', 'decimal(8,4)', 'breaking'],
    ['delta', 'smallint', 'decimal(12,3)', 'breaking'],
  ])('%s: %s to %s is %s', (engine, from, to, verdict) => {
    expect(compareTypes(from, to, engine)).toBe(verdict);
  });

  it.each([
    ['struct<a:int,b:string>', 'struct<a:bigint,b:string>', 'widening'],
    ['struct<a:int>', 'struct<a:int,b:string>', 'compatible'],
    ['struct<a:int,b:string>', 'struct<b:string,a:int>', 'compatible'],
    ['struct<a:int,b:string>', 'struct<a:int>', 'breaking'],
    ['array<struct<id:bigint>>', 'array<struct<id:int,q:int>>', 'narrowing'],
    ['map<struct<a:int>,int>', 'map<struct<a:int,b:int>,int>', 'breaking'],
    ['uniontype<int,string>', 'uniontype<bigint,string,date>', 'compatible'],
  ])('composite: %s to %s is %s, as its worst part', (from, to, verdict) => {
    expect(compareTypes(from, to)).toBe(verdict);
  });

  it('tells fields apart by case only where the engine does', () => {
    expect(compareTypes('struct<ID:int>', 'struct<id:int>', 'glue')).toBe('identical');
    expect(compareTypes('struct<ID:int>', 'struct<id:int>', 'iceberg')).toBe('breaking');
  });

  it('finds each type identical to itself, for every engine', () => {
    fc.assert(
      fc.property(glueTypes, engines, (type, engine) =>
        expect(compareTypes(printGlueType(type), printGlueType(type), engine)).toBe('identical'),
      ),
    );
  });

  it('never calls a change safe in both directions when it widens', () => {
    fc.assert(
      fc.property(glueTypes, glueTypes, engines, (a, b, engine) => {
        const [there, back] = [
          compareTypes(printGlueType(a), printGlueType(b), engine),
          compareTypes(printGlueType(b), printGlueType(a), engine),
        ];
        if (there === 'widening') expect(SAFE).not.toContain(back);
      }),
      { numRuns: 500 },
    );
  });

  it('judges a part the same way inside arrays, map values and struct fields', () => {
    const wrappers = fc.constantFrom(
      (text: string) => `array<${text}>`,
      (text: string) => `map<string,${text}>`,
      (text: string) => `struct<x:${text},y:date>`,
      (text: string) => `array<struct<m:map<string,${text}>>>`,
    );
    fc.assert(
      fc.property(atoms, atoms, wrappers, engines, (a, b, wrap, engine) => {
        const [from, to] = [printGlueType(a), printGlueType(b)];
        expect(compareTypes(wrap(from), wrap(to), engine)).toBe(compareTypes(from, to, engine));
      }),
      { numRuns: 500 },
    );
  });

  it('is never less cautious merged than every engine that knows both types', () => {
    const known = fc.constantFrom('boolean', 'int', 'bigint', 'float', 'double', 'string', 'binary');
    fc.assert(
      fc.property(known, known, (from, to) => {
        const each = (['spark', 'iceberg', 'avro'] as const).map((engine) => compareTypes(from, to, engine));
        expect(VERDICTS.indexOf(compareTypes(from, to))).toBeGreaterThanOrEqual(VERDICTS.indexOf(worst(each)));
      }),
    );
  });

  it('answers any two texts with a verdict or with E_TYPE', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), engines, (from, to, engine) => {
        try {
          expect(VERDICTS).toContain(compareTypes(from, to, engine));
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_TYPE' });
        }
      }),
    );
  });
});

describe('diffTypes', () => {
  it('names the path of every nested difference', () => {
    const differences = diffTypes(
      parseGlueType('struct<a:array<struct<id:int,gone:date>>,m:map<string,int>>'),
      parseGlueType('struct<a:array<struct<id:bigint,new:string>>,m:map<string,string>>'),
    );
    expect(differences.map(({ path, kind, from, to, verdict }) => [path, kind, from, to, verdict])).toEqual([
      ['.a[].id', 'type_changed', 'int', 'bigint', 'widening'],
      ['.a[].gone', 'removed', 'date', null, 'breaking'],
      ['.a[].new', 'added', null, 'string', 'compatible'],
      ['.m{value}', 'type_changed', 'int', 'string', 'breaking'],
    ]);
  });
});
