/** Puts the entries of a column's leaves together again: one value per row, lists and structs as JSON has them (Dremel's encoding). */
import type { Cell } from '../../table-sample.ts';
import type { LeafEntries } from './sample-chunk.ts';
import type { SchemaNode } from './schema-tree.ts';

/** The first `rows` values of one top-level column. `leaves`: all leaf columns, by their number. @throws RangeError where they disagree. */
export function assembleRows(node: SchemaNode, leaves: readonly LeafEntries[], rows: number): Cell[] {
  const reader = new EntryReader(leaves);
  return Array.from({ length: rows }, () => reader.value(node));
}

class EntryReader {
  private readonly leaves: readonly LeafEntries[];
  /** Per leaf: the next entry, and the next cell. */
  private readonly entries: number[];
  private readonly cells: number[];

  constructor(leaves: readonly LeafEntries[]) {
    this.leaves = leaves;
    this.entries = leaves.map(() => 0);
    this.cells = leaves.map(() => 0);
  }

  value(node: SchemaNode): Cell {
    const definition = this.leaves[node.leaf]?.definitions[this.entries[node.leaf] ?? 0];
    if (definition === undefined) throw new RangeError('a leaf has fewer entries than the others');
    if (node.isLeaf) {
      this.entries[node.leaf] = (this.entries[node.leaf] ?? 0) + 1;
      return definition === node.maxDefinition ? this.nextCell(node.leaf) : null;
    }
    if (definition < node.definition) return this.skip(node, null);
    const [first, second] = node.children;
    if (!first) return this.skip(node, {});
    if (node.type.startsWith('array<')) return this.repeated(node, first, () => this.value(first)) ?? [];
    if (node.type.startsWith('map<') && second) {
      const pairs = this.repeated(node, first, () => [String(this.value(first)), this.value(second)] as const);
      return pairs === null ? {} : Object.fromEntries(pairs);
    }
    return Object.fromEntries(node.children.map((child) => [nameOf(child), this.value(child)]));
  }

  /** What `read` gives as long as the entries repeat at the level of `item`; null where there is none. */
  private repeated<T>(node: SchemaNode, item: SchemaNode, read: () => T): T[] | null {
    const { leaf } = item;
    const levels = this.leaves[leaf];
    const at = this.entries[leaf] ?? 0;
    if ((levels?.definitions[at] ?? 0) < item.parentDefinition) return this.skip(node, null);
    const items: T[] = [];
    do items.push(read());
    while (levels?.repetitions[this.entries[leaf] ?? 0] === item.repetition);
    return items;
  }

  /** Passes over the one entry that stands for nothing in every leaf below. */
  private skip<T>(node: SchemaNode, value: T): T {
    if (node.isLeaf) this.entries[node.leaf] = (this.entries[node.leaf] ?? 0) + 1;
    for (const child of node.children) this.skip(child, value);
    return value;
  }

  private nextCell(leaf: number): Cell {
    const at = this.cells[leaf] ?? 0;
    this.cells[leaf] = at + 1;
    return this.leaves[leaf]?.cells[at] ?? null;
  }
}

const nameOf = (node: SchemaNode) => node.element.name;
