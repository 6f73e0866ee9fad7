import fc from 'fast-check';
import { MEMORY, type QCell, QCellSchema } from '../../../functions/propose-action/q-table.ts';
import { tdUpdate } from '../../../functions/update-policy/td-update.ts';

const UNSEEN: QCell = { q: 0, visits: 0, m2: 0 };
const reward = fc.double({ min: -1, max: 1, noNaN: true });

describe('tdUpdate', () => {
  it('R23: equals a table computed by hand', () => {
    // rewards 1, -0.7, 1, 0.85: mean and sum of squared deviations after each
    const expected = [
      { q: 1, m2: 0 },
      { q: 0.15, m2: 1.445 },
      { q: 1.3 / 3, m2: 1.926666666667 },
      { q: 0.5375, m2: 2.056875 },
    ];
    let cell = UNSEEN;
    for (const [index, r] of [1, -0.7, 1, 0.85].entries()) {
      cell = tdUpdate(cell, r);
      expect(cell.visits).toBe(index + 1);
      expect(cell.q).toBeCloseTo(expected[index]?.q ?? Number.NaN, 11);
      expect(cell.m2).toBeCloseTo(expected[index]?.m2 ?? Number.NaN, 11);
    }
  });

  it('takes a constant step once the memory is full', () => {
    const full = { q: 0.5, visits: MEMORY, m2: 4 };
    expect(tdUpdate(full, -0.5)).toEqual({ q: 0.495, visits: MEMORY + 1, m2: 4.975 });
  });

  it('follows the world: after its success turns into failure, an estimate that had seen a thousand successes falls below zero', () => {
    let cell = UNSEEN;
    for (let i = 0; i < 1000; i++) cell = tdUpdate(cell, 1);
    expect(cell.q).toBe(1);
    for (let i = 0; i < 2 * MEMORY; i++) cell = tdUpdate(cell, -0.7);
    expect(cell.q).toBeLessThan(0);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.0000001, -1.5])('R23 B23: refuses the reward %p', (wrong) => {
    expect(() => tdUpdate(UNSEEN, wrong)).toThrow(/E_REWARD/);
  });

  it('equals mean and squared deviations of the rewards while all of them are remembered', () => {
    fc.assert(
      fc.property(fc.array(reward, { minLength: 1, maxLength: MEMORY }), (rewards) => {
        const cell = rewards.reduce(tdUpdate, UNSEEN);
        const mean = rewards.reduce((sum, r) => sum + r, 0) / rewards.length;
        expect(cell.q).toBeCloseTo(mean, 8);
        expect(cell.m2).toBeCloseTo(
          rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0),
          8,
        );
      }),
    );
  });

  it('keeps every cell valid, whatever the rewards', () => {
    fc.assert(
      fc.property(
        fc.array(reward, { minLength: 1, maxLength: 600 }),
        (rewards) => QCellSchema.safeParse(rewards.reduce(tdUpdate, UNSEEN)).success,
      ),
    );
  });
});
