import fc from 'fast-check';
import { castStrictly } from '../../../local/job-world/cast.ts';
import { JobFailure, TaskFailure } from '../../../local/job-world/failures.ts';

const failure = (value: unknown, type: string) => {
  try {
    castStrictly(value, type);
  } catch (error) {
    if (error instanceof TaskFailure) return `${error.error.type}: ${error.message.split('.')[0]}`;
    throw error;
  }
  return null;
};

describe('a cast in ANSI mode', () => {
  it.each([
    ['12', 'int', 12],
    [' 12 ', 'int', 12],
    ['-2147483648', 'int', -2147483648],
    ['9223372036854775807', 'bigint', 9223372036854775807n],
    ['12.7', 'int', 12],
    [12.7, 'int', 12],
    ['1e3', 'double', 1000],
    ['1.5', 'float', 1.5],
    ['-inf', 'double', Number.NEGATIVE_INFINITY],
    ['12.345', 'decimal(10,2)', 12.35],
    ['yes', 'boolean', true],
    ['F', 'boolean', false],
    [0, 'boolean', false],
    ['2026-2-3', 'date', '2026-02-03'],
    ['2024-02-29', 'date', '2024-02-29'],
    [new Date('2026-02-03T04:05:06Z'), 'date', '2026-02-03'],
    ['2026-02-03 04:05:06', 'timestamp', '2026-02-03T04:05:06'],
    [7, 'string', '7'],
    [null, 'int', null],
    [undefined, 'string', null],
    [{ a: 1 }, 'struct<a:int>', { a: 1 }],
    ['[1]', 'array<int>', [1]],
  ])('takes %p as %s', (value, type, expected) => {
    expect(castStrictly(value, type)).toEqual(expected);
  });

  it.each([
    [
      'abc',
      'int',
      `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value 'abc' of the type "STRING" cannot be cast to "INT" because it is malformed`,
    ],
    [
      '3000000000',
      'int',
      `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value '3000000000' of the type "STRING" cannot be cast to "INT" because it is malformed`,
    ],
    [
      3000000000n,
      'integer',
      'org.apache.spark.SparkArithmeticException: [CAST_OVERFLOW] The value 3000000000L of the type "BIGINT" cannot be cast to "INT" due to an overflow',
    ],
    [
      '',
      'bigint',
      `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value '' of the type "STRING" cannot be cast to "BIGINT" because it is malformed`,
    ],
    [
      '1,5',
      'double',
      `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value '1,5' of the type "STRING" cannot be cast to "DOUBLE" because it is malformed`,
    ],
    [
      'maybe',
      'boolean',
      `org.apache.spark.SparkRuntimeException: [CAST_INVALID_INPUT] The value 'maybe' of the type "STRING" cannot be cast to "BOOLEAN" because it is malformed`,
    ],
    [
      '03/02/2026',
      'date',
      `org.apache.spark.SparkDateTimeException: [CAST_INVALID_INPUT] The value '03/02/2026' of the type "STRING" cannot be cast to "DATE" because it is malformed`,
    ],
    [
      '2026-02-30',
      'date',
      `org.apache.spark.SparkDateTimeException: [CAST_INVALID_INPUT] The value '2026-02-30' of the type "STRING" cannot be cast to "DATE" because it is malformed`,
    ],
    [
      'yesterday',
      'timestamp',
      `org.apache.spark.SparkDateTimeException: [CAST_INVALID_INPUT] The value 'yesterday' of the type "STRING" cannot be cast to "TIMESTAMP" because it is malformed`,
    ],
    [
      '{',
      'struct<a:int>',
      `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value '{' of the type "STRING" cannot be cast to "STRUCT<A:INT>" because it is malformed`,
    ],
  ])('refuses %p as %s, in the words of Spark', (value, type, message) => {
    expect(failure(value, type)).toBe(message);
  });

  it('keeps every integer that fits its type, and refuses every other', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }), (value) => {
        const fits = value >= -(2n ** 31n) && value < 2n ** 31n;
        expect(failure(String(value), 'int') === null).toBe(fits);
        expect(BigInt(castStrictly(String(value), 'bigint') as number)).toBe(value);
      }),
    );
  });

  it('either gives a value or fails as Spark would, whatever it is given', () => {
    const types = [
      'int',
      'bigint',
      'double',
      'decimal(5,2)',
      'boolean',
      'date',
      'timestamp',
      'string',
      'array<int>',
      'map<string,int>',
      'binary',
    ];
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.bigInt(), fc.boolean(), fc.jsonValue()),
        fc.constantFrom(...types),
        (value, type) => {
          try {
            castStrictly(value, type);
          } catch (error) {
            expect(error).toBeInstanceOf(JobFailure);
          }
        },
      ),
    );
  });
});
