/** The model of the last good data of one dataset: what `learnBaseline` writes, what is stored, and what `analyzeQuality` compares with. */
import * as z from 'zod';

const count = z.number().int().nonnegative();
const name = z.string();
/** Packed fingerprints, see fingerprints.ts. */
const packed = z.string();

/** What is learned about one property of a column's values (the value itself, its format, its kind, …). */
export const TraitBaselineSchema = z.strictObject({
  /** Rows with a value. */
  rows: count,
  /** Rows that the rest of the baseline would not have recognised: the Good-Turing estimate of how many new rows are unseen. */
  unrecognised: count,
  /** Mean size of the clumps in which unseen rows come, at least 1: a category that happens to be unseen brings all its rows. */
  clump: z.number().min(1),
  distinct: count,
  /** Recognised categories, most frequent first. */
  known: packed,
  /** Rows of the first of them, in the same order. */
  counts: z.array(count).max(64),
});
export type TraitBaseline = z.infer<typeof TraitBaselineSchema>;

/** The words of a column of text. */
export const WordsBaselineSchema = z.strictObject({
  rows: count,
  /** Rows with a word that is new to the other rows and one letter away from a frequent one. */
  nearMisses: count,
  clump: z.number().min(1),
  /** The words, most frequent first; the first `frequent` of them are frequent. */
  known: packed,
  frequent: count,
});
export type WordsBaseline = z.infer<typeof WordsBaselineSchema>;

export const RangeBaselineSchema = z.strictObject({
  /** `date` and `time` count milliseconds and seconds, `length` characters. */
  unit: z.enum(['number', 'date', 'time', 'length']),
  rows: count,
  min: z.number(),
  max: z.number(),
  /** Values outside are out of range; null where that side is open (dates move on, keys grow). */
  lowest: z.number().nullable(),
  highest: z.number().nullable(),
  /** Rows of the baseline that lie outside of what the other rows alone would have allowed. */
  outside: count,
  /** Points of the distribution, ascending, and the share of values up to each; empty where the distribution is not compared. */
  quantiles: z.array(z.number()).max(33),
  shares: z.array(z.number()).max(33),
});
export type RangeBaseline = z.infer<typeof RangeBaselineSchema>;

export const ColumnBaselineSchema = z.strictObject({
  name,
  type: z.string(),
  rows: count,
  missing: count,
  /** How missing cells are written. */
  missingSpellings: packed,
  distinct: count,
  /** Rows whose value stands in an earlier row too. */
  repeated: count,
  /** Rows of the most frequent value; baselines of old do not have it. */
  mostFrequent: count.optional(),
  /** Nearly every value occurs once. */
  isKey: z.boolean(),
  /** The values, where they are few and short enough to be shown as what is expected. */
  domain: z.array(z.string().max(40)).max(12),
  /** The most frequent format, shown as what is expected. */
  commonFormat: z.string().max(80),
  traits: z.record(z.string(), TraitBaselineSchema),
  words: WordsBaselineSchema.nullable(),
  ranges: z.array(RangeBaselineSchema).max(3),
  /** Rows on which the dependencies into this column had a say, and those that contradicted them. */
  dependencies: z.strictObject({ checked: count, violated: count }),
});
export type ColumnBaseline = z.infer<typeof ColumnBaselineSchema>;

/** `from` determines `to`: for each known value of `from`, the value of `to` that goes with it. */
export const DependencyBaselineSchema = z.strictObject({
  from: name,
  /** Values of `from`. */
  keys: packed,
  targets: z.array(
    z.strictObject({
      to: name,
      /** One per key; zero where the baseline is undecided. */
      values: packed,
      /** Agreeing rows that a value of `from` needs to have an opinion. */
      witnesses: count,
    }),
  ),
});
export type DependencyBaseline = z.infer<typeof DependencyBaselineSchema>;

export const OrderBaselineSchema = z.strictObject({
  lower: name,
  upper: name,
  unit: z.enum(['number', 'date', 'time']),
  checked: count,
  violated: count,
});
export type OrderBaseline = z.infer<typeof OrderBaselineSchema>;

export const QualityBaselineSchema = z.strictObject({
  version: z.literal(1),
  rows: count,
  /** Rows that repeat an earlier row in every column. */
  duplicateRows: count,
  /** Records that were no rows, beside `rows`; baselines of old do not have it. */
  malformedRows: count.optional(),
  columns: z.array(ColumnBaselineSchema),
  dependencies: z.array(DependencyBaselineSchema),
  orders: z.array(OrderBaselineSchema),
});
export type QualityBaseline = z.infer<typeof QualityBaselineSchema>;
