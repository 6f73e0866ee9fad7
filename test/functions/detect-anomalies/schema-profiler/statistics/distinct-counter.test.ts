import { DistinctCounter, mixHash } from '../../../../../functions/detect-anomalies/schema-profiler/statistics/distinct-counter.ts';

function counted(from: number, to: number): DistinctCounter {
  const counter = new DistinctCounter();
  for (let value = from; value < to; value += 1) {
    counter.add(mixHash(value));
    counter.add(mixHash(value));
  }
  return counter;
}

describe('DistinctCounter', () => {
  it.each([0, 1, 2, 100, 4096])('counts %i distinct values exactly, however often they come', (distinct) => {
    expect(counted(0, distinct).count()).toBe(distinct);
  });

  it.each([4097, 10_000, 50_000, 200_000, 1_000_000])('estimates %i distinct values within 3 %%', (distinct) => {
    expect(Math.abs(counted(0, distinct).count() / distinct - 1)).toBeLessThanOrEqual(0.03);
  });

  it('counts the hash zero like any other', () => {
    const counter = new DistinctCounter();
    counter.add(0);
    counter.add(0);
    counter.add(7);
    expect(counter.count()).toBe(2);
  });

  it.each([
    [1000, 3000],
    [3000, 60_000],
    [60_000, 3000],
    [60_000, 60_000],
  ])('counts a union when %i and %i values, half of the smaller in common, are merged', (left, right) => {
    const shared = Math.min(left, right) / 2;
    const merged = counted(0, left);
    merged.merge(counted(left - shared, left - shared + right));
    const truth = left + right - shared;
    expect(Math.abs(merged.count() / truth - 1)).toBeLessThanOrEqual(0.03);
  });
});
