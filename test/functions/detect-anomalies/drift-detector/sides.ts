/** Builds sides of a comparison in a line. */
import type { Side } from '../../../../functions/detect-anomalies/drift-detector/detect-drift.ts';
import type { Cell, DataFormat, TableSample } from '../../../../functions/detect-anomalies/table-sample.ts';

/** `declared('id int', 'name string')` */
export const declared = (...columns: string[]): Side => ({ columns: columns.map(columnOf) });

/** `sampled('csv', { 'id bigint': ['1', '2'] })`: a side with rows; all columns have as many. */
export function sampled(format: DataFormat, columns: Readonly<Record<string, readonly Cell[]>>): Side {
  const named = Object.entries(columns).map(([text, values]) => ({ ...columnOf(text), values }));
  const rowCount = named[0]?.values.length ?? 0;
  const sample: TableSample = { format, columns: named, rowCount, totalRows: rowCount, malformedRows: 0 };
  return { columns: named.map(({ name, type }) => ({ name, type })), sample };
}

function columnOf(text: string) {
  const space = text.lastIndexOf(' ');
  return { name: text.slice(0, space), type: text.slice(space + 1) };
}

export const range = (count: number) => Array.from({ length: count }, (_, index) => index);
