/** Measures the data quality analyzer on pairs of clean and dirty tables: half of the clean rows teach, the other half is compared. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import Papa from 'papaparse';
import { sampleRankCorrelation } from 'simple-statistics';
import * as z from 'zod';
import { analyzeQuality } from '../../functions/detect-anomalies/quality-analyzer/analyze-quality.ts';
import { learnBaseline } from '../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import type { QualityReport } from '../../functions/detect-anomalies/quality-analyzer/quality-report.ts';
import { bytesSource } from '../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { readSample } from '../../functions/detect-anomalies/schema-profiler/read-sample.ts';
import { InputError } from '../../functions/shared/errors.ts';
import { exists, readDocument, readText } from './data-folder.ts';
import {
  addCounts,
  atMost,
  type Counts,
  compareSets,
  f1,
  figure,
  NO_COUNTS,
  precision,
  recall,
  type SuiteResult,
  share,
} from './measurement.ts';

const columnSchema = z.object({ position: z.number().int().nonnegative(), label: z.string() });
const labelsSchema = z.record(z.string(), z.object({ cell_error_rate: z.number().default(0), per_column: z.array(columnSchema) }));

export type Table = readonly (readonly string[])[];

/** What the analyzer said of one dataset; columns by position. */
export interface Judged {
  readonly dataset: string;
  readonly labels: readonly z.infer<typeof columnSchema>[];
  readonly errorRate: number;
  readonly columns: number;
  readonly dirty: Verdict;
  /** The other half of the clean rows: nothing may be flagged. */
  readonly control: Verdict;
}

export interface Verdict {
  readonly flagged: ReadonlySet<number>;
  readonly score: number | null;
}

export async function measureQuality(folder: string): Promise<SuiteResult> {
  const labels = await readDocument(join(folder, 'quality_pairs/cell_diff.json'), labelsSchema);
  const judged: Judged[] = [];
  for (const [dataset, { cell_error_rate, per_column }] of Object.entries(labels)) {
    const base = join(folder, 'quality_pairs', dataset);
    if (!(await exists(join(base, 'clean.csv')))) continue;
    const clean = readTable(await readText(join(base, 'clean.csv')));
    const dirty = readTable(await readText(join(base, 'dirty.csv')));
    const [head = [], ...rows] = clean;
    // Headers differ in some pairs: the position is what identifies a column.
    const names = head.map((name, position) => `c${position}_${name}`);
    const teaches = rows.map((_, row) => isTeaching(dataset, row));
    const half = (table: Table, wanted: boolean) => table.filter((_, row) => teaches[row] === wanted);
    const baseline = learnBaseline(await sampleOf(names, half(rows, true)));
    const judge = async (table: Table) => verdictOf(names, analyzeQuality(baseline, await sampleOf(names, half(table, false))));
    const [dirtyVerdict, control] = [await judge(dirty.slice(1)), await judge(rows)];
    judged.push({ dataset, labels: per_column, errorRate: cell_error_rate, columns: names.length, dirty: dirtyVerdict, control });
  }
  if (judged.length === 0)
    throw new InputError('E_DATA', `${join(folder, 'quality_pairs')} holds no <dataset>/clean.csv that cell_diff.json names`);
  return scoreQuality(judged);
}

/** Columns with at least one per cent of changed cells have to be flagged, those without any must not be; the rest counts neither way. */
export function scoreQuality(judged: readonly Judged[]): SuiteResult {
  const perDataset = judged.map((each) => ({ ...each, counts: countsOf(each) }));
  const total = perDataset.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS);
  const columns = judged.reduce((sum, each) => sum + each.columns, 0);
  const alarms = judged.reduce((sum, { control }) => sum + control.flagged.size, 0);
  const drops = judged.filter(scoreDrops);
  return {
    measurements: [
      figure('column precision', precision(total), 0.9),
      figure('column recall', recall(total), 0.85),
      figure('column F1', f1(total)),
      atMost('flagged between clean halves', alarms, columns, Math.max(1, Math.floor(0.02 * columns))),
      share('score drops', drops.length, judged.length, 1),
      ...rankCorrelation(judged),
    ],
    misses: perDataset.flatMap(describeMisses),
  };
}

function countsOf({ labels, dirty }: Judged): Counts {
  const isBad = (label: string) => label === 'degraded' || label === 'reformatted';
  const judged = labels.filter(({ label }) => isBad(label) || label === 'clean');
  const positions = (columns: typeof judged) => new Set(columns.map(({ position }) => String(position)));
  return compareSets(
    positions(judged.filter(({ label }) => isBad(label))),
    positions(judged.filter(({ position }) => dirty.flagged.has(position))),
  );
}

function scoreDrops({ dirty, control }: Judged): boolean {
  return dirty.score !== null && control.score !== null && dirty.score >= 0 && dirty.score < control.score && control.score <= 1;
}

function rankCorrelation(judged: readonly Judged[]) {
  const points = judged.flatMap(({ errorRate, dirty, control }) =>
    dirty.score === null || control.score === null ? [] : [[errorRate, control.score - dirty.score] as const],
  );
  if (points.length < 3) return [];
  const rho = sampleRankCorrelation(
    points.map(([rate]) => rate),
    points.map(([, drop]) => drop),
  );
  return [figure('rank correlation of error rate and drop', rho)];
}

function describeMisses({ dataset, labels, dirty, control }: Judged): string[] {
  const wrong = labels.flatMap(({ position, label }) => {
    const flagged = dirty.flagged.has(position);
    if (label === 'clean' && flagged) return [`${dataset}: clean column ${position} was flagged`];
    return (label === 'degraded' || label === 'reformatted') && !flagged ? [`${dataset}: ${label} column ${position} was not flagged`] : [];
  });
  return [...wrong, ...[...control.flagged].map((position) => `${dataset}: column ${position} was flagged between clean halves`)];
}

function isTeaching(dataset: string, row: number): boolean {
  const digest = createHash('md5').update(`${dataset}:${row}`).digest('hex');
  return Number.parseInt(digest.slice(0, 1), 16) < 8;
}

function readTable(text: string): string[][] {
  return parse(text, { relax_column_count: true, relax_quotes: true });
}

async function sampleOf(names: readonly string[], rows: Table) {
  const text = Papa.unparse([[...names], ...rows.map((row) => [...row])]);
  return readSample(bytesSource('half.csv', Buffer.from(`${text}\r\n`)));
}

function verdictOf(names: readonly string[], { columns, score }: QualityReport): Verdict {
  const flagged = columns.filter(({ degraded }) => degraded).map(({ name }) => names.indexOf(name));
  return { flagged: new Set(flagged.filter((position) => position >= 0)), score };
}
