/**
 * Who has changed what Glue Medic may do: kill switch, registrations, freezes, policies. Each change is an entry of the audit trail, in one
 * hash chain per month, `authority-2026-11`, which `verify` checks like any other.
 */
import * as z from 'zod';
import { canonicalHash } from '../canonical-hash.ts';
import type { Ports } from '../ports.ts';
import { redact } from '../redact.ts';
import { AuditTrail } from './audit-trail.ts';

const REASON_LIMIT = 2000;

export const AUTHORITY_CHANGES = [
  'kill-switch',
  'job-registration',
  'job-freeze',
  'policy-frozen',
  'policy-proof',
  'policy-promotion',
  'policy-rollback',
  'four-eyes',
] as const;

const AuthorityChangeSchema = z.strictObject({
  change: z.enum(AUTHORITY_CHANGES),
  /** The job or the policy version; `installation` for what holds everywhere. */
  subject: z.string(),
  /** `ordered` is written before it is carried out; `overtaken`: it was not, another was first. */
  status: z.enum(['ordered', 'done', 'overtaken']),
  by: z.string(),
  identity: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
  detail: z.record(z.string(), z.unknown()),
});
export type AuthorityChange = z.infer<typeof AuthorityChangeSchema>;

/** A person who changes authority: who, how identified, and why. */
export const OrderSchema = z.object({
  by: z.string().trim().min(1).max(200),
  identity: z.string().max(200).default(''),
  /** Kept up to 2,000 characters, the rest is cut off. */
  reason: z.string().default(''),
});
export type Order = z.infer<typeof OrderSchema>;

export type AuditPorts = Pick<Ports, 'audit' | 'operations' | 'clock'>;
type Told = Pick<AuthorityChange, 'change' | 'subject' | 'detail'>;

/** Gives authority: written down before it holds, so that nothing is ever allowed that the trail does not tell. */
export async function loosen<T>(ports: AuditPorts, told: Told, order: Order, effect: () => Promise<T>): Promise<T> {
  await append(ports, told, order, 'ordered');
  return effect();
}

/** Takes authority away: that must not wait for the trail. */
export async function tighten<T>(ports: AuditPorts, told: Told, order: Order, effect: () => Promise<T>): Promise<T> {
  const result = await effect();
  await append(ports, told, order, 'done');
  return result;
}

/** What was ordered was not carried out: another order was first. */
export async function noteOvertaken(ports: AuditPorts, told: Told, order: Order): Promise<void> {
  await append(ports, told, order, 'overtaken');
}

/** Of the last `months` calendar months, this one included, oldest first. */
export async function listAuthorityChanges(ports: AuditPorts, months: number): Promise<AuthorityChange[]> {
  const now = ports.clock();
  const trail = new AuditTrail(ports);
  const changes: AuthorityChange[] = [];
  for (let back = months - 1; back >= 0; back -= 1) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    for (const { payload } of await trail.entries(authorityChainOf(month))) {
      const parsed = AuthorityChangeSchema.safeParse(payload);
      if (parsed.success) changes.push(parsed.data);
    }
  }
  return changes;
}

export function authorityChainOf(at: Date): string {
  return `authority-${at.toISOString().slice(0, 7)}`;
}

async function append(
  ports: AuditPorts,
  { change, subject, detail }: Told,
  { by, identity, reason }: Order,
  status: AuthorityChange['status'],
) {
  const now = ports.clock();
  const bounded = redact(reason.toWellFormed()).slice(0, REASON_LIMIT);
  const payload: AuthorityChange = { change, subject, status, by, identity, reason: bounded, at: now.toISOString(), detail };
  // The same words at the same moment are the same change.
  await new AuditTrail(ports).append(authorityChainOf(now), `${change}#${canonicalHash(payload).slice(0, 20)}`, payload);
}
