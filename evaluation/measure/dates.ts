/** Measures the date parser: texts that are dates told from those that are not, and the instants they stand for. */
import { join } from 'node:path';
import * as z from 'zod';
import { parseDateTime } from '../../functions/detect-anomalies/schema-profiler/parse-date-time.ts';
import { readRecords } from './data-folder.ts';
import { figure, precision, recall, type SuiteResult, share } from './measurement.ts';

const textSchema = z.object({ input: z.string(), valid: z.boolean(), kind: z.string().nullish(), expected_iso: z.string().nullish() });

export type DateText = z.infer<typeof textSchema>;
/** ISO 8601 with an offset; null where the text is no date. */
export type ParseDate = (text: string) => string | null;

export async function measureDates(folder: string): Promise<SuiteResult> {
  const texts = await readRecords(join(folder, 'datetime/datetime_zoo.jsonl'), textSchema);
  return scoreDates(texts, (text) => parseDateTime(text)?.iso ?? null);
}

/** Texts that could be read in two ways are left out. Instants are compared to the second. */
export function scoreDates(texts: readonly DateText[], ask: ParseDate): SuiteResult {
  const judged = texts.filter(({ kind }) => kind !== 'ambiguous').map((text) => ({ text, iso: ask(text.input) }));
  const taken = judged.filter(({ iso }) => iso !== null);
  const refused = judged.filter(({ text, iso }) => text.valid && iso === null);
  const wronglyTaken = taken.filter(({ text }) => !text.valid);
  const counts = { tp: taken.length - wronglyTaken.length, fp: wronglyTaken.length, fn: refused.length };
  const timed = taken.filter(({ text }) => text.valid && typeof text.expected_iso === 'string');
  const wrongInstants = timed.filter(({ text, iso }) => secondOf(iso) !== secondOf(text.expected_iso));
  return {
    measurements: [
      figure('precision of dates', precision(counts)),
      figure('recall of dates', recall(counts)),
      share('instants equal to the second', timed.length - wrongInstants.length, timed.length),
    ],
    misses: [
      ...wronglyTaken.map(({ text, iso }) => `${text.input}: no date, was read as ${iso}`),
      ...refused.map(({ text }) => `${text.input}: not read`),
      ...wrongInstants.map(({ text, iso }) => `${text.input}: ${text.expected_iso} was read as ${iso}`),
    ],
  };
}

const secondOf = (iso: string | null | undefined) => Math.floor(Date.parse(iso ?? '') / 1000);
