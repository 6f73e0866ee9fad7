/** Item tables in memory that refuse what DynamoDB refuses and page as it pages. Callers never share an object with the table. */
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { AppendOnlyTable, ItemAttributes, ItemKey, ItemReader, ItemTable, StoredItem } from '../../functions/shared/ports.ts';
import { checkItem, checkKey, checkQuery, PAGE_LIMIT_BYTES, type QueryOptions } from '../../functions/shared/tables/item-rules.ts';

/** The item as text, which nobody can alias, and its size in bytes. */
interface Row {
  readonly revision: number;
  readonly json: string;
  readonly bytes: number;
}

class MemoryItemReader implements ItemReader {
  readonly #partitions = new Map<string, Map<string, Row>>();

  async get(key: ItemKey): Promise<StoredItem | undefined> {
    checkKey(key);
    const row = this.row(key);
    return row && toStoredItem(key, row);
  }

  async query(pk: string, options: QueryOptions = {}): Promise<{ items: StoredItem[]; next?: string }> {
    checkQuery(pk, options);
    const { limit = Number.POSITIVE_INFINITY } = options;
    const items: StoredItem[] = [];
    let bytes = 0;
    for (const [sk, row] of this.#range(pk, options)) {
      items.push(toStoredItem({ pk, sk }, row));
      bytes += row.bytes;
      // As DynamoDB does: a full page names where it ended, even if nothing comes after it.
      if (items.length >= limit || bytes >= PAGE_LIMIT_BYTES) return { items, next: sk };
    }
    return { items };
  }

  protected row(key: ItemKey): Row | undefined {
    return this.#partitions.get(key.pk)?.get(key.sk);
  }

  protected write(key: ItemKey, attributes: ItemAttributes, revision: number, bytes: number): void {
    const partition = this.#partitions.get(key.pk) ?? new Map<string, Row>();
    this.#partitions.set(key.pk, partition.set(key.sk, { revision, json: JSON.stringify(attributes), bytes }));
  }

  /** False where the key is taken. */
  protected writeNew(key: ItemKey, attributes: ItemAttributes): boolean {
    const bytes = checkItem(key, attributes);
    if (this.row(key)) return false;
    this.write(key, attributes, 1, bytes);
    return true;
  }

  #range(pk: string, { prefix = '', after, descending = false }: QueryOptions): [string, Row][] {
    const direction = descending ? -1 : 1;
    return [...(this.#partitions.get(pk) ?? [])]
      .filter(([sk]) => sk.startsWith(prefix) && (after === undefined || direction * compareBytes(sk, after) > 0))
      .sort(([a], [b]) => direction * compareBytes(a, b));
  }
}

export class MemoryItemTable extends MemoryItemReader implements ItemTable {
  async create(key: ItemKey, attributes: ItemAttributes): Promise<'created' | 'exists'> {
    return this.writeNew(key, attributes) ? 'created' : 'exists';
  }

  async replace(key: ItemKey, attributes: ItemAttributes, revision: number): Promise<'replaced' | 'conflict'> {
    const bytes = checkItem(key, attributes);
    if (this.row(key)?.revision !== revision) return 'conflict';
    this.write(key, attributes, revision + 1, bytes);
    return 'replaced';
  }
}

/** What the roles forbid on AWS is refused here by the same name. */
export class MemoryAppendOnlyTable extends MemoryItemReader implements AppendOnlyTable {
  async append(key: ItemKey, attributes: ItemAttributes): Promise<'appended' | 'exists'> {
    return this.writeNew(key, attributes) ? 'appended' : 'exists';
  }

  async replace(): Promise<never> {
    throw denied('UpdateItem');
  }

  async delete(): Promise<never> {
    throw denied('DeleteItem');
  }
}

function denied(operation: string): ServiceError {
  return new ServiceError('AccessDeniedException', `dynamodb:${operation} is denied on the audit table: it is append only`);
}

/** DynamoDB orders text by its UTF-8 bytes, which differs from JavaScript's order beyond the basic plane. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function toStoredItem(key: ItemKey, row: Row): StoredItem {
  return { pk: key.pk, sk: key.sk, revision: row.revision, attributes: JSON.parse(row.json) as Record<string, unknown> };
}
