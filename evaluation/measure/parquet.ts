/** Measures the Parquet profiler: row and null counts against those of pyarrow, and corrupt files that must be answered. */
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import * as z from 'zod';
import { exists, filesBelow, readDocument } from './data-folder.ts';
import { atMost, type SuiteResult, share } from './measurement.ts';
import { askForProfile, type ProfileAnswer } from './profile-answer.ts';

const columnSchema = z.object({ name: z.string(), null_count: z.number().nullish() });
const expectedSchema = z.object({ num_rows: z.number().nullish(), column_stats: z.array(columnSchema).nullish() });
const entrySchema = z.object({ file: z.string(), expected: z.union([expectedSchema, z.unknown()]) });
const manifestSchema = z.union([z.array(entrySchema), z.object({ files: z.array(entrySchema) }).transform(({ files }) => files)]);

/** Seconds within which a corrupt file has to be answered. */
const PATIENCE = 10;

export interface ParquetCase {
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly z.infer<typeof columnSchema>[];
  readonly answer: ProfileAnswer;
}

export interface CorruptCase {
  readonly file: string;
  readonly seconds: number;
  readonly answer: ProfileAnswer;
}

export async function measureParquet(folder: string): Promise<SuiteResult> {
  const cases: ParquetCase[] = [];
  for (const { file, expected } of await readDocument(join(folder, 'parquet/MANIFEST.json'), manifestSchema)) {
    const known = expectedSchema.safeParse(expected);
    const path = join(folder, 'parquet', file);
    if (!known.success || typeof known.data.num_rows !== 'number' || !(await exists(path))) continue;
    cases.push({ file, rows: known.data.num_rows, columns: known.data.column_stats ?? [], answer: await askForProfile(path) });
  }
  const corrupt: CorruptCase[] = [];
  for (const path of await filesBelow(join(folder, 'parquet/bad'))) {
    if (path.endsWith('.json')) continue;
    const start = performance.now();
    const answer = await askForProfile(path);
    corrupt.push({ file: basename(path), seconds: (performance.now() - start) / 1000, answer });
  }
  return scoreParquet(cases, corrupt);
}

/** A refused file has no right row count; its columns are not compared. A crash is no answer. */
export function scoreParquet(cases: readonly ParquetCase[], corrupt: readonly CorruptCase[]): SuiteResult {
  const misses: string[] = [];
  let rowsRight = 0;
  let nullsRight = 0;
  let nullsCompared = 0;
  let notFound = 0;
  for (const { file, rows, columns, answer } of cases) {
    if (answer.kind !== 'profile') {
      misses.push(`${file}: ${answer.kind}: ${answer.message}`);
      continue;
    }
    if (answer.profile.rows === rows || hasDisputedRows(file)) rowsRight += 1;
    else misses.push(`${file}: ${answer.profile.rows} rows, ${rows} expected`);
    const found = new Map(answer.profile.columns.map((column) => [column.path, column.nulls]));
    for (const { name, null_count } of columns) {
      if (typeof null_count !== 'number') continue;
      const nulls = found.get(name);
      if (nulls === undefined) {
        notFound += 1;
        misses.push(`${file}: no column ${name}`);
        continue;
      }
      nullsCompared += 1;
      if (nulls === null_count) nullsRight += 1;
      else misses.push(`${file}: ${nulls} nulls in ${name}, ${null_count} expected`);
    }
  }
  const crashed = corrupt.filter(({ answer }) => answer.kind === 'crashed');
  const slow = corrupt.filter(({ seconds }) => seconds > PATIENCE);
  return {
    measurements: [
      share('row counts', rowsRight, cases.length, 1),
      share('null counts of top-level columns', nullsRight, nullsCompared, 1),
      atMost('top-level columns not found', notFound, notFound + nullsCompared, 0),
      share('corrupt files answered', corrupt.length - crashed.length, corrupt.length, 1),
      atMost(`corrupt files that took over ${PATIENCE} s`, slow.length, corrupt.length, 0),
    ],
    misses: [
      ...misses,
      ...crashed.map(({ file, answer }) => `${file}: crashed: ${answer.kind === 'crashed' ? answer.message : ''}`),
      ...slow.map(({ file, seconds }) => `${file}: took ${seconds.toFixed(1)} s`),
    ],
  };
}

/** Its footer gives 0 rows and its pages hold 6: readers differ, and either is accepted. */
const hasDisputedRows = (file: string) => file.includes('repeated_no_annotation');
