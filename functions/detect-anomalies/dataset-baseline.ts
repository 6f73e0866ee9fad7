/** What is remembered of a dataset's last validated good run: its columns, a few rows, and what its quality was like. */
import * as z from 'zod';
import { evenRows } from '../gather-evidence/even-rows.ts';
import { type Column, ColumnSchema } from '../shared/actions.ts';
import { learnBaseline } from './quality-analyzer/learn-baseline.ts';
import { type QualityBaseline, QualityBaselineSchema } from './quality-analyzer/quality-baseline.ts';
import type { TableSample } from './table-sample.ts';

/** Enough rows to recognise a renamed column by its values. */
const SAMPLE_ROWS = 1000;

const TableSampleSchema = z.object({
  format: z.enum(['csv', 'jsonl', 'parquet']),
  columns: z.array(z.object({ name: z.string(), type: z.string(), values: z.array(z.unknown()) })),
  rowCount: z.number().int().nonnegative(),
  totalRows: z.number().int().nonnegative().nullable(),
  malformedRows: z.number().int().nonnegative(),
});

export const DatasetBaselineSchema = z.object({
  runId: z.string(),
  columns: z.array(ColumnSchema),
  sample: TableSampleSchema,
  quality: QualityBaselineSchema,
  /** Rows of the whole input, null where only a part was read. */
  totalRows: z.number().int().nonnegative().nullable(),
});

export interface DatasetBaseline {
  readonly runId: string;
  readonly columns: readonly Column[];
  readonly sample: TableSample;
  readonly quality: QualityBaseline;
  readonly totalRows: number | null;
}

/** Pure. */
export function baselineOf(runId: string, sample: TableSample): DatasetBaseline {
  return {
    runId,
    columns: sample.columns.map(({ name, type }) => ({ name, type })),
    sample: evenRows(sample, SAMPLE_ROWS),
    quality: learnBaseline(sample),
    totalRows: sample.totalRows,
  };
}

export function parseBaseline(stored: unknown): DatasetBaseline {
  return DatasetBaselineSchema.parse(stored) as DatasetBaseline;
}
