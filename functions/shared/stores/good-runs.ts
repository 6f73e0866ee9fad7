/** The good-run ledger: what a job's last validated good run read, and the catalog versions it saw. */
import * as z from 'zod';
import { ArtefactPointerSchema } from '../incident.ts';
import type { ItemReader, ItemTable } from '../ports.ts';
import { modify, read } from './compare-and-set.ts';

const GoodRunSchema = z.strictObject({
  runId: z.string(),
  startedOn: z.iso.datetime(),
  recordedAt: z.iso.datetime(),
  executionTimeSeconds: z.number().nonnegative(),
  dpuSeconds: z.number().nonnegative().nullable(),
  tables: z.array(z.strictObject({ database: z.string(), name: z.string(), versionId: z.string() })),
  /** Profile and quality model per registered input. */
  baselines: z.array(z.strictObject({ input: z.string(), artefact: ArtefactPointerSchema })),
});
export type GoodRun = z.infer<typeof GoodRunSchema>;

const key = (jobName: string) => ({ pk: 'GOOD_RUNS', sk: jobName });

export async function lastGoodRun(table: ItemReader, jobName: string): Promise<GoodRun | undefined> {
  return read(table, key(jobName), GoodRunSchema);
}

/** Keeps the newest by start; a late event of an older run changes nothing. An input that was not measured keeps its baseline. */
export async function recordGoodRun(table: ItemTable, jobName: string, run: GoodRun): Promise<'recorded' | 'older'> {
  const { written } = await modify(table, key(jobName), GoodRunSchema, (current) => {
    if (current && current.startedOn >= run.startedOn) return undefined;
    const measured = new Set(run.baselines.map((baseline) => baseline.input));
    const kept = (current?.baselines ?? []).filter((baseline) => !measured.has(baseline.input));
    return { ...run, baselines: [...kept, ...run.baselines] };
  });
  return written ? 'recorded' : 'older';
}
