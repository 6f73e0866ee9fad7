import * as z from 'zod';
import { modify, read } from '../../../../functions/shared/stores/compare-and-set.ts';
import { MemoryItemTable } from '../../../../local/twins/memory-item-table.ts';
import { gatedTable } from '../../../support/memory-ports.ts';

const KEY = { pk: 'COUNTERS', sk: 'one' };
const CounterSchema = z.strictObject({ count: z.number().int() });
const increment = (current: { count: number } | undefined) => ({ count: (current?.count ?? 0) + 1 });

describe('F21 modify, where others write in between', () => {
  /** Somebody else gets in before each of the first `times` writes. */
  function contended(times: number): { table: MemoryItemTable; contender: MemoryItemTable; attempts: () => number } {
    const table = new MemoryItemTable();
    let attempts = 0;
    const contender = gatedTable(table, async (call) => {
      if (call === 'get') return;
      attempts += 1;
      if (attempts <= times) await modify(table, KEY, CounterSchema, increment);
    });
    return { table, contender, attempts: () => attempts };
  }

  it.each([0, 1, 17, 199])('%i times: reads again each time, and loses nobody’s change', async (times) => {
    const { table, contender, attempts } = contended(times);
    expect(await modify(contender, KEY, CounterSchema, increment)).toEqual({ value: { count: times + 1 }, written: true });
    expect(await read(table, KEY, CounterSchema)).toEqual({ count: times + 1 });
    expect(attempts()).toBe(times + 1);
  });

  it('for ever: gives up after a bounded number of attempts, by name, and has written nothing', async () => {
    const { table, contender, attempts } = contended(Number.POSITIVE_INFINITY);
    await expect(modify(contender, KEY, CounterSchema, increment)).rejects.toThrow(
      'E_CONFLICT: COUNTERS/one was changed by others 200 times',
    );
    expect(attempts()).toBe(200);
    expect(await read(table, KEY, CounterSchema)).toEqual({ count: 200 });
  });
});
