/** Answers of the profiler, made by hand. */
import type { ProfileAnswer } from '../../../evaluation/measure/profile-answer.ts';

export function profiled(rows: number, nulls: Readonly<Record<string, number>>, malformedRows = 0): ProfileAnswer {
  const columns = Object.entries(nulls).map(([path, count]) => ({
    path,
    type: 'int',
    count: rows,
    nulls: count,
    distinct: 1,
    min: 1,
    max: 1,
  }));
  return { kind: 'profile', profile: { format: 'parquet', rows, malformedRows, columns } };
}
export const refused: ProfileAnswer = { kind: 'refused', message: 'E_PARQUET_PAGE: cut short' };
export const crashed: ProfileAnswer = { kind: 'crashed', message: 'RangeError' };
