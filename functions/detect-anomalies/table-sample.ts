/** The shapes that the facts layer passes around: bytes to read, and rows read from them. */

/** Random access to the bytes of one object or file. Ranges are half-open; a short read is an error of the source. */
export interface ByteSource {
  /** Shown in messages and used to guess the format: a path or an S3 key. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

/** What one cell holds. CSV cells are the text as written; null is a missing cell. Nested values stay as parsed JSON. */
export type Cell = string | number | bigint | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };

export type DataFormat = 'csv' | 'jsonl' | 'parquet';

export interface SampleColumn {
  readonly name: string;
  /** Glue type syntax: declared by the file (Parquet) or inferred from the values (CSV, JSON lines). */
  readonly type: string;
  /** One cell per sampled row, in row order. */
  readonly values: readonly Cell[];
}

/** A bounded sample of rows, column by column. */
export interface TableSample {
  readonly format: DataFormat;
  readonly columns: readonly SampleColumn[];
  /** Rows in the sample; the length of every column's `values`. */
  readonly rowCount: number;
  /** Rows in the whole source, null where the sample stopped before its end. */
  readonly totalRows: number | null;
  /** Rows that could not be read as rows (ragged CSV records, invalid JSON lines); not part of the sample. */
  readonly malformedRows: number;
}
