/** Flattens a tree of paths into the entries of a profile: each column, then what it holds, depth first. */
import type { ColumnProfile } from '../dataset-profile.ts';
import type { PathNode } from './path-node.ts';
import { summarizeColumn } from './summarize-column.ts';

/** A profile stays readable and storable. */
const MOST_COLUMNS = 5000;

/** `rootName`: the name of the root where it holds values itself; null where its fields are the columns. */
export function summarizePaths(root: PathNode, rootName: string | null): ColumnProfile[] {
  const columns: ColumnProfile[] = [];
  if (rootName === null) for (const field of root.liveFields) addNode(columns, field.name, field, root.objects);
  else if (root.seen > 0) addNode(columns, rootName, root, root.seen);
  return columns;
}

/** `parents`: values that could have had this one; those that did not are nulls. */
function addNode(columns: ColumnProfile[], path: string, node: PathNode, parents: number): void {
  if (columns.length >= MOST_COLUMNS) return;
  const absent = Math.max(parents - node.seen, 0);
  const isNested = node.objects > 0 || node.arrays > 0;
  const entry = summarizeColumn(path, node.seen + absent, node.statistics, isNested ? node.type() : undefined);
  columns.push({
    ...entry,
    nulls: entry.nulls + absent,
    ...(isNested && node.scalars === 0 ? { distinct: null, min: null, max: null } : {}),
    ...(isNested ? { kinds: nestedKinds(node) } : {}),
  });
  if (node.isMap) {
    const value = node.mapValue();
    const keys = node.keyStatistics();
    columns.push(summarizeColumn(`${path}{key}`, value.seen, keys));
    addNode(columns, `${path}{value}`, value, value.seen);
  } else for (const field of node.liveFields) addNode(columns, `${path}.${field.name}`, field, node.objects);
  if (node.element) addNode(columns, `${path}[]`, node.element, node.element.seen);
}

function nestedKinds(node: PathNode): Record<string, number> {
  const kinds = { struct: node.objects, array: node.arrays, scalar: node.scalars };
  return Object.fromEntries(Object.entries(kinds).filter(([, count]) => count > 0));
}
