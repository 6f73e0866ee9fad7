/** Reads a bounded sample of rows from a CSV, JSON lines or Parquet source, column by column. */
import type { ByteSource, DataFormat, TableSample } from '../table-sample.ts';
import { detectContainer, detectText } from './bytes/detect-format.ts';
import { openText } from './bytes/text-chunks.ts';

export interface SampleOptions {
  /** What the source holds; told from its first bytes and its name where it is left out. */
  readonly format?: DataFormat;
  /** Default 50,000. */
  readonly maxRows?: number;
  /** Bytes of text, or of compressed columns; default 64 MiB. */
  readonly maxBytes?: number;
  /** Rows from all over a Parquet file, not from its start only; text is read from its start in any case. */
  readonly evenly?: boolean;
}

const MAX_ROWS = 50_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * An empty CSV or JSON source gives a sample without columns: Spark writes such files for empty partitions.
 * @throws InputError `E_FORMAT`, `E_CSV`, `E_JSON`, `E_PARQUET_FOOTER`, `E_PARQUET_PAGE`, `E_SAMPLE_CORRUPT`, `E_SAMPLE_TOO_LARGE`.
 */
export async function readSample(source: ByteSource, options: SampleOptions = {}): Promise<TableSample> {
  const { format, maxRows = MAX_ROWS, maxBytes = MAX_BYTES, evenly = false } = options;
  const container = await detectContainer(source, format);
  if (container.parquet) {
    const { sampleParquet } = await import('./parquet/sample-parquet.ts');
    return sampleParquet(source, { maxRows, maxBytes, evenly });
  }
  const text = await openText(source, container.gzip, { maxBytes });
  const kind = format === 'csv' || format === 'jsonl' ? format : detectText(source.name, text.head);
  if (text.headIsAll && isBlank(text.head)) return { format: kind, columns: [], rowCount: 0, totalRows: 0, malformedRows: 0 };
  if (kind === 'csv') {
    const { sampleCsv } = await import('./csv/read-csv.ts');
    return sampleCsv(source.name, text, maxRows);
  }
  const { sampleJson } = await import('./json/read-json.ts');
  return sampleJson(source.name, text, maxRows);
}

function isBlank(head: Uint8Array): boolean {
  return head.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
