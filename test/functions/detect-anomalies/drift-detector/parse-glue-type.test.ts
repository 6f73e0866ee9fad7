import fc from 'fast-check';
import {
  MAX_TYPE_DEPTH,
  MAX_TYPE_LENGTH,
  parseGlueType,
  printGlueType,
} from '../../../../functions/detect-anomalies/drift-detector/parse-glue-type.ts';
import { InputError } from '../../../../functions/shared/errors.ts';
import { glueTypes } from './glue-types.ts';

const canonical = (text: string) => printGlueType(parseGlueType(text));

describe('parseGlueType', () => {
  it('reads nested types and prints them in canonical form', () => {
    expect(canonical(' STRUCT< Id : INT , tags : Array< String >, m:MAP<string , decimal( 10 , 2 )>> ')).toBe(
      'struct<Id:int,tags:array<string>,m:map<string,decimal(10,2)>>',
    );
  });

  it.each([
    ['integer', 'int'],
    ['long', 'bigint'],
    ['bool', 'boolean'],
    ['real', 'float'],
    ['decimal', 'decimal(10,0)'],
    ['numeric(5)', 'decimal(5,0)'],
    ['char(3)', 'char(3)'],
    ['varchar(20)', 'varchar(20)'],
    ['fixed[16]', 'fixed(16)'],
    ['null', 'void'],
    ['timestamp with local  time zone', 'timestamptz'],
    ['double precision', 'double'],
    ['uniontype<int,array<string>>', 'uniontype<int,array<string>>'],
    ['struct<>', 'struct<>'],
  ])('reads %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('keeps field names that need quotes', () => {
    expect(canonical('struct<`a:b``c`:int, two words :string,`,`:date>')).toBe('struct<`a:b``c`:int,two words:string,`,`:date>');
  });

  it('passes over the comments of Athena DDL', () => {
    expect(canonical("struct<a:int COMMENT 'the, <first>: one',b:string comment ''>")).toBe('struct<a:int,b:string>');
  });

  it.each([
    ['', 'the end'],
    ['strin', 'a Glue type'],
    ['struct<a:int', '">"'],
    ['struct<a>', '":"'],
    ['array<int>>', 'the end of the type'],
    ['array<int,int>', '">"'],
    ['map<string>', '","'],
    ['decimal(39,2)', 'a number from 1 to 38'],
    ['decimal(5,6)', 'a number from 0 to 5'],
    ['varchar(0)', 'a number from 1 to 65535'],
    ['varchar', '"("'],
    ['int int', 'the end of the type'],
    ['uniontype<>', 'at least one member'],
  ])('refuses %j and says what was expected', (text, expected) => {
    expect(() => parseGlueType(text)).toThrow(expect.objectContaining({ code: 'E_TYPE', message: expect.stringContaining(expected) }));
  });

  it('bounds length and depth before it recurses', () => {
    const nested = (levels: number) => `${'array<'.repeat(levels)}int${'>'.repeat(levels)}`;
    expect(canonical(nested(MAX_TYPE_DEPTH))).toBe(nested(MAX_TYPE_DEPTH));
    expect(() => parseGlueType(nested(MAX_TYPE_DEPTH + 1))).toThrow(/nesting of at most 100 levels/);
    expect(() => parseGlueType(nested(20_000))).toThrow(InputError);
    expect(() => parseGlueType('x'.repeat(MAX_TYPE_LENGTH + 1))).toThrow(/E_TYPE/);
  });

  it('reads back whatever it prints', () => {
    fc.assert(fc.property(glueTypes, (type) => expect(parseGlueType(printGlueType(type))).toEqual(type)));
  });

  it('answers any text with a type or with E_TYPE', () => {
    const noise = fc.oneof(fc.string(), fc.stringMatching(/^(struct|array|map|int|decimal|<|>|:|,|\(|\)|`|[0-9]| ){1,20}$/));
    fc.assert(
      fc.property(noise, (text) => {
        try {
          expect(canonical(canonical(text))).toBe(canonical(text));
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_TYPE' });
        }
      }),
    );
  });
});
