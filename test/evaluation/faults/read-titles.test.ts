import { idsOf, readTitles } from '../../../evaluation/faults/read-titles.ts';

describe('idsOf', () => {
  it.each([
    ['R36 F9 F11: killed', ['R36', 'F9', 'F11']],
    ['F6: a run', ['F6']],
    ['B12', ['B12']],
    ['F7, F31: twice', ['F7', 'F31']],
    ['added F1', []],
    ['F100 is no row', []],
    ['G.025X', []],
    ['F1score', []],
  ])('of %j are %j', (title, ids) => {
    expect(idsOf(title)).toEqual(ids);
  });
});

describe('readTitles', () => {
  const titlesOf = (source: string) => readTitles('a.test.ts', source).map(({ path, ids }) => [path.join(' › '), ids.join(' ')]);

  it('reads tests by themselves, within describes, from tables and templates', () => {
    const source = `
      import { x } from './x.ts';
      it('F1 stands alone', () => {});
      describe('F2 a group', () => {
        const helper = (n: number): number => n;
        describe.each(['a', 'b'] as const)('of %s', (name) => {
          it('R3 claims both', async () => { expect(helper(1)).toBe(name); });
          test(\`F4: with \${x} in it\`, () => {});
        });
      });
      it.each([[1], [2]])('B5 for %i', () => {});
    `;
    expect(titlesOf(source)).toEqual([
      ['F1 stands alone', 'F1'],
      ['F2 a group › of %s › R3 claims both', 'F2 R3'],
      ['F2 a group › of %s › F4: with … in it', 'F2 F4'],
      ['B5 for %i', 'B5'],
    ]);
  });

  it('fills in the rows of a table that begin with ids, and those alone', () => {
    const source = `
      it.each<[string, object]>([['B24 no mode', {}], ['an action that is none', {}], ['B25 no number', {}]])('R72 refuses %s', () => {});
      it.each([['F1 score', 1]])('of %j', () => {});
    `;
    expect(titlesOf(source)).toEqual([
      ['R72 refuses B24 no mode', 'R72 B24'],
      ['R72 refuses B25 no number', 'R72 B25'],
      ['of %j', ''],
    ]);
  });

  it('takes what is skipped or only announced for no test', () => {
    const source = `
      it.skip('F1 later', () => {});
      test.todo('F2 some day');
      describe.skip('F3', () => { it('is in it', () => {}); });
      it.skip.each([[1]])('F4 %i', () => {});
      it.only('F5 counts', () => {});
    `;
    expect(titlesOf(source)).toEqual([['F5 counts', 'F5']]);
  });
});
