/** How policies lie in the tables: one item per (version, state), one describing the version, its proofs, an index of versions, and one pointer to the active one. */
import * as z from 'zod';
import { InputError, quoteForMessage } from '../shared/errors.ts';
import type { ItemKey } from '../shared/ports.ts';
import { QRowSchema } from './q-table.ts';
import { RULES_VERSION } from './rules-policy.ts';

/** The draft that learns. Every other version is frozen. */
export const CANDIDATE = 'candidate';
/** So many experiences of one state are recognised when they are told again. */
export const RECENT_EXPERIENCES = 100;

export const ACTIVE_POLICY: ItemKey = { pk: 'SETTINGS', sk: 'ACTIVE_POLICY' };

export const STATE_PREFIX = 'STATE#';
export const stateKey = (version: string, stateId: string): ItemKey => ({ pk: `POLICY#${version}`, sk: `${STATE_PREFIX}${stateId}` });
export const descriptionKey = (version: string): ItemKey => ({ pk: `POLICY#${version}`, sk: 'META' });

/** Every version that was ever begun to be frozen. */
export const VERSIONS_PARTITION = 'POLICIES';
export const versionKey = (version: string): ItemKey => ({ pk: VERSIONS_PARTITION, sk: version });
/** A rollback can go back so many promotions. */
export const REMEMBERED_VERSIONS = 20;

export const PolicyPointerSchema = z.strictObject({
  version: z.string().min(1),
  hash: z.string().length(64),
  by: z.string(),
  at: z.iso.datetime(),
  reason: z.string().default(''),
  /** What was active before, newest first: where a rollback goes. */
  previous: z
    .array(z.strictObject({ version: z.string(), hash: z.string() }))
    .max(REMEMBERED_VERSIONS)
    .default([]),
});
export type PolicyPointer = z.infer<typeof PolicyPointerSchema>;

export const FrozenPolicySchema = z.strictObject({
  kind: z.enum(['warm-start', 'learned']),
  frozen: z.literal(true),
  /** Over the hashes of the rows. */
  hash: z.string().length(64),
  /** What it is and where it comes from, for people. */
  note: z.string(),
  /** Who has frozen it and when; null where that was not written down. */
  frozenBy: z.string().nullable().default(null),
  frozenAt: z.iso.datetime().nullable().default(null),
  /** State id → hash of its row: a row that was changed, added or lost is noticed by one read. */
  rowHashes: z.record(z.string(), z.string()),
});
export type FrozenPolicy = z.infer<typeof FrozenPolicySchema>;

export const CandidatePolicySchema = z.strictObject({
  kind: z.literal('candidate'),
  frozen: z.literal(false),
  /** The version whose rows the candidate's start from. */
  base: z.strictObject({ version: z.string(), hash: z.string() }),
});
export type CandidatePolicy = z.infer<typeof CandidatePolicySchema>;

export const FrozenRowSchema = z.strictObject({ row: QRowSchema });
export const CandidateRowSchema = z.strictObject({
  row: QRowSchema,
  /** Ids of the last experiences, oldest first. */
  experiences: z.array(z.string()).max(RECENT_EXPERIENCES),
});

/** A name for a frozen version. Throws InputError E_POLICY_NAME. */
export function requireFreezableName(version: string): void {
  if (/^[a-z0-9][a-z0-9.-]{0,62}$/.test(version) && version !== CANDIDATE && version !== RULES_VERSION) return;
  throw new InputError(
    'E_POLICY_NAME',
    `${quoteForMessage(version)} cannot name a policy; expected up to 63 of a-z 0-9 . - and neither "${CANDIDATE}" nor "${RULES_VERSION}"`,
  );
}
