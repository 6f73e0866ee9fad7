/** Read, change, write back only where nobody else wrote in between: the one way the stores change an item. */
import type * as z from 'zod';
import { EnvironmentError, IntegrityError } from '../errors.ts';
import type { ItemKey, ItemTable, StoredItem } from '../ports.ts';
import { wellFormed } from '../well-formed.ts';

/** Every attempt that loses means that another one won, so the loop ends as soon as the others pause. */
const ATTEMPTS = 200;

export interface Changed<T> {
  readonly value: T | undefined;
  readonly written: boolean;
}

/**
 * Applies `change` to the item's value. `change` may return undefined: then nothing is written.
 * Errors: E_CONFLICT after too many lost attempts; E_STORED where the stored item does not fit the schema.
 */
export async function modify<T>(
  table: ItemTable,
  key: ItemKey,
  schema: z.ZodType<T>,
  change: (current: T | undefined) => T | undefined,
): Promise<Changed<T>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const stored = await table.get(key);
    const current = stored && parseStored(schema, stored);
    const next = change(current);
    if (next === undefined) return { value: current, written: false };
    const attributes = wellFormed(schema.parse(next)) as Record<string, unknown>;
    const written = stored ? await table.replace(key, attributes, stored.revision) : await table.create(key, attributes);
    if (written === 'created' || written === 'replaced') return { value: next, written: true };
  }
  throw new EnvironmentError('E_CONFLICT', `${key.pk}/${key.sk} was changed by others ${ATTEMPTS} times in a row; try again later`);
}

/** Reads one item through its schema. */
export async function read<T>(
  table: { get(key: ItemKey): Promise<StoredItem | undefined> },
  key: ItemKey,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const stored = await table.get(key);
  return stored && parseStored(schema, stored);
}

export function parseStored<T>(schema: z.ZodType<T>, stored: StoredItem): T {
  const parsed = schema.safeParse(stored.attributes);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new IntegrityError(
    'E_STORED',
    `${stored.pk}/${stored.sk} is not as expected at ${issue?.path.join('.') || 'its root'}: ${issue?.message}; look at the item, restore or remove it`,
  );
}
