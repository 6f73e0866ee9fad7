/** `npm run faults [-- --results FILE | --readme]`: injects every fault of the matrix by its tests and prints the table of what survived. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EnvironmentError, InputError, MedicError, quoteForMessage } from '../../functions/shared/errors.ts';
import { FAULTS } from './fault-matrix.ts';
import { faultTable, heldRows, type JestResults, survivalOf, withFaultSection } from './fault-table.ts';
import { readTitlesIn } from './read-titles.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = join(ROOT, 'README.md');
const RESULTS = join(ROOT, 'reports/faults.json');
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');

/** 0 every row that can be held has survived, 1 some has not, 2 wrong usage, 3 the tests could not be run. */
function faults(argv: readonly string[]): 0 | 1 {
  const { results, readme } = readArguments(argv);
  const rows = heldRows(FAULTS, readTitlesIn(join(ROOT, 'test')));
  if (readme) {
    writeFileSync(README, withFaultSection(readFileSync(README, 'utf8'), faultTable(rows)));
    return 0;
  }
  const files = [...new Set(rows.flatMap(({ tests }) => tests.map((test) => `test/${test.file}`)))];
  const told = results ?? runTests(files);
  process.stdout.write(`${faultTable(rows, told)}\n`);
  return rows.every((row) => ['yes', 'not there yet'].includes(survivalOf(row, told))) ? 0 : 1;
}

function readArguments(argv: readonly string[]): { results: JestResults | undefined; readme: boolean } {
  try {
    const { values } = parseArgs({ args: [...argv], options: { results: { type: 'string' }, readme: { type: 'boolean' } } });
    return { results: values.results === undefined ? undefined : readResults(values.results), readme: values.readme === true };
  } catch (error) {
    if (error instanceof MedicError) throw error;
    throw new InputError('E_USAGE', `${(error as Error).message}; usage: npm run faults [-- --results FILE | --readme]`);
  }
}

function runTests(files: readonly string[]): JestResults {
  mkdirSync(dirname(RESULTS), { recursive: true });
  const options = ['--testNamePattern', '\\bF[0-9]+\\b', '--json', '--outputFile', RESULTS, '--runTestsByPath', ...files];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  // How the tests ended is read from the file; what jest prints goes to stderr as it is.
  const { error } = spawnSync(process.execPath, [...flags, JEST, ...options], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) throw new EnvironmentError('E_JEST', `the tests could not be run: ${error.message}`, { cause: error });
  return readResults(RESULTS);
}

function readResults(path: string): JestResults {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8')) as Partial<JestResults>;
    if (Array.isArray(results.testResults)) return results as JestResults;
  } catch (error) {
    throw new InputError('E_RESULTS', `${quoteForMessage(path)} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  throw new InputError('E_RESULTS', `${quoteForMessage(path)} holds no results of jest; write them with --json --outputFile`);
}

try {
  process.exitCode = faults(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof InputError ? 2 : 3;
}
