/** What a profile of a dataset says: plain JSON, small enough to be kept as a baseline. */
import * as z from 'zod';

/** A value as JSON can hold it: integers beyond 2^53, decimals, dates and binary as text. */
const ValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const QuantilesSchema = z.object({ p05: ValueSchema, p25: ValueSchema, p50: ValueSchema, p75: ValueSchema, p95: ValueSchema });

export const ColumnProfileSchema = z.object({
  /** `a`, `a.b`, `a[]` the elements of a list, `a{key}` and `a{value}` of a map; a dot within a name stays as it is. */
  path: z.string(),
  /** Glue type syntax; `void` where there is no value. */
  type: z.string(),
  /** Values under this path, nulls included: the rows for a column, the elements for `a[]`, the parents that are there for `a.b`. */
  count: z.number().int().nonnegative(),
  /** Null or absent; in CSV an empty cell, and in a column that is not text also the null markers. */
  nulls: z.number().int().nonnegative(),
  /** Distinct values but null: exact up to about 4,000, within 3 % beyond. Null for structs, lists and maps. */
  distinct: z.number().int().nonnegative().nullable(),
  min: ValueSchema,
  max: ValueSchema,
  mean: z.number().optional(),
  /** Of numbers, and of dates as text; rank error at most 0.5 %. */
  quantiles: QuantilesSchema.optional(),
  /** Of texts, in characters. */
  lengths: z.object({ min: z.number(), mean: z.number(), max: z.number() }).optional(),
  /** Share of `true` among the values. */
  trueShare: z.number().optional(),
  /** Texts that usually mean "no value", the most frequent first. */
  nullMarkers: z.array(z.object({ marker: z.string(), count: z.number() })).optional(),
  /** Shapes of texts, the most frequent first; counts are estimates beyond some thousand values. */
  patterns: z.array(z.object({ pattern: z.string(), count: z.number() })).optional(),
  /** Formats of texts that are dates, in the letters of Spark's date patterns, the most frequent first. */
  dateFormats: z.array(z.object({ format: z.string(), count: z.number() })).optional(),
  /** What the values are where they are not all of one kind. */
  kinds: z.record(z.string(), z.number()).optional(),
});

export const DatasetProfileSchema = z.object({
  format: z.enum(['csv', 'jsonl', 'parquet']),
  rows: z.number().int().nonnegative(),
  /** Rows that could not be read as rows; not among `rows`. */
  malformedRows: z.number().int().nonnegative(),
  columns: z.array(ColumnProfileSchema),
});

export type ColumnProfile = z.infer<typeof ColumnProfileSchema>;
export type DatasetProfile = z.infer<typeof DatasetProfileSchema>;
