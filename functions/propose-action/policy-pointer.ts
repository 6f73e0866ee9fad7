/** The pointer to the active policy: swapped by one conditional write, with what was active before, so that there is a way back. */
import { InputError, quoteForMessage } from '../shared/errors.ts';
import type { ItemReader, ItemTable } from '../shared/ports.ts';
import { ACTIVE_POLICY, type PolicyPointer, PolicyPointerSchema, REMEMBERED_VERSIONS } from './policy-items.ts';
import { RULES_HASH, RULES_VERSION } from './rules-policy.ts';

export type Activation = 'activated' | 'conflict';
type Order = Pick<PolicyPointer, 'by' | 'at' | 'reason'>;
type Target = Pick<PolicyPointer, 'version' | 'hash'>;

/** Null where there is none, or none that can be read: the rules decide until somebody promotes a policy. */
export async function readPointer(table: ItemReader): Promise<PolicyPointer | null> {
  return parse((await table.get(ACTIVE_POLICY))?.attributes);
}

/** Points to `target` where `expected` is still the active version, null for none. What was active is remembered. */
export function pointTo(table: ItemTable, target: Target, expected: string | null, order: Order): Promise<Activation> {
  return swap(table, expected, (current) => {
    const before = current ? [{ version: current.version, hash: current.hash }, ...current.previous] : [];
    return { ...target, ...order, previous: before.slice(0, REMEMBERED_VERSIONS) };
  });
}

/** Points back to `target`, one of those that were active before, or the rules; what was promoted after it is forgotten. */
export function pointBackTo(table: ItemTable, target: Target, expected: string, order: Order): Promise<Activation> {
  return swap(table, expected, (current) => {
    const previous = current?.previous ?? [];
    const place = previous.findIndex(({ version }) => version === target.version);
    return { ...target, ...order, previous: place < 0 ? previous : previous.slice(place + 1) };
  });
}

/** Where a rollback goes: `named`, or what was active before. Errors: E_ROLLBACK where there is no such way back. */
export function wayBack({ version, previous }: PolicyPointer, named?: string): Target {
  const [last] = previous;
  if (named === undefined && last) return last;
  if (named === RULES_VERSION && version !== RULES_VERSION) return { version: RULES_VERSION, hash: RULES_HASH };
  const found = previous.find((each) => each.version === named);
  if (found) return found;
  const known =
    previous.length === 0 ? 'nothing was active before' : `before were active ${previous.map((each) => each.version).join(', ')}`;
  const rules = version === RULES_VERSION ? '' : `; \`policy rollback ${RULES_VERSION}\` goes back to the deterministic rules`;
  throw new InputError(
    'E_ROLLBACK',
    `${quoteForMessage(version)} cannot be rolled back to ${named ?? 'the version before it'}: ${known}${rules}`,
  );
}

async function swap(
  table: ItemTable,
  expected: string | null,
  next: (current: PolicyPointer | null) => PolicyPointer,
): Promise<Activation> {
  const stored = await table.get(ACTIVE_POLICY);
  const current = parse(stored?.attributes);
  if ((current?.version ?? null) !== expected) return 'conflict';
  const pointer = next(current);
  const written = stored ? await table.replace(ACTIVE_POLICY, pointer, stored.revision) : await table.create(ACTIVE_POLICY, pointer);
  return written === 'created' || written === 'replaced' ? 'activated' : 'conflict';
}

function parse(attributes: unknown): PolicyPointer | null {
  const parsed = PolicyPointerSchema.safeParse(attributes);
  return parsed.success ? parsed.data : null;
}
