/** Puts the samples of several objects one under the other, and remembers which rows came from which object. */
import type { Cell, SampleColumn, TableSample } from '../detect-anomalies/table-sample.ts';

export interface InputSample {
  readonly table: TableSample;
  /** Rows [fromRow, toRow) of `table` come from this object. */
  readonly objects: readonly {
    readonly key: string;
    readonly fromRow: number;
    readonly toRow: number;
    readonly columns: readonly { name: string; type: string }[];
  }[];
}

/** Pure. At least one part. A column that an object lacks is null in its rows; of types that differ, that of most rows counts. */
export function mergeSamples(parts: readonly { key: string; sample: TableSample }[]): InputSample {
  const types = new Map<string, Map<string, number>>();
  for (const { sample } of parts) {
    for (const { name, type } of sample.columns) {
      const rows = types.get(name) ?? new Map<string, number>();
      types.set(name, rows.set(type, (rows.get(type) ?? 0) + sample.rowCount));
    }
  }
  const columns: SampleColumn[] = [...types].map(([name, rows]) => ({
    name,
    type: [...rows].reduce((most, each) => (each[1] > most[1] ? each : most))[0],
    values: parts.flatMap(
      ({ sample }): readonly Cell[] =>
        sample.columns.find((column) => column.name === name)?.values ?? new Array<Cell>(sample.rowCount).fill(null),
    ),
  }));
  let fromRow = 0;
  const objects = parts.map(({ key, sample }) => {
    const range = { key, fromRow, toRow: fromRow + sample.rowCount, columns: sample.columns.map(({ name, type }) => ({ name, type })) };
    fromRow = range.toRow;
    return range;
  });
  const totals = parts.map(({ sample }) => sample.totalRows);
  return {
    objects,
    table: {
      format: parts[0]?.sample.format ?? 'csv',
      columns,
      rowCount: fromRow,
      totalRows: totals.every((total) => total !== null) ? totals.reduce<number>((sum, total) => sum + (total ?? 0), 0) : null,
      malformedRows: parts.reduce((sum, { sample }) => sum + sample.malformedRows, 0),
    },
  };
}
