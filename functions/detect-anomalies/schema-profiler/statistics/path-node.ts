/** One path of nested data: what was seen under it, and the paths below it. */

import { utf8Bytes } from '../bytes/text-of.ts';
import { ColumnStatistics, scanBytes, scanned } from './column-statistics.ts';
import { mergeStatistics } from './merge-statistics.ts';
import { quoteName } from './quote-name.ts';
import { typeOf } from './summarize-column.ts';

/** An object with more keys than this is a map, and what it holds is looked at as one. */
const MOST_FIELDS = 1000;
/** So is one with many keys of which each is rare. */
const MANY_FIELDS = 40;
const RARE = 0.1;

export class PathNode {
  /** The key's bytes in JSON, where they hold no escape: to recognise it without decoding. */
  readonly keyBytes: Uint8Array;
  readonly name: string;
  /** The number of this node among all, set by whoever keeps the list. */
  index = 0;
  /** Its place among its parent's fields. */
  position = 0;
  /** Times something was seen here, null included. */
  seen = 0;
  objects = 0;
  arrays = 0;
  /** Explicit nulls are `statistics.nulls`; scalars are the rest of it. */
  readonly statistics: ColumnStatistics;
  fields = new Map<string, PathNode>();
  /** The fields in the order in which they came first: the next key is usually the next of these. */
  readonly order: PathNode[] = [];
  element: PathNode | null = null;
  /** What the keys beyond MOST_FIELDS hold. */
  overflow: PathNode | null = null;

  /** `siblings`: fields of the same parent so far. */
  constructor(name: string, siblings = 0) {
    this.name = name;
    this.statistics = new ColumnStatistics(siblings);
    this.keyBytes = utf8Bytes(name);
  }

  /** `register` is told of every new node. */
  field(name: string, register: (node: PathNode) => void): PathNode {
    const known = this.fields.get(name);
    if (known) return known;
    if (this.fields.size >= MOST_FIELDS) {
      if (this.overflow === null) {
        this.overflow = new PathNode('{value}');
        register(this.overflow);
      }
      return this.overflow;
    }
    const node = new PathNode(name, this.order.length);
    node.position = this.order.length;
    this.fields.set(name, node);
    this.order.push(node);
    register(node);
    return node;
  }

  elementNode(register: (node: PathNode) => void): PathNode {
    if (this.element === null) {
      this.element = new PathNode('[]');
      register(this.element);
    }
    return this.element;
  }

  get liveFields(): PathNode[] {
    return this.order.filter((node) => node.seen > 0);
  }

  /** Keys that come and go like values (currencies, dates, ids) are the keys of a map, not fields. */
  get isMap(): boolean {
    if (this.overflow !== null) return true;
    const fields = this.liveFields;
    if (fields.length < MANY_FIELDS) return false;
    const seen = fields.reduce((sum, field) => sum + field.seen, 0);
    return seen / fields.length < RARE * this.objects;
  }

  /** All the values of a map as one path. */
  mapValue(): PathNode {
    const value = new PathNode('{value}');
    for (const field of this.overflow ? [...this.liveFields, this.overflow] : this.liveFields) value.absorb(field);
    return value;
  }

  /** The keys of a map as values: each as often as it was seen. */
  keyStatistics(): ColumnStatistics {
    const keys = new ColumnStatistics();
    for (const { keyBytes } of this.liveFields) {
      scanBytes(keyBytes, 0, keyBytes.length);
      keys.addString(keyBytes, 0, keyBytes.length, scanned.mask, scanned.hash);
    }
    return keys;
  }

  private absorb(other: PathNode): void {
    this.seen += other.seen;
    this.objects += other.objects;
    this.arrays += other.arrays;
    mergeStatistics(this.statistics, other.statistics);
    if (other.element) {
      this.element ??= new PathNode('[]');
      this.element.absorb(other.element);
    }
    for (const field of other.overflow ? [...other.order, other.overflow] : other.order) this.field(field.name, () => {}).absorb(field);
  }

  get scalars(): number {
    this.statistics.settle();
    return this.statistics.kinds.reduce((sum, count) => sum + count, 0);
  }

  /** Glue type syntax; text where kinds are mixed, as Spark reads them. */
  type(): string {
    const isScalar = this.scalars > 0;
    if (Number(isScalar) + Number(this.objects > 0) + Number(this.arrays > 0) > 1) return 'string';
    if (this.arrays > 0) return `array<${this.element?.type() ?? 'void'}>`;
    if (this.objects === 0) return typeOf(this.statistics);
    if (this.isMap) return `map<string,${this.mapValue().type()}>`;
    return `struct<${this.liveFields.map((field) => `${quoteName(field.name)}:${field.type()}`).join(',')}>`;
  }
}
