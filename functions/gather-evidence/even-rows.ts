/** An even choice of rows: the first of a sorted file are not like the rest. */
import type { TableSample } from '../detect-anomalies/table-sample.ts';

/** At most `rows` rows, in their order; what the sample says of the whole source stays. Pure. */
export function evenRows(sample: TableSample, rows: number): TableSample {
  if (sample.rowCount <= rows) return sample;
  const indices = Array.from({ length: rows }, (_, index) => Math.floor((index * sample.rowCount) / rows));
  return {
    ...sample,
    rowCount: rows,
    columns: sample.columns.map((column) => ({ ...column, values: indices.map((index) => column.values[index] ?? null) })),
  };
}
