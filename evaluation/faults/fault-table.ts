/** Rows of a matrix with the tests that claim them, as the table of the README and, after a run, with what became of each. */
import type { MatrixRow } from './fault-matrix.ts';
import { idsOf, type TestTitle } from './read-titles.ts';

export interface HeldRow extends MatrixRow {
  /** The one that shows it best first. */
  readonly tests: readonly TestTitle[];
}

export function heldRows(matrix: readonly MatrixRow[], titles: readonly TestTitle[]): HeldRow[] {
  return matrix.map((row) => {
    const tests = titles.filter((test) => test.ids.includes(row.id));
    // In the file that shows it best, the test that is about nothing else.
    const distance = ({ file, ids }: TestTitle) => (file === row.shownBy ? ids.filter((id) => id[0] === row.id[0]).length : 100);
    return { ...row, tests: tests.toSorted((a, b) => distance(a) - distance(b)) };
  });
}

/** What jest writes with `--json`: of each file its path, of each test its whole name and how it ended. */
export interface JestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export type Survival = 'yes' | 'no' | 'not run' | 'not there yet';

/** A row has survived where every test of it that ran has passed, and at least one ran in each file that claims it. */
export function survivalOf({ id, tests, notThereYet }: HeldRow, results: JestResults): Survival {
  if (notThereYet !== undefined) return 'not there yet';
  const named = new RegExp(`\\b${id}\\b`);
  const files = [...new Set(tests.map((test) => test.file))];
  const ran = files.map((file) =>
    results.testResults
      .filter((each) => each.name.replaceAll('\\', '/').endsWith(`/test/${file}`))
      .flatMap((each) => each.assertionResults.filter((test) => named.test(test.fullName) && test.status !== 'pending')),
  );
  if (ran.flat().some((test) => test.status !== 'passed')) return 'no';
  return ran.length > 0 && ran.every((of) => of.length > 0) ? 'yes' : 'not run';
}

/** The README's table, by the sources alone; with `results` a last column says what became of each row. */
export function faultTable(rows: readonly HeldRow[], results?: JestResults): string {
  const survivals = results && rows.map((row) => survivalOf(row, results));
  const held = survivals ? survivals.filter((each) => each === 'yes').length : rows.filter((row) => row.tests.length > 0).length;
  const header = ['', 'fault', 'what happens', 'test', ...(survivals ? ['survived'] : [])];
  return [
    `Faults survived: ${held} of ${rows.length} (\`npm run faults\` injects them again and says which; files below \`test/\`).`,
    '',
    line(header),
    line(header.map(() => '---')),
    ...rows.map((row, index) => line([row.id, row.what, row.happens, testCell(row), ...(survivals ? [survivals[index] ?? ''] : [])])),
  ].join('\n');
}

function testCell({ tests: [test], notThereYet }: HeldRow): string {
  if (!test) return `not there yet: ${notThereYet ?? 'no test'}`;
  return `\`${test.file}\` › ${toldTitle(test)}`;
}

/** From where the ids begin, without them and without what differs from row to row of a table. */
function toldTitle({ path }: TestTitle): string {
  const claims = path.findIndex((title) => idsOf(title).some((id) => id[0] !== 'R'));
  const told = path.slice(Math.max(claims, 0)).map((title) => title.replace(/^(?:[BFR]\d{1,2}[:,]? *)+/, '').replaceAll(/%[a-z]/g, '…'));
  return told.join(' › ');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const SECTION = /(<!-- faults -->\n)([\s\S]*?)(<!-- \/faults -->)/;

/** What stands between `<!-- faults -->` and `<!-- /faults -->`; undefined where the marks are not there. */
export function faultSectionOf(readme: string): string | undefined {
  return SECTION.exec(readme)?.[2]?.trim();
}

export function withFaultSection(readme: string, table: string): string {
  return readme.replace(SECTION, (_whole, before: string, _old, after: string) => `${before}\n${table}\n\n${after}`);
}
