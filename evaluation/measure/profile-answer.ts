/** Asks the profiler for one file, and keeps what it answers: a profile, a named error, or a crash. */
import type { DatasetProfile } from '../../functions/detect-anomalies/schema-profiler/dataset-profile.ts';
import { bytesSource } from '../../functions/detect-anomalies/schema-profiler/file-source.ts';
import { profile } from '../../functions/detect-anomalies/schema-profiler/profile.ts';
import type { DataFormat } from '../../functions/detect-anomalies/table-sample.ts';
import { MedicError } from '../../functions/shared/errors.ts';
import { readBytes } from './data-folder.ts';

export type ProfileAnswer =
  | { readonly kind: 'profile'; readonly profile: DatasetProfile }
  | { readonly kind: 'refused'; readonly message: string }
  /** An error that nobody has named. */
  | { readonly kind: 'crashed'; readonly message: string };

export async function askForProfile(path: string, format?: DataFormat): Promise<ProfileAnswer> {
  const source = bytesSource(path, await readBytes(path));
  try {
    return { kind: 'profile', profile: await profile(source, format ? { format } : {}) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof MedicError ? 'refused' : 'crashed', message };
  }
}
