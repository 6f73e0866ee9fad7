/** Measures the verdicts on changes of type: simple pairs against the consensus of the engines, composite ones against their overall verdict. */
import { join } from 'node:path';
import * as z from 'zod';
import { compareTypes } from '../../functions/detect-anomalies/drift-detector/compare-types.ts';
import { readRecords } from './data-folder.ts';
import { atMost, type SuiteResult, share } from './measurement.ts';

const pairSchema = z.object({ old: z.string(), new: z.string(), consensus: z.string(), accept: z.array(z.string()).default([]) });
const compositeSchema = z.object({ old: z.string(), new: z.string(), overall: z.string() });

export type TypePair = z.infer<typeof pairSchema>;
export type CompositePair = z.infer<typeof compositeSchema>;
export type CompareTypes = (from: string, to: string) => string;

const SAFE = new Set(['widening', 'identical', 'compatible']);
const UNSAFE = new Set(['breaking', 'narrowing']);

export async function measureTypes(folder: string): Promise<SuiteResult> {
  return scoreTypes(await readRecords(join(folder, 'schema_evolution/type_pairs_glue_consensus.jsonl'), pairSchema), answerOf);
}

export async function measureComposite(folder: string): Promise<SuiteResult> {
  return scoreComposite(await readRecords(join(folder, 'schema_evolution/composite_type_pairs.jsonl'), compositeSchema), answerOf);
}

/** What cannot be compared is answered by its error: wrong, but not the end of the suite. */
function answerOf(from: string, to: string): string {
  try {
    return compareTypes(from, to);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where the engines agree the verdict has to be theirs; where they do not, that of one of them. */
export function scoreTypes(pairs: readonly TypePair[], ask: CompareTypes): SuiteResult {
  const judged = pairs.map((pair) => ({ pair, answer: ask(pair.old, pair.new) }));
  const agreed = judged.filter(({ pair }) => pair.consensus !== 'contested');
  const contested = judged.filter(({ pair }) => pair.consensus === 'contested');
  const wrong = agreed.filter(({ pair, answer }) => answer !== pair.consensus);
  const refused = contested.filter(({ pair, answer }) => !pair.accept.includes(answer));
  const dangerous = agreed.filter(({ pair, answer }) => SAFE.has(answer) && UNSAFE.has(pair.consensus));
  return {
    measurements: [
      share('verdict of all engines', agreed.length - wrong.length, agreed.length, 0.97),
      atMost('called safe but breaking or narrowing', dangerous.length, agreed.length, 0),
      share('contested: verdict of one engine', contested.length - refused.length, contested.length),
    ],
    misses: [
      ...wrong.map(({ pair, answer }) => `${pair.old} > ${pair.new}: ${pair.consensus} was called ${answer}`),
      ...refused.map(({ pair, answer }) => `${pair.old} > ${pair.new}: one of ${pair.accept.join(', ')} was called ${answer}`),
    ],
  };
}

/** Overall verdicts are coarser: nothing, compatible or breaking. */
const OVERALL: Readonly<Record<string, string>> = { widening: 'compatible', narrowing: 'breaking' };

export function scoreComposite(pairs: readonly CompositePair[], ask: CompareTypes): SuiteResult {
  const judged = pairs.map((pair) => {
    const answer = ask(pair.old, pair.new);
    return { pair, answer: OVERALL[answer] ?? answer };
  });
  const wrong = judged.filter(({ pair, answer }) => answer !== pair.overall);
  return {
    measurements: [share('overall verdict', pairs.length - wrong.length, pairs.length, 1)],
    misses: wrong.map(({ pair, answer }) => `${pair.old} > ${pair.new}: ${pair.overall} was called ${answer}`),
  };
}
