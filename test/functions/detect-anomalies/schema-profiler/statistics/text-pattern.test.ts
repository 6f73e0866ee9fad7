import { scanBytes, scanned } from '../../../../../functions/detect-anomalies/schema-profiler/statistics/column-statistics.ts';
import { patternOf } from '../../../../../functions/detect-anomalies/schema-profiler/statistics/text-pattern.ts';

function pattern(text: string): string {
  const bytes = new TextEncoder().encode(text);
  scanBytes(bytes, 0, bytes.length);
  return patternOf(bytes, 0, bytes.length, scanned.mask);
}

describe('patternOf', () => {
  it.each([
    ['', ''],
    ['AB-123', 'AA-999'],
    ['12345', '9+'],
    ['1234', '9999'],
    ['hello Worldly', 'a+ Aa+'],
    ['Zoë', 'Aaa'],
    ['日本', 'aa'],
    ['a\tb', 'a a'],
    ['joe@example.com', 'aaa@a+.aaa'],
  ])('shows %j as %s', (text, shape) => {
    expect(pattern(text)).toBe(shape);
  });

  it('cuts a long shape off', () => {
    const shape = pattern('a-'.repeat(100));
    expect(shape).toBe(`${'a-'.repeat(20)}…`);
    expect(pattern('-'.repeat(500)).length).toBeLessThanOrEqual(41);
  });
});
