/** Measures the JSON profiler: documents that must parse, must be rejected, or may do either; and rows and nulls of nested records. */
import { basename, join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../functions/shared/errors.ts';
import { filesBelow, readDocument } from './data-folder.ts';
import { atMost, type SuiteResult, share } from './measurement.ts';
import { askForProfile, type ProfileAnswer } from './profile-answer.ts';

/** How often each JSON type occurs under each key of the records. */
const expectedSchema = z.object({ rows: z.number(), top_level: z.record(z.string(), z.record(z.string(), z.number())) });

export interface JsonDocument {
  /** Begins with `y` (must parse), `n` (must be rejected) or `i` (either). */
  readonly file: string;
  readonly answer: ProfileAnswer;
}

export interface NestedRecords {
  readonly file: string;
  readonly expected: z.infer<typeof expectedSchema>;
  readonly answer: ProfileAnswer;
}

const EXPECTED = '.expected_profile.json';

export async function measureJson(folder: string): Promise<SuiteResult> {
  const documents: JsonDocument[] = [];
  for (const path of await filesBelow(join(folder, 'json_torture'))) {
    documents.push({ file: basename(path), answer: await askForProfile(path, 'jsonl') });
  }
  if (documents.length === 0) throw new InputError('E_DATA', `${join(folder, 'json_torture')} holds no files`);
  const records: NestedRecords[] = [];
  for (const path of await filesBelow(join(folder, 'json_nested'))) {
    if (!path.endsWith(EXPECTED)) continue;
    const file = path.replace(EXPECTED, '.jsonl');
    records.push({ file: basename(file), expected: await readDocument(path, expectedSchema), answer: await askForProfile(file) });
  }
  return scoreJson(documents, records);
}

export function scoreJson(documents: readonly JsonDocument[], records: readonly NestedRecords[]): SuiteResult {
  const starting = (letter: string) => documents.filter(({ file }) => file.startsWith(letter));
  const [valid, invalid] = [starting('y'), starting('n')];
  const rejected = valid.filter(({ answer }) => !isAccepted(answer));
  const accepted = invalid.filter(({ answer }) => isAccepted(answer));
  const crashed = documents.filter(({ answer }) => answer.kind === 'crashed');
  const rowsWrong = records.filter(({ expected, answer }) => answer.kind !== 'profile' || answer.profile.rows !== expected.rows);
  const columns = records.flatMap(columnsOf);
  const nullsWrong = columns.filter(({ nulls, expected }) => nulls !== expected);
  return {
    measurements: [
      share('valid documents parsed', valid.length - rejected.length, valid.length, 1),
      share('invalid documents rejected', invalid.length - accepted.length, invalid.length, 1),
      atMost('crashes', crashed.length, documents.length, 0),
      share('row counts of nested records', records.length - rowsWrong.length, records.length, 1),
      share('null counts of their top-level keys', columns.length - nullsWrong.length, columns.length, 1),
    ],
    misses: [
      ...rejected.map(({ file, answer }) => `${file}: rejected${answer.kind === 'profile' ? '' : `: ${answer.message}`}`),
      ...accepted.map(({ file }) => `${file}: accepted`),
      ...crashed.map(({ file }) => `${file}: crashed`),
      ...rowsWrong.map(({ file, expected }) => `${file}: not ${expected.rows} rows`),
      ...nullsWrong.map(({ file, key, nulls, expected }) => `${file}: ${nulls ?? 'no'} nulls in ${key}, ${expected} expected`),
    ],
  };
}

/** A row that was counted as malformed is a rejection. */
function isAccepted(answer: ProfileAnswer): boolean {
  return answer.kind === 'profile' && answer.profile.malformedRows === 0;
}

function columnsOf({ file, expected, answer }: NestedRecords) {
  const found = new Map(answer.kind === 'profile' ? answer.profile.columns.map(({ path, nulls }) => [path, nulls]) : []);
  return Object.entries(expected.top_level).map(([key, kinds]) => {
    const there = Object.entries(kinds).reduce((sum, [kind, count]) => (kind === 'null' ? sum : sum + count), 0);
    return { file, key, nulls: found.get(key), expected: expected.rows - there };
  });
}
