import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BAD_INPUTS, FAULTS } from '../../../evaluation/faults/fault-matrix.ts';
import {
  faultSectionOf,
  faultTable,
  type HeldRow,
  heldRows,
  type JestResults,
  survivalOf,
  withFaultSection,
} from '../../../evaluation/faults/fault-table.ts';
import { readTitlesIn } from '../../../evaluation/faults/read-titles.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const titles = readTitlesIn(`${ROOT}/test`);
const rows = heldRows([...FAULTS, ...BAD_INPUTS], titles);

describe('the matrices of faults and bad inputs', () => {
  it('have 39 and 34 rows, each of which has a test that names it, or says why it has none yet', () => {
    expect([FAULTS.length, BAD_INPUTS.length]).toEqual([39, 34]);
    expect(rows.filter((row) => row.tests.length === 0).map((row) => row.id)).toEqual(['F39', 'B31', 'B32']);
    expect(rows.filter((row) => row.notThereYet !== undefined).map((row) => row.id)).toEqual(['F39', 'B31', 'B32']);
  });

  it('have every row that a title names', () => {
    const known = new Set(rows.map((row) => row.id));
    const named = titles.flatMap((test) => test.ids.filter((id) => id[0] !== 'R').map((id) => ({ id, file: test.file })));
    expect(named.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  it('show each fault by a file that tests it', () => {
    const shown = rows.filter((row) => row.shownBy !== undefined);
    expect(shown.filter((row) => row.tests[0]?.file !== row.shownBy).map((row) => row.id)).toEqual([]);
  });

  it('stand in the README as they are: `npm run faults -- --readme` writes them', () => {
    const readme = readFileSync(`${ROOT}/README.md`, 'utf8');
    expect(faultSectionOf(readme)).toBe(faultTable(heldRows(FAULTS, titles)));
  });
});

describe('the table after a run', () => {
  const test = { file: 'a/b.test.ts', path: ['a group', 'F1 F2: a fault'], ids: ['F1', 'F2'] };
  const [first, second] = [
    { id: 'F1', what: 'one | two', happens: 'well' },
    { id: 'F2', what: 'x', happens: 'y', notThereYet: 'no lift' },
  ];
  const row: HeldRow = { ...first, tests: [test] } as HeldRow;
  const ran = (...statuses: string[]): JestResults => ({
    testResults: [
      { name: '/home/x/test/a/b.test.ts', assertionResults: statuses.map((status) => ({ fullName: 'a group F1 F2: a fault', status })) },
      { name: '/home/x/test/c.test.ts', assertionResults: [{ fullName: 'F1 elsewhere', status: 'failed' }] },
    ],
  });

  it.each<[string, JestResults, string]>([
    ['all of whose tests have passed', ran('passed', 'passed'), 'yes'],
    ['one of whose tests has failed', ran('passed', 'failed'), 'no'],
    ['whose tests were left out', ran('pending'), 'not run'],
    ['whose file has not run', { testResults: [] }, 'not run'],
    [
      'of a longer number',
      { testResults: [{ name: '/test/a/b.test.ts', assertionResults: [{ fullName: 'F12', status: 'passed' }] }] },
      'not run',
    ],
  ])('says of a row %s', (_what, results, survival) => {
    expect(survivalOf(row, results)).toBe(survival);
  });

  it('counts what has survived, names the test by file and title, and keeps its cells apart', () => {
    expect(faultTable([row, { ...second, tests: [] } as HeldRow], ran('passed')).split('\n')).toEqual([
      'Faults survived: 1 of 2 (`npm run faults` injects them again and says which; files below `test/`).',
      '',
      '|  | fault | what happens | test | survived |',
      '| --- | --- | --- | --- | --- |',
      '| F1 | one \\| two | well | `a/b.test.ts` › a fault | yes |',
      '| F2 | x | y | not there yet: no lift | not there yet |',
    ]);
  });

  it('goes between its marks and touches nothing else', () => {
    const readme = 'before\n<!-- faults -->\nold $1\n<!-- /faults -->\nafter\n';
    const written = withFaultSection(readme, 'new $& table');
    expect(written).toBe('before\n<!-- faults -->\n\nnew $& table\n\n<!-- /faults -->\nafter\n');
    expect(faultSectionOf(written)).toBe('new $& table');
    expect(withFaultSection('no marks', 'x')).toBe('no marks');
  });
});
