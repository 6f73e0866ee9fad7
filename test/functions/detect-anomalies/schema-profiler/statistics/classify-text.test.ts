import fc from 'fast-check';
import {
  BOOLEAN,
  classifyText,
  DATE,
  DECIMAL,
  found,
  INTEGER,
  MAYBE_DATE,
  NULL_MARKER,
  TEXT,
  TIMESTAMP,
  TIMESTAMP_TZ,
} from '../../../../../functions/detect-anomalies/schema-profiler/statistics/classify-text.ts';
import { scanBytes, scanned } from '../../../../../functions/detect-anomalies/schema-profiler/statistics/column-statistics.ts';

function classify(text: string): { kind: number; value: number } {
  const bytes = new TextEncoder().encode(`x${text}9`);
  scanBytes(bytes, 1, bytes.length - 1);
  return { kind: classifyText(bytes, 1, bytes.length - 1, scanned.mask), value: found.value };
}

describe('classifyText', () => {
  it.each([
    ['0', INTEGER],
    ['-12', INTEGER],
    ['+7', INTEGER],
    ['007', INTEGER],
    ['12345678901234567890', INTEGER],
    ['1.5', DECIMAL],
    ['.5', DECIMAL],
    ['5.', DECIMAL],
    ['-1e-9', DECIMAL],
    ['inf', DECIMAL],
    ['-Infinity', DECIMAL],
    ['.', NULL_MARKER],
    ['-', NULL_MARKER],
    ['NA', NULL_MARKER],
    ['\\N', NULL_MARKER],
    ['NULL', NULL_MARKER],
    ['true', BOOLEAN],
    ['FALSE', BOOLEAN],
    ['2024-02-29', DATE],
    ['2024-02-29 10:11', TIMESTAMP],
    ['2024-02-29T10:11:12.5', TIMESTAMP],
    ['2024-02-29T10:11:12Z', TIMESTAMP_TZ],
    ['2024-02-29 10:11:12+01:00', TIMESTAMP_TZ],
    ['2023-02-29', MAYBE_DATE],
    ['1-2', TEXT],
    ['1.2.3', TEXT],
    ['e5', TEXT],
    ['1e', TEXT],
    ['--1', TEXT],
    ['truth', TEXT],
    ['N', TEXT],
    ['x', TEXT],
    [' 1', TEXT],
  ])('knows what %s is', (text, kind) => {
    expect(classify(text).kind).toBe(kind);
  });

  it('reads a number as JavaScript does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const { kind, value } = classify(String(number));
        expect([INTEGER, DECIMAL]).toContain(kind);
        if (number === 0) expect(Math.abs(value)).toBe(0);
        // more than 15 digits may be off in the last one: the caller asks again where that matters
        else expect(Math.abs(value / number - 1)).toBeLessThan(1e-14);
      }),
    );
  });

  it('reads ISO timestamps as the instants that they are', () => {
    const instants = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (instant) => {
        expect(classify(instant.toISOString())).toEqual({ kind: TIMESTAMP_TZ, value: instant.getTime() });
        const day = Date.parse(instant.toISOString().slice(0, 10));
        expect(classify(instant.toISOString().slice(0, 10))).toEqual({ kind: DATE, value: day });
      }),
    );
  });

  it('honours the offset of a timestamp', () => {
    expect(classify('2024-01-01T00:30:00+01:00').value).toBe(Date.parse('2023-12-31T23:30:00Z'));
    expect(classify('2024-01-01T00:30:00-0230').value).toBe(Date.parse('2024-01-01T03:00:00Z'));
  });
});
