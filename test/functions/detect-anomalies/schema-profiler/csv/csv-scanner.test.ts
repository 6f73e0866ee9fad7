import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import Papa from 'papaparse';
import { feedRecords } from '../../../../../functions/detect-anomalies/schema-profiler/bytes/feed-records.ts';
import {
  type CsvDialect,
  CsvScanner,
  ESCAPED,
  STRIDE,
  unescapeCell,
} from '../../../../../functions/detect-anomalies/schema-profiler/csv/csv-scanner.ts';
import { splitRecords } from '../../../../../functions/detect-anomalies/schema-profiler/csv/split-records.ts';

const DIALECT: CsvDialect = { delimiter: 0x2c, quote: 0x22, backslash: false, carriageReturn: false };

/** The rows of `text`, fed in pieces of `step` bytes. */
async function scan(text: string, width: number, step = 1 << 20, dialect = DIALECT) {
  const rows: string[][] = [];
  const scanner = new CsvScanner(dialect, width, (bytes, tape, count) => {
    for (let row = 0; row < count; row += 1) {
      rows.push(
        Array.from({ length: width }, (_, column) => {
          const slot = (row * width + column) * STRIDE;
          const start = tape[slot] ?? 0;
          const end = tape[slot + 1] ?? 0;
          const isEscaped = ((tape[slot + 3] ?? 0) & ESCAPED) !== 0;
          return new TextDecoder().decode(bytes.subarray(start, isEscaped ? unescapeCell(bytes, start, end, dialect) : end));
        }),
      );
    }
  });
  const whole = new TextEncoder().encode(text);
  async function* pieces() {
    for (let at = 0; at < whole.length; at += step) yield whole.subarray(at, at + step);
  }
  await feedRecords(pieces(), scanner, () => false);
  return { rows, malformed: scanner.malformed, blank: scanner.blank };
}

const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r\n', ' ', 'é', '日', "'"), maxLength: 6 });
const table = fc
  .integer({ min: 2, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }));
const write = (rows: readonly (readonly string[])[], end: string) =>
  rows
    .map((row) => row.map((text) => (/[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text)).join(','))
    .join(end);

describe('CsvScanner', () => {
  it('reads what was written, in pieces of any size, as csv-parse and Papa Parse do', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 40 }), async (rows, end, step) => {
        const text = write(rows, end);
        const width = rows[0]?.length ?? 0;
        const found = await scan(text, width, step);
        expect(found.rows).toEqual(rows);
        expect(found.rows).toEqual(parseCsv(text, { relax_column_count: true }));
        expect(found.rows).toEqual(Papa.parse(text, { newline: end, delimiter: ',' }).data);
      }),
    );
  });

  it('agrees with csv-parse on any text that both can read', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'b'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        let expected: string[][];
        try {
          expected = parseCsv(written, { relax_column_count: true, relax_quotes: false, skip_empty_lines: true, record_delimiter: '\n' });
        } catch {
          return;
        }
        const width = expected[0]?.length ?? 2;
        const isRow = (record: readonly string[]) => record.length === width;
        const found = await scan(written, width);
        const withoutBlanks = width === 1 ? found.rows.filter((row) => row[0] !== '') : found.rows;
        const wanted = width === 1 ? expected.filter((row) => isRow(row) && row[0] !== '') : expected.filter(isRow);
        expect(withoutBlanks).toEqual(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same cells as the splitter that looks at the head of a file', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = write(rows, '\n');
        expect(splitRecords(text, true, DIALECT, 100)).toEqual((await scan(text, rows[0]?.length ?? 0)).rows);
      }),
    );
  });

  it('B18 counts ragged records and records with a NUL, and leaves blank lines out', async () => {
    expect(await scan('a,b\n1\n\n1,2,3\n4,5\n6,\u00007\n', 2)).toEqual({
      rows: [
        ['a', 'b'],
        ['4', '5'],
      ],
      malformed: 3,
      blank: 1,
    });
  });

  it('takes a blank line of a single column as a missing value', async () => {
    expect((await scan('a\n\nb\n', 1)).rows).toEqual([['a'], [''], ['b']]);
  });

  it('takes misplaced quotes as signs', async () => {
    expect((await scan('a "b",c"\n"d"e",f\n', 2)).rows).toEqual([
      ['a "b"', 'c"'],
      ['d"e', 'f'],
    ]);
    expect((await scan('"a" ,b\n', 2)).rows).toEqual([['a', 'b']]);
  });

  it('knows a lone CR as the end of a record only where the dialect says so', async () => {
    expect((await scan('a,b\rc\n', 2)).rows).toEqual([['a', 'b\rc']]);
    expect((await scan('a,b\rc,d', 2, 3, { ...DIALECT, carriageReturn: true })).rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('takes backslash escapes out where the dialect has them', async () => {
    expect((await scan('"a\\"b","c\\\\"\n', 2, 4, { ...DIALECT, backslash: true })).rows).toEqual([['a"b', 'c\\']]);
  });

  it('B18 names the row of a quote that is never closed', async () => {
    await expect(scan('a,b\n1,2\n3,"4\n5,6\n', 2, 5)).rejects.toMatchObject({
      code: 'E_CSV',
      message: expect.stringContaining('row 3, unterminated quote'),
    });
  });

  it('B18 gives up on a record that never ends, in bounded memory', async () => {
    await expect(scan(`a,b\n1,"${'x'.repeat(9 * 1024 * 1024)}`, 2, 1 << 20)).rejects.toMatchObject({
      code: 'E_CSV',
      message: expect.stringContaining('row 2 is longer than'),
    });
  });
});
