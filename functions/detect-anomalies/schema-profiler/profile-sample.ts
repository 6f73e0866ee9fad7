/** Profiles rows that are in memory already, as the profile of a file with these rows would be. */
import type { Cell, TableSample } from '../table-sample.ts';
import { utf8Bytes } from './bytes/text-of.ts';
import type { DatasetProfile } from './dataset-profile.ts';
import { ColumnStatistics, scanBytes, scanned } from './statistics/column-statistics.ts';
import { PathNode } from './statistics/path-node.ts';
import { summarizeColumn } from './statistics/summarize-column.ts';
import { summarizePaths } from './statistics/summarize-paths.ts';

/** Pure. The declared types of a Parquet sample are kept. */
export function profileSample(sample: TableSample): DatasetProfile {
  const columns = sample.columns.flatMap(({ name, type, values }) => {
    if (sample.format === 'csv') {
      const statistics = new ColumnStatistics();
      for (const cell of values) addCell(statistics, cell);
      return [summarizeColumn(name, values.length, statistics)];
    }
    const root = new PathNode('');
    const column = root.field(name, () => {});
    root.objects = values.length;
    for (const value of values) addValue(column, value);
    const entries = summarizePaths(root, null);
    return entries.map((entry, index) => (index === 0 && sample.format === 'parquet' ? { ...entry, type } : entry));
  });
  return { format: sample.format, rows: sample.rowCount, malformedRows: sample.malformedRows, columns };
}

function addCell(statistics: ColumnStatistics, cell: Cell): void {
  if (cell === null || cell === '') statistics.nulls += 1;
  else {
    const bytes = utf8Bytes(String(cell));
    scanBytes(bytes, 0, bytes.length);
    statistics.addText(bytes, 0, bytes.length, scanned.mask, scanned.hash);
  }
}

function addValue(node: PathNode, value: unknown): void {
  if (value === undefined) return;
  node.seen += 1;
  if (value === null) node.statistics.nulls += 1;
  else if (typeof value === 'boolean') node.statistics.addBoolean(value);
  else if (Array.isArray(value)) {
    node.arrays += 1;
    for (const element of value) addValue(node.elementNode(ignore), element);
  } else if (typeof value === 'object') {
    node.objects += 1;
    for (const [key, field] of Object.entries(value)) addValue(node.field(key, ignore), field);
  } else {
    const bytes = utf8Bytes(String(value));
    scanBytes(bytes, 0, bytes.length);
    if (typeof value === 'string') node.statistics.addString(bytes, 0, bytes.length, scanned.mask, scanned.hash);
    else node.statistics.addNumeral(bytes, 0, bytes.length, scanned.mask, scanned.hash);
  }
}

const ignore = () => {};
