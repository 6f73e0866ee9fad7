import {
  blameColumns,
  groupRows,
  opinionOf,
  verdictOfOthers,
  witnessesNeeded,
} from '../../../../functions/detect-anomalies/quality-analyzer/dependency-votes.ts';

const codes = (...values: number[]) => Int32Array.from(values);

describe('groups of rows', () => {
  const groups = groupRows(codes(0, 0, 0, 1, 1, -1, 0), codes(5, 5, 5, 6, 7, 5, 6), 7, 10);

  it('count the two most frequent values and skip missing cells', () => {
    expect(groups.get(0)).toEqual({ rows: 4, top: 5, topRows: 3, secondRows: 1 });
    expect(groups.get(1)).toMatchObject({ rows: 2, topRows: 1 });
    expect(groups.size).toBe(2);
  });

  it('have an opinion only where nearly all rows agree', () => {
    const pure = { rows: 3, top: 5, topRows: 3, secondRows: 0 };
    expect(opinionOf(pure, 2)).toBe(5);
    expect(opinionOf(pure, 4)).toBeNull();
    expect(opinionOf({ rows: 4, top: 5, topRows: 3, secondRows: 1 }, 2)).toBeNull();
  });

  it('judge one of their own rows without its own voice', () => {
    const group = { rows: 3, top: 5, topRows: 2, secondRows: 1 };
    expect(verdictOfOthers(group, 6, 2)).toBe(-1);
    expect(verdictOfOthers(group, 5, 2)).toBe(0);
    expect(verdictOfOthers({ rows: 3, top: 5, topRows: 3, secondRows: 0 }, 5, 2)).toBe(1);
  });

  it('need more witnesses each where there are few of them', () => {
    const pure = (rows: number) => ({ rows, top: 1, topRows: rows, secondRows: 0 });
    const many = new Map(Array.from({ length: 40 }, (_, key) => [key, pure(3)]));
    expect(witnessesNeeded(many)).toBe(2);
    expect(
      witnessesNeeded(
        new Map([
          [0, pure(50)],
          [1, pure(50)],
        ]),
      ),
    ).toBe(15);
  });
});

describe('blameColumns', () => {
  const vote = (from: number, to: number, ...perRow: number[]) => ({ from, to, perRow: Int8Array.from(perRow) });

  it('blames the column against which most votes are, and not what it determines', () => {
    // Column 0 is wrong: 1 and 2 contradict it, and it contradicts them; 1 and 2 agree.
    const votes = [vote(1, 0, -1), vote(2, 0, -1), vote(0, 1, -1), vote(2, 1, 1), vote(0, 2, -1), vote(1, 2, 1)];
    expect(blameColumns(votes, 3, 1).map(({ rows }) => rows)).toEqual([[0], [], []]);
  });

  it('blames, of two that contradict each other, the one that is known to be bad', () => {
    const votes = [vote(0, 1, -1), vote(1, 0, -1)];
    expect(blameColumns(votes, 2, 1, [0, 0.3]).map(({ rows }) => rows)).toEqual([[], [0]]);
    expect(blameColumns(votes, 2, 1, [0.3, 0]).map(({ rows }) => rows)).toEqual([[0], []]);
  });

  it('counts the rows on which somebody had an opinion', () => {
    expect(blameColumns([vote(0, 1, 1, 0, -1)], 2, 3)).toEqual([
      { checked: 0, rows: [] },
      { checked: 2, rows: [2] },
    ]);
  });
});
