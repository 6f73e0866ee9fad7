/** Failed Data Quality evaluations of job runs: they join the run's incident as evidence, whichever came first. */
import * as z from 'zod';
import type { EvidenceSection } from '../incident.ts';
import type { ItemReader, ItemTable } from '../ports.ts';
import { parseStored } from './compare-and-set.ts';

const ResultSchema = z.strictObject({
  resultId: z.string(),
  state: z.string(),
  score: z.number().nullable(),
  rulesFailed: z.number().int().nonnegative(),
});
export type DataQualityResult = z.infer<typeof ResultSchema>;

const LISTED = 10;
const partition = (jobName: string, runId: string) => `DATA_QUALITY#${jobName}#${runId}`;

export async function recordDataQualityResult(table: ItemTable, jobName: string, runId: string, result: DataQualityResult): Promise<void> {
  await table.create({ pk: partition(jobName, runId), sk: result.resultId }, result);
}

export async function dataQualityResultsOf(table: ItemReader, jobName: string, runId: string): Promise<EvidenceSection['dataQualityRuns']> {
  const page = await table.query(partition(jobName, runId), { limit: LISTED });
  return page.items.map((item) => parseStored(ResultSchema, item));
}
