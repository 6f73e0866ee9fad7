/** Measures the error classifier: failures named rightly, healthy logs left alone, and what would be dangerous. */
import { join } from 'node:path';
import * as z from 'zod';
import { classify } from '../../functions/detect-anomalies/error-classifier/classify.ts';
import { readRecords } from './data-folder.ts';
import { atMost, type Counts, f1, figure, precision, recall, type SuiteResult, share } from './measurement.ts';

const healthySchema = z.object({ id: z.string(), errorMessage: z.string().nullish(), log: z.string() });
const failureSchema = healthySchema.extend({ family: z.string(), alsoAcceptable: z.array(z.string()) });

export type Healthy = z.infer<typeof healthySchema>;
export type Failure = z.infer<typeof failureSchema>;
export type Classify = (record: Healthy) => string;

/** Families that some action may cure: giving one of them to a failure of another kind starts an action that cannot help. */
const CURABLE = new Set(['transient_infrastructure', 'resource_exhaustion', 'schema_drift', 'data_quality']);

export async function measureClassify(folder: string): Promise<SuiteResult> {
  const failures = await readRecords(join(folder, 'logs/failures.jsonl'), failureSchema);
  const healthy = await readRecords(join(folder, 'logs/healthy.jsonl'), healthySchema);
  return scoreClassify(failures, healthy, ({ errorMessage = null, log }) => classify({ errorMessage, log }).family);
}

/**
 * Precision: of the failures given a family, how many rightly; a healthy log given one counts as wrong. Recall: of the failures
 * with a nameable cause, how many were named rightly; `unknown` is no miss where the label allows it.
 */
export function scoreClassify(failures: readonly Failure[], healthy: readonly Healthy[], ask: Classify): SuiteResult {
  let counts: Counts = { tp: 0, fp: 0, fn: 0 };
  let dangerous = 0;
  let unknownKept = 0;
  const misses: string[] = [];
  for (const failure of failures) {
    const { family, alsoAcceptable } = failure;
    const answer = ask(failure);
    const named = isNamed(answer);
    const right = named && (answer === family || alsoAcceptable.includes(answer));
    const missed = family !== 'unknown' && !right && !alsoAcceptable.includes('unknown');
    counts = { tp: counts.tp + Number(right), fp: counts.fp + Number(named && !right), fn: counts.fn + Number(missed) };
    if (named && !right && CURABLE.has(answer) && !CURABLE.has(family)) dangerous += 1;
    if (family === 'unknown' && !named) unknownKept += 1;
    if (missed || (named && !right)) misses.push(`${failure.id}: ${family} was called ${answer}`);
  }
  let alarms = 0;
  for (const log of healthy) {
    const answer = ask(log);
    if (answer === 'none') continue;
    alarms += 1;
    if (isNamed(answer)) counts = { ...counts, fp: counts.fp + 1 };
    misses.push(`${log.id}: healthy was called ${answer}`);
  }
  return {
    measurements: [
      figure('precision', precision(counts), 0.97),
      figure('recall', recall(counts), 0.9),
      figure('F1', f1(counts)),
      atMost('healthy called failed', alarms, healthy.length, 0),
      atMost('curable family for an incurable failure', dangerous, failures.length, 0),
      share('unknown kept unknown', unknownKept, failures.filter(({ family }) => family === 'unknown').length),
    ],
    misses,
  };
}

const isNamed = (answer: string) => answer !== 'unknown' && answer !== 'none';
