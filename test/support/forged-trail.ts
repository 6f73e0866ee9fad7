/** An audit trail as somebody who may write everywhere could leave it: entries changed, the chain hashed and anchored anew or not. */
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import { type AuditEntry, AuditTrail } from '../../functions/shared/stores/audit-trail.ts';
import { MemoryAppendOnlyTable } from '../../local/twins/memory-item-table.ts';
import type { MemoryPorts } from './memory-ports.ts';

type Content = Omit<AuditEntry, 'hash' | 'previousHash'>;

/** The same ports over a trail in which `change` has had its hand. */
export async function forgedTrail<P extends Pick<MemoryPorts, 'audit' | 'operations' | 'clock'>>(
  ports: P,
  incidentId: string,
  change: (entry: Content) => Content,
  chain: 'rehashed' | 'as it was' = 'rehashed',
): Promise<P> {
  const audit = new MemoryAppendOnlyTable();
  let previousHash = '0'.repeat(64);
  for (const { hash, previousHash: before, ...content } of await new AuditTrail(ports).entries(incidentId)) {
    const changed = { ...change(structuredClone(content)), previousHash: chain === 'rehashed' ? previousHash : before };
    const entry = { ...changed, hash: chain === 'rehashed' ? canonicalHash(changed) : hash };
    await audit.append({ pk: incidentId, sk: String(entry.sequence).padStart(8, '0') }, entry);
    previousHash = entry.hash;
  }
  if (chain === 'rehashed') {
    const key = { pk: `INCIDENT#${incidentId}`, sk: 'AUDIT_HEAD' };
    const anchored = await ports.operations.get(key);
    await ports.operations.replace(key, { ...anchored?.attributes, head: previousHash }, anchored?.revision ?? 0);
  }
  return { ...ports, audit };
}

/** What was weighed in one step, changed; `null` takes the whole basis away. */
export const withWeighed =
  (stepKey: string, changes: Readonly<Record<string, unknown>> | null) =>
  (entry: Content): Content => {
    if (entry.stepKey !== stepKey || !entry.basis) return entry;
    const { basis, ...rest } = entry;
    return changes === null ? rest : { ...rest, basis: { ...basis, weighed: { ...(basis.weighed as object), ...changes } } };
  };
