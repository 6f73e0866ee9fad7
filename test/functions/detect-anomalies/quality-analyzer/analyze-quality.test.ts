import { analyzeQuality } from '../../../../functions/detect-anomalies/quality-analyzer/analyze-quality.ts';
import { learnBaseline } from '../../../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import { corrupt, type Draw, type Row, saleRows, sampleOf } from './seeded-rows.ts';

const good = saleRows(1200, 1);
const baseline = learnBaseline(sampleOf(good));
const later = saleRows(1200, 2);
const analyze = (rows: readonly Row[]) => analyzeQuality(baseline, sampleOf(rows));
const degraded = (rows: readonly Row[]) =>
  analyze(rows)
    .columns.filter((column) => column.degraded)
    .map(({ name }) => name);

describe('analyzeQuality on good data', () => {
  it('calls at most one column in two hundred degraded over twenty later batches', () => {
    const flagged = Array.from({ length: 20 }, (_, index) => degraded(saleRows(400 + 40 * index, 10 + index))).flat();
    expect(flagged.length).toBeLessThanOrEqual(1);
  });

  it('is good, with a score near 1 and nothing to tell', () => {
    const report = analyze(later);
    expect(report).toMatchObject({ condition: 'good', findings: [], rows: 1200, baselineRows: 1200 });
    expect(report.score).toBeGreaterThan(0.995);
    expect(report.columns.every(({ reasons, offendingRows }) => reasons.length === 0 && offendingRows.length === 0)).toBe(true);
  });

  it('says the same about the baseline itself, read back from JSON', () => {
    expect(analyzeQuality(JSON.parse(JSON.stringify(baseline)), sampleOf(good)).condition).toBe('good');
  });
});

const letter = (draw: Draw) => 'abcdefghijklmnopqrstuvwxyz'.charAt(draw(26));
const typo = (cell: string, draw: Draw) => {
  const at = draw(cell.length);
  return cell.slice(0, at) + letter(draw) + cell.slice(at + 1);
};

describe('analyzeQuality finds', () => {
  it.each<[what: string, column: string, metric: string, change: (cell: string, draw: Draw) => string, share?: number]>([
    ['missing cells', 'quantity', 'completeness', () => ''],
    ['new ways to say missing', 'note', 'validity', (cell) => (cell === '' ? 'N/A' : cell), 0.5],
    ['misspellings of a few values', 'status', 'validity', typo],
    ['misspellings in free text', 'product', 'validity', typo],
    ['another format', 'price', 'validity', (cell) => `${cell} CHF`],
    ['dates written otherwise', 'opened', 'validity', (cell) => cell.split('-').reverse().join('/')],
    ['numbers out of range', 'quantity', 'validity', (cell) => String(Number(cell) * 1000)],
    ['blanks at the end', 'city', 'validity', (cell) => `${cell} `],
    ['values of another column', 'city', 'validity', () => 'paid'],
    ['cities that are not the shop’s', 'city', 'consistency', (cell) => (cell === 'Bern' ? 'Chur' : 'Bern')],
    ['ends before starts', 'closed', 'consistency', (cell) => `2022${cell.slice(4)}`],
    ['keys that repeat', 'sale_id', 'uniqueness', (_, draw) => `12000${draw(9)}`],
  ])('%s in the column, and in no other', (_, column, metric, change, share = 0.05) => {
    const { rows, changed } = corrupt(later, column, share, 3, change);
    const report = analyze(rows);
    expect(report.columns.filter((each) => each.degraded).map(({ name }) => name)).toEqual([column]);
    expect(report.condition).toBe('degraded');
    const finding = report.findings.find((each) => each.metric === metric);
    expect(finding).toMatchObject({ column, pValue: expect.any(Number), baseline: expect.any(Number) });
    expect(finding?.value).toBeLessThan(finding?.expected.min ?? 0);
    expect(report.score).toBeLessThan(analyze(later).score ?? 0);
    const found = new Set(report.columns.find(({ name }) => name === column)?.offendingRows);
    expect(changed.filter((row) => found.has(row)).length).toBeGreaterThan(0.5 * changed.length);
  });

  it('rows that repeat as a whole', () => {
    const report = analyze([...later.slice(0, 1000), ...later.slice(0, 200)]);
    expect(report.findings.find(({ column }) => column === null)).toMatchObject({ metric: 'uniqueness', check: 'duplicate-rows' });
  });

  it('an absent column, and does not mind an added one', () => {
    const { columns } = analyze(later.map(({ city: _, ...row }) => ({ ...row, extra: 'x' })));
    expect(columns.find(({ name }) => name === 'city')).toMatchObject({
      degraded: true,
      completeness: 0,
      reasons: ['the column is absent'],
    });
    expect(columns.map(({ name }) => name)).not.toContain('extra');
  });

  it('a default that took over', () => {
    const { rows } = corrupt(later, 'quantity', 0.4, 5, () => '1');
    expect(degraded(rows)).toEqual(['quantity']);
  });
});

describe('the score of analyzeQuality', () => {
  it('falls as more cells are wrong, down to poor', () => {
    const shares = [0, 0.02, 0.1, 0.3, 0.9];
    const reports = shares.map((share) => analyze(corrupt(later, 'status', share, 4, typo).rows));
    const scores = reports.map(({ score }) => score ?? 0);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(shares.length);
    expect(reports.map(({ condition }) => condition)).toEqual(['good', 'degraded', 'degraded', 'degraded', 'poor']);
  });
});

describe('analyzeQuality with too little to compare', () => {
  it('is unmeasured', () => {
    expect(analyze([])).toMatchObject({ condition: 'unmeasured', score: null });
    expect(analyzeQuality(learnBaseline(sampleOf(good.slice(0, 3))), sampleOf(later))).toMatchObject({ condition: 'unmeasured' });
  });

  it('judges a handful of rows by what they plainly show', () => {
    expect(degraded(later.slice(0, 12).map((row) => ({ ...row, status: '' })))).toEqual(['status']);
    expect(degraded(later.slice(0, 12))).toEqual([]);
  });
});

describe('what analyzeQuality shows of the data', () => {
  it('is bounded and without addresses and long numbers', () => {
    const rows = corrupt(later, 'status', 0.1, 6, () => `mail ada@example.org card 4111 1111 1111 1111 ${'x'.repeat(300)}\u0007`).rows;
    const text = JSON.stringify(analyze(rows).columns.find(({ name }) => name === 'status')?.examples);
    expect(text).toContain('[email]');
    expect(text).not.toMatch(/ada@|4111/);
    expect(text.length).toBeLessThan(200);
  });

  it('lists no more rows and examples than asked for', () => {
    const rows = corrupt(later, 'status', 0.5, 6, typo).rows;
    const report = analyzeQuality(baseline, sampleOf(rows), { maxOffendingRows: 7, maxExamples: 2 });
    const status = report.columns.find(({ name }) => name === 'status');
    expect(status?.offendingRows).toHaveLength(7);
    expect(status?.examples).toHaveLength(2);
    expect(report.findings.every(({ offendingRows }) => offendingRows.length <= 7)).toBe(true);
  });
});

describe('analyzeQuality on records that are no rows', () => {
  const withMalformed = (rows: readonly Row[], malformedRows: number) => ({ ...sampleOf(rows), malformedRows });

  it('is poor with score 0 where not one record could be read, and unmeasured where there is none', () => {
    expect(analyzeQuality(baseline, withMalformed([], 300))).toMatchObject({
      condition: 'poor',
      score: 0,
      findings: [{ check: 'malformed-rows', column: null, value: 0, offendingRows: [] }],
    });
    expect(analyzeQuality(baseline, withMalformed([], 0))).toMatchObject({ condition: 'unmeasured', score: null, findings: [] });
  });

  it('loses score by their share beyond the usual one', () => {
    const scores = [0, 12, 60, 300].map((malformed) => analyzeQuality(baseline, withMalformed(later, malformed)).score ?? 0);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores[3]).toBeCloseTo((scores[0] ?? 0) * 0.8, 2);
    const used = learnBaseline(withMalformed(good, 60));
    expect(analyzeQuality(used, withMalformed(later, 60)).condition).toBe('good');
    expect(analyzeQuality({ ...used, malformedRows: undefined } as unknown as typeof used, withMalformed(later, 60)).condition).not.toBe(
      'good',
    );
  });
});
