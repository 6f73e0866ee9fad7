import { DriverFailure, TaskFailure } from '../../../local/job-world/failures.ts';
import { bytesOf, MEMORY_PER_DPU, WorkerMemory } from '../../../local/job-world/worker-memory.ts';

const rows = (count: number, key = (index: number) => `k${index}`) =>
  Array.from({ length: count }, (_, index) => ({ key: key(index), value: 'x'.repeat(100) }));
const keyOf = (row: { key: string }) => row.key;
/** Rows that fill one G.1X. */
const FULL = Math.floor(MEMORY_PER_DPU / bytesOf({ key: 'k1234', value: 'x'.repeat(100) }));

describe('the memory of workers', () => {
  it('grows with the type of worker: twice for G.2X, and for R.1X', () => {
    const capacity = (type: string) => new WorkerMemory(type, 2).capacity / MEMORY_PER_DPU;
    expect([capacity('G.1X'), capacity('G.2X'), capacity('G.4X'), capacity('R.1X')]).toEqual([1, 2, 4, 2]);
  });

  it('holds what fits, and loses the executor that is given more', () => {
    const one = new WorkerMemory('G.1X', 2);
    one.shuffle(rows(Math.floor(FULL * 0.9)), keyOf);
    expect(() => one.shuffle(rows(Math.floor(FULL * 1.2)), keyOf)).toThrow(TaskFailure);
    new WorkerMemory('G.2X', 2).shuffle(rows(Math.floor(FULL * 1.2)), keyOf);
  });

  it('is shared by more workers, unless all rows have the same key', () => {
    const three = new WorkerMemory('G.1X', 4);
    three.shuffle(rows(FULL * 2), keyOf);
    expect(() =>
      three.shuffle(
        rows(FULL * 2, () => 'same'),
        keyOf,
      ),
    ).toThrow(/executor \d exited caused by one of the running tasks/);
  });

  it('ends the driver where too much is collected', () => {
    const one = new WorkerMemory('G.1X', 8);
    one.collect(rows(Math.floor(FULL * 0.9)));
    expect(() => one.collect(rows(Math.floor(FULL * 1.2)))).toThrow(DriverFailure);
  });
});
