import { learnBaseline } from '../../../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import { QualityBaselineSchema } from '../../../../functions/detect-anomalies/quality-analyzer/quality-baseline.ts';
import { drawer, saleRows, sampleOf } from './seeded-rows.ts';

describe('learnBaseline', () => {
  const baseline = learnBaseline(sampleOf(saleRows(1000, 1)));
  const column = (name: string) => baseline.columns.find((each) => each.name === name);

  it('is plain JSON of its schema, and the same for the same rows', () => {
    expect(QualityBaselineSchema.parse(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
    expect(learnBaseline(sampleOf(saleRows(1000, 1)))).toEqual(baseline);
  });

  it('recognises keys, domains, dependencies and orders', () => {
    expect(column('sale_id')?.isKey).toBe(true);
    expect(column('price')?.isKey).toBe(false);
    expect(column('status')?.domain).toEqual(['open', 'paid', 'returned']);
    expect(baseline.dependencies.map(({ from, targets }) => [from, targets.map(({ to }) => to)])).toEqual([['shop', ['city']]]);
    expect(baseline.orders).toEqual([{ lower: 'opened', upper: 'closed', unit: 'date', checked: 1000, violated: 0 }]);
  });

  it('expects other dates and higher keys later', () => {
    expect(column('opened')?.traits['domain']).toBeUndefined();
    expect(column('sale_id')?.ranges.every(({ max, highest }) => (highest ?? 0) >= 100 * max)).toBe(true);
  });

  it('does not store the values of an open column', () => {
    const secret = Array.from({ length: 200 }, (_, index) => ({ name: `Margaret Hamilton ${index}` }));
    expect(JSON.stringify(learnBaseline(sampleOf(secret)))).not.toContain('Hamilton');
  });

  it('stays within 250 KB for 50 wide columns', () => {
    const draw = drawer(7);
    const names = Array.from({ length: 50 }, (_, index) => `column_${index}`);
    const word = () => Array.from({ length: 3 }, () => 'abcdefghijklmnopqrstuvwxyz'.charAt(draw(26))).join('');
    const rows = Array.from({ length: 3000 }, () =>
      Object.fromEntries(names.map((name, index) => [name, index % 2 ? `${word()} ${word()}` : `${word()}-${draw(500)}`])),
    );
    expect(JSON.stringify(learnBaseline(sampleOf(rows))).length).toBeLessThan(250_000);
  });

  it('learns from nothing, from one row, and from typed and nested cells', () => {
    expect(learnBaseline(sampleOf([])).columns).toEqual([]);
    expect(learnBaseline(sampleOf([{ a: null }])).rows).toBe(1);
    const typed = Array.from({ length: 60 }, (_, index) => ({
      id: BigInt(index),
      flag: index % 2 === 0,
      tags: ['x', index],
      of: { a: 1 },
    }));
    const learned = learnBaseline(sampleOf(typed));
    expect(learned.columns.map(({ isKey }) => isKey)).toEqual([true, false, false, false]);
    expect(QualityBaselineSchema.parse(JSON.parse(JSON.stringify(learned)))).toEqual(learned);
  });
});
