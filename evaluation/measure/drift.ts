/** Measures the drift detector on labelled pairs of schemas: what it is asked, and how its answers reach the score. */
import { join } from 'node:path';
import * as z from 'zod';
import { detectDrift } from '../../functions/detect-anomalies/drift-detector/detect-drift.ts';
import type { Drift } from '../../functions/detect-anomalies/drift-detector/drift.ts';
import { readSide } from '../../functions/detect-anomalies/drift-detector/read-side.ts';
import { exists, readRecords } from './data-folder.ts';
import type { SuiteResult } from './measurement.ts';
import { labelledPairSchema, scoreDrift } from './score-drift.ts';

const sideSchema = z.object({ columns: z.unknown() });
const pairSchema = labelledPairSchema.extend({
  old: sideSchema,
  new: sideSchema,
  origin: z.object({ old_commit: z.string().optional(), new_commit: z.string().optional() }).optional(),
  data: z.object({ old: z.string().optional(), new: z.string().optional() }).nullish(),
});

type Pair = z.infer<typeof pairSchema>;

export async function measureDrift(folder: string): Promise<SuiteResult> {
  const pairs = await readRecords(join(folder, 'schema_evolution/schema_pairs.jsonl'), pairSchema);
  const answers = new Map<string, Drift | Error>();
  for (const pair of pairs) answers.set(pair.id, await answerTo(pair, folder));
  return scoreDrift(pairs, answers);
}

/** One pair's trouble, whatever it is, is a wrong answer and not the end of the suite. */
async function answerTo(pair: Pair, folder: string): Promise<Drift | Error> {
  try {
    const [baseline, current] = await sidesOf(pair, folder);
    return detectDrift(await readSide(baseline), await readSide(current));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The rows where the pair has them, else its columns. */
async function sidesOf(pair: Pair, folder: string): Promise<[unknown, unknown]> {
  if (pair.kind === 'jsonl' && !pair.data) {
    const fileOf = (version: string | undefined) => join(folder, `json_nested/countries_${version}.jsonl`);
    const files: [string, string] = [fileOf(pair.origin?.old_commit), fileOf(pair.origin?.new_commit)];
    if ((await exists(files[0])) && (await exists(files[1]))) return files;
  }
  const side = async (which: 'old' | 'new') => {
    const name = pair.data?.[which];
    const path = name === undefined ? null : join(folder, 'schema_evolution', name);
    return path !== null && (await exists(path)) ? path : pair[which].columns;
  };
  return [await side('old'), await side('new')];
}
