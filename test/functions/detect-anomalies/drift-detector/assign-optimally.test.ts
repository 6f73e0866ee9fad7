import fc from 'fast-check';
import { assignOptimally } from '../../../../functions/detect-anomalies/drift-detector/assign-optimally.ts';

/** Every assignment tried. */
function best(scores: readonly (readonly number[])[], row = 0, taken: readonly number[] = []): number {
  if (row === scores.length) return 0;
  const options = (scores[row] ?? []).map((score, column) =>
    taken.includes(column) ? 0 : score + best(scores, row + 1, [...taken, column]),
  );
  return Math.max(best(scores, row + 1, taken), ...options);
}

describe('assignOptimally', () => {
  it('gives up the best single pair for the best total', () => {
    expect(
      assignOptimally([
        [0.9, 0.8],
        [0.85, 0],
      ]),
    ).toEqual([1, 0]);
  });

  it('leaves alone what has no partner', () => {
    expect(
      assignOptimally([
        [0, 0.7],
        [0, 0.9],
        [0, 0],
      ]),
    ).toEqual([null, 1, null]);
    expect(assignOptimally([])).toEqual([]);
    expect(assignOptimally([[]])).toEqual([null]);
  });

  it('reaches the total of trying everything, each column once', () => {
    const matrices = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    fc.assert(
      fc.property(matrices, (scores) => {
        const chosen = assignOptimally(scores);
        const columns = chosen.filter((column) => column !== null);
        expect(new Set(columns).size).toBe(columns.length);
        const total = chosen.reduce<number>((sum, column, row) => sum + (column === null ? 0 : (scores[row]?.[column] ?? 0)), 0);
        expect(total).toBe(best(scores));
      }),
    );
  });
});
