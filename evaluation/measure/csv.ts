/** Measures the CSV reader: cells as written, headers and record counts of odd files, and damaged input that must be answered. */
import { basename, join } from 'node:path';
import * as z from 'zod';
import { bytesSource } from '../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { readSample } from '../../functions/detect-anomalies/schema-profiler/read-sample.ts';
import { InputError } from '../../functions/shared/errors.ts';
import { filesBelow, readBytes, readDocument } from './data-folder.ts';
import { atMost, type SuiteResult, share } from './measurement.ts';
import { askForProfile, type ProfileAnswer } from './profile-answer.ts';

const recordsSchema = z.array(z.record(z.string(), z.string()));
const oddFileSchema = z.object({
  file: z.string(),
  header: z.array(z.string()),
  records_including_blank: z.number(),
  blank_records: z.number(),
});

export type Records = z.infer<typeof recordsSchema>;

export interface CellCase {
  readonly file: string;
  readonly expected: Records;
  /** An error's message where the file could not be read. */
  readonly found: Records | string;
}

export interface OddFile {
  readonly expected: z.infer<typeof oddFileSchema>;
  readonly answer: ProfileAnswer;
}

export interface DamagedFile {
  readonly file: string;
  readonly answer: ProfileAnswer;
}

export async function measureCsv(folder: string): Promise<SuiteResult> {
  const base = join(folder, 'csv_torture');
  const cells: CellCase[] = [];
  for (const path of await filesBelow(join(base, 'csv-spectrum/csvs'))) {
    const file = basename(path);
    const expected = await readDocument(join(base, 'csv-spectrum/json', file.replace(/\.csv$/, '.json')), recordsSchema);
    cells.push({ file, expected, found: await recordsOf(path) });
  }
  if (cells.length === 0) throw new InputError('E_DATA', `${join(base, 'csv-spectrum/csvs')} holds no files`);
  const odd: OddFile[] = [];
  for (const expected of await readDocument(join(base, 'frictionless/EXPECT.json'), z.array(oddFileSchema))) {
    odd.push({ expected, answer: await askForProfile(join(base, 'frictionless', expected.file), 'csv') });
  }
  const damaged: DamagedFile[] = [];
  for (const path of await filesBelow(join(base, 'fuzz'))) {
    damaged.push({ file: basename(path), answer: await askForProfile(path, 'csv') });
  }
  return scoreCsv(cells, odd, damaged);
}

export function scoreCsv(cells: readonly CellCase[], odd: readonly OddFile[], damaged: readonly DamagedFile[]): SuiteResult {
  const wrongCells = cells.filter(({ expected, found }) => textOf(found) !== textOf(expected));
  const wrongHeaders = odd.filter((file) => !hasHeader(file));
  const wrongCounts = odd.filter((file) => !hasAllRecords(file));
  const crashed = [...damaged, ...odd.map(({ expected, answer }) => ({ file: expected.file, answer }))].filter(
    ({ answer }) => answer.kind === 'crashed',
  );
  return {
    measurements: [
      share('files with all cells as written', cells.length - wrongCells.length, cells.length, 1),
      share('headers of odd files', odd.length - wrongHeaders.length, odd.length, 1),
      share('record counts of odd files', odd.length - wrongCounts.length, odd.length, 1),
      atMost('crashes', crashed.length, odd.length + damaged.length, 0),
    ],
    misses: [
      ...wrongCells.map(({ file, found }) => `${file}: ${typeof found === 'string' ? found : 'cells differ'}`),
      ...wrongHeaders.map(({ expected, answer }) => `${expected.file}: header ${namesIn(answer).join(', ')}`),
      ...wrongCounts.map(
        ({ expected, answer }) => `${expected.file}: ${recordsIn(answer)} records, ${expected.records_including_blank} expected`,
      ),
      ...crashed.map(({ file }) => `${file}: crashed`),
    ],
  };
}

/** The published CSV files and their expectations do not agree in the line ends within cells. */
const textOf = (records: Records | string) => JSON.stringify(records).replaceAll('\\r\\n', '\\n');

/** Rows as objects of text, as the expectation has them: a cell without anything is the empty text. */
async function recordsOf(path: string): Promise<Records | string> {
  try {
    const { columns, rowCount } = await readSample(bytesSource(path, await readBytes(path)));
    return Array.from({ length: rowCount }, (_, row) =>
      Object.fromEntries(columns.map(({ name, values }) => [name, String(values[row] ?? '')])),
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A name that comes a second time may be changed, to tell the two apart. */
function hasHeader({ expected: { header }, answer }: OddFile): boolean {
  const names = namesIn(answer);
  return names.length === header.length && header.every((name, position) => header.indexOf(name) < position || names[position] === name);
}

/** Records of nothing but delimiters are rows to some readers and blank to others: either is accepted. */
function hasAllRecords({ expected: { records_including_blank, blank_records }, answer }: OddFile): boolean {
  const records = recordsIn(answer);
  return records === records_including_blank || records === records_including_blank - blank_records;
}

/** Ragged records are read, or counted as malformed: none may be lost. */
function recordsIn(answer: ProfileAnswer): number | null {
  return answer.kind === 'profile' ? answer.profile.rows + answer.profile.malformedRows : null;
}

function namesIn(answer: ProfileAnswer): string[] {
  return answer.kind === 'profile' ? answer.profile.columns.map(({ path }) => path) : [];
}
