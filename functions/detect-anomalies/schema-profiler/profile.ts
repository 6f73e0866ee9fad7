/** Profiles a whole dataset: structure, types, nulls, distinct values, ranges, quantiles, lengths, patterns and date formats per path. */
import type { ByteSource, DataFormat } from '../table-sample.ts';
import { detectContainer, detectText } from './bytes/detect-format.ts';
import { openText } from './bytes/text-chunks.ts';
import type { DatasetProfile } from './dataset-profile.ts';

export interface ProfileOptions {
  readonly format?: DataFormat;
  /** Told how many rows have been read so far, now and then. */
  readonly onRows?: (rows: number) => void;
}

/**
 * Reads the source once, in bounded memory whatever its size.
 * @throws InputError as `readSample` does, and `E_CSV` or `E_JSON` where there is nothing at all.
 */
export async function profile(source: ByteSource, options: ProfileOptions = {}): Promise<DatasetProfile> {
  const { format, onRows = () => {} } = options;
  const container = await detectContainer(source, format);
  if (container.parquet) {
    const { profileParquet } = await import('./parquet/profile-parquet.ts');
    return profileParquet(source, onRows);
  }
  const text = await openText(source, container.gzip);
  const kind = format === 'csv' || format === 'jsonl' ? format : detectText(source.name, text.head);
  if (kind === 'csv') {
    const { profileCsv } = await import('./csv/read-csv.ts');
    return profileCsv(source.name, text, onRows);
  }
  const { profileJson } = await import('./json/read-json.ts');
  return profileJson(source.name, text, onRows);
}
