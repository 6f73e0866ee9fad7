import { sampleRankCorrelation } from 'simple-statistics';
import { analyzeQuality } from '../../../../functions/detect-anomalies/quality-analyzer/analyze-quality.ts';
import { learnBaseline } from '../../../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import { EVERYDAY_TABLES, MISTAKES } from './everyday-tables.ts';
import { type Draw, drawer, type Row, sampleOf } from './seeded-rows.ts';

const DETERMINED = new Set(['plz', 'ort', 'land', 'lat', 'lon', 'icd', 'diagnosis']);

/** Mistakes of one kind each in about a third of the columns. `truth`: share of the cells that differ. */
function spoil(rows: readonly Row[], rate: number, draw: Draw) {
  const spoiled = rows.map((row) => ({ ...row }));
  const truth = new Map<string, number>();
  const names = Object.keys(rows[0] ?? {});
  for (const name of names.filter((_, index) => index === 1 || draw(3) === 0)) {
    const column = rows.map((row) => row[name] ?? '');
    const applying = Object.entries(MISTAKES).filter(
      ([what, make]) =>
        (what !== 'of another row' || DETERMINED.has(name)) &&
        column.slice(0, 60).filter((cell) => cell !== '' && make(cell, draw, column) !== cell).length > 20,
    );
    const [, make = () => ''] = applying[draw(applying.length)] ?? [];
    let changed = 0;
    for (const row of spoiled) {
      const cell = row[name] ?? '';
      if (cell === '' || draw(1000) >= rate * 1000) continue;
      row[name] = make(cell, draw, column);
      if (row[name] !== cell) changed += 1;
    }
    truth.set(name, changed / rows.length);
  }
  return { rows: spoiled, truth };
}

describe('analyzeQuality on tables of every kind', () => {
  it('finds the columns that got worse, hardly any other, and scores them the lower the worse they are', () => {
    const counts = { found: 0, false: 0, missed: 0 };
    const [drops, rates]: [number[], number[]] = [[], []];
    for (const [index, table] of EVERYDAY_TABLES.entries()) {
      for (const seed of [1, 2]) {
        const baseline = learnBaseline(sampleOf(table.rows(0, 800, seed)));
        const later = table.rows(1 + seed, 600, seed);
        const score = analyzeQuality(baseline, sampleOf(later)).score ?? 1;
        for (const [step, rate] of [0.02, 0.06, 0.15, 0.3].entries()) {
          const { rows, truth } = spoil(later, rate, drawer(1000 * index + 100 * seed + step));
          const report = analyzeQuality(baseline, sampleOf(rows));
          expect(report.score ?? 1).toBeLessThan(score);
          drops.push(score - (report.score ?? 1));
          rates.push([...truth.values()].reduce((sum, share) => sum + share, 0) / report.columns.length);
          for (const { name, degraded } of report.columns) {
            const share = truth.get(name) ?? 0;
            if (share >= 0.01) counts[degraded ? 'found' : 'missed'] += 1;
            else if (share === 0 && degraded) counts.false += 1;
          }
        }
      }
    }
    expect(counts.found).toBeGreaterThan(60);
    expect(counts.found / (counts.found + counts.false)).toBeGreaterThanOrEqual(0.95);
    expect(counts.found / (counts.found + counts.missed)).toBeGreaterThanOrEqual(0.85);
    expect(sampleRankCorrelation(drops, rates)).toBeGreaterThan(0.95);
  }, 60_000);

  it.each(EVERYDAY_TABLES)('is content with later days of $name, and with the other half of the same', (table) => {
    const flagged: string[] = [];
    let columns = 0;
    for (const seed of [3, 4, 5]) {
      const whole = table.rows(0, 1200, seed);
      const [even, odd] = [0, 1].map((half) => whole.filter((_, row) => row % 2 === half));
      const baseline = learnBaseline(sampleOf(even ?? []));
      for (const rows of [odd ?? [], table.rows(1, 600, seed), table.rows(40, 300, seed), table.rows(2, 3000, seed)]) {
        const report = analyzeQuality(baseline, sampleOf(rows));
        columns += report.columns.length;
        flagged.push(...report.columns.filter(({ degraded }) => degraded).map(({ name, reasons }) => `${name}: ${reasons[0]}`));
      }
    }
    expect(columns).toBeGreaterThan(90);
    expect({ flagged, share: flagged.length / columns <= 0.02 }).toEqual({ flagged, share: true });
  });

  it.each<[string, string, string, (cell: string, row: number) => string]>([
    ['a default in the place of many values', 'bookings, German', 'name', (cell, row) => (row % 20 === 0 ? 'Muster, Max' : cell)],
    ['a usual name in the place of many', 'bookings, German', 'betrag', (cell, row) => (row % 12 === 0 ? '100,00' : cell)],
    ['keys with three digits more', 'bookings, German', 'buchung', (cell, row) => (row % 10 === 0 ? `${cell}000` : cell)],
    [
      'a city that its code denies',
      'bookings, German',
      'ort',
      (cell, row) => (row % 15 === 0 ? (cell === 'Berlin' ? 'Leipzig' : 'Berlin') : cell),
    ],
    [
      'German dates of another century',
      'bookings, German',
      'datum',
      (cell, row) => (row % 10 === 0 ? cell.replace('.2026', '.2206') : cell),
    ],
    ['dates of 1970', 'stays', 'admitted', (cell, row) => (row % 10 === 0 ? '1970-01-01' : cell)],
  ])('finds %s', (_what, table, column, change) => {
    const { rows } = EVERYDAY_TABLES.find(({ name }) => name === table) ?? { rows: () => [] };
    const baseline = learnBaseline(sampleOf(rows(0, 800, 7)));
    const spoiled = rows(1, 800, 7).map((row, index) => ({ ...row, [column]: change(row[column] ?? '', index) }));
    const { columns } = analyzeQuality(baseline, sampleOf(spoiled));
    expect(columns.filter(({ degraded }) => degraded).map(({ name }) => name)).toEqual([column]);
  });
});
