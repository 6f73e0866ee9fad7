import { comparable } from '../../../../functions/detect-anomalies/quality-analyzer/comparable.ts';
import { fingerprint } from '../../../../functions/detect-anomalies/quality-analyzer/fingerprints.ts';
import { isMissing } from '../../../../functions/detect-anomalies/quality-analyzer/missing-values.ts';
import { formatOf, kindOf, outlineOf, shapeOf } from '../../../../functions/detect-anomalies/quality-analyzer/traits.ts';
import { isNearKnown, wordsOf } from '../../../../functions/detect-anomalies/quality-analyzer/words.ts';

describe('kindOf', () => {
  it.each([
    ['-12', 'integer'],
    ['1.5e-3', 'decimal'],
    ['True', 'boolean'],
    ['2024-02-29', 'date'],
    ['31/12/99', 'date'],
    ['2024-13-01', 'text'],
    ['2024-02-29T10:11:12Z', 'datetime'],
    ['7:10 a.m.', 'time'],
    ['c9a646d3-9c61-4cb7-bfcd-ee2522c8f633', 'uuid'],
    ['a@b.example', 'email'],
    ['s3://bucket/key', 'url'],
    ['{a:number}', 'nested'],
    ['12 oz', 'text'],
  ])('%s is of the kind %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});

describe('the shapes of a text', () => {
  it('go from exact to coarse', () => {
    expect(formatOf('Bend, OR 97701')).toBe('Aaaa, AA 99999');
    expect(shapeOf('Bend, OR 97701')).toBe('Aa, A 9');
    expect(outlineOf('Saint Louis Park, MO 63146')).toBe('w, w 9');
    expect(formatOf('Łódź')).toBe('ääaä');
  });
});

describe('isMissing', () => {
  it('knows how people write that there is no value', () => {
    for (const text of ['', '  ', 'N/A', 'null', '\\N', '-', 'Unknown', '#REF!']) expect(isMissing(text)).toBe(true);
    for (const text of ['0', 'no', 'Nan Goldin', '-1', 'NAB']) expect(isMissing(text)).toBe(false);
  });
});

describe('comparable', () => {
  it('puts numbers, dates and times on a scale', () => {
    expect(comparable('-1.5')).toEqual({ unit: 'number', value: -1.5 });
    expect(comparable('1970-01-02')).toEqual({ unit: 'date', value: 86_400_000 });
    expect(comparable('12:30 a.m.')).toEqual({ unit: 'time', value: 1800 });
    expect(comparable('1:05 PM')).toEqual({ unit: 'time', value: 47_100 });
  });

  it('refuses what only looks like one', () => {
    for (const text of ['', '12 oz', '1970-14-02', '25:00', '1e999', '0x10']) expect(comparable(text)).toBeNull();
  });
});

describe('isNearKnown', () => {
  const known = new Set(['hospital', 'center'].map(fingerprint));
  it('finds a word with one letter dropped, added, changed or swapped', () => {
    for (const word of ['hospitl', 'hospiital', 'hxspital', 'ohspital', 'centre']) expect(isNearKnown(word, known)).toBe(true);
  });
  it('leaves known words and other words alone', () => {
    for (const word of ['hospital', 'clinic', 'hoxpixal']) expect(isNearKnown(word, known)).toBe(false);
    expect(wordsOf('The Center for a-b, CENTER 12')).toEqual(['center']);
  });
});
