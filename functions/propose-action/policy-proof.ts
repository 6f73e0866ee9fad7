/**
 * A proof, stored beside the policy version that it is to let pass: what `prove` has counted and found, bound to the policy, the guardrails,
 * the state machine and the release that it has gone through. Written once; its key is the hash of what it says.
 */
import * as z from 'zod';
import { canonicalHash } from '../shared/canonical-hash.ts';
import { InputError } from '../shared/errors.ts';
import type { ItemReader, ItemTable } from '../shared/ports.ts';
import shipped from './warm-start-proof.json' with { type: 'json' };

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits');

export const PolicyProofSchema = z.strictObject({
  /** The policy that it was made for. Every ranking is enumerated, so it would hold for any; it is bound to one all the same. */
  policy: z.strictObject({ version: z.string().min(1), hash: sha256 }),
  guardrailVersion: z.string(),
  rulesHash: sha256,
  definitionHash: sha256,
  release: z.string(),
  states: count,
  combinations: count,
  parts: z.record(z.string(), count),
  verdicts: z.record(z.string(), count),
  unsafe: count,
});
export type PolicyProof = z.infer<typeof PolicyProofSchema>;

const StoredProofSchema = z.strictObject({ ...PolicyProofSchema.shape, storedBy: z.string(), storedAt: z.iso.datetime() });
export type StoredProof = z.infer<typeof StoredProofSchema>;

const PROOF_PREFIX = 'PROOF#';

/** The proof of the shipped warm start: made by `prove --policy warm-start --out`, held by a test to what `prove` finds now. */
export function shippedProof(): PolicyProof {
  return PolicyProofSchema.parse(shipped);
}

/** Error: E_PROOF, naming the field, where it is no proof. */
export function parseProof(input: unknown): PolicyProof {
  const parsed = PolicyProofSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError('E_PROOF', `${issue?.path.join('.') || 'the proof'}: ${issue?.message}; make one with \`prove --policy\``);
}

/** Stored again, it changes nothing: who stored it first, and when, stays. */
export async function storeProof(table: ItemTable, proof: PolicyProof, by: string, at: Date): Promise<'created' | 'exists'> {
  return table.create(proofKey(proof), StoredProofSchema.parse({ ...proof, storedBy: by, storedAt: at.toISOString() }));
}

export interface ProofsOfVersion {
  /** Newest first. */
  readonly proofs: readonly StoredProof[];
  /** Items that are not what was stored. */
  readonly damaged: number;
}

export async function listProofs(table: ItemReader, version: string): Promise<ProofsOfVersion> {
  const proofs: StoredProof[] = [];
  let damaged = 0;
  let after: string | undefined;
  do {
    const page = await table.query(`POLICY#${version}`, { prefix: PROOF_PREFIX, ...(after === undefined ? {} : { after }) });
    for (const { sk, attributes } of page.items) {
      const parsed = StoredProofSchema.safeParse(attributes);
      if (parsed.success && proofKey(parsed.data).sk === sk) proofs.push(parsed.data);
      else damaged += 1;
    }
    after = page.next;
  } while (after !== undefined);
  return { proofs: proofs.toSorted((a, b) => b.storedAt.localeCompare(a.storedAt)), damaged };
}

function proofKey({
  policy,
  guardrailVersion,
  rulesHash,
  definitionHash,
  release,
  states,
  combinations,
  parts,
  verdicts,
  unsafe,
}: PolicyProof) {
  const said = { policy, guardrailVersion, rulesHash, definitionHash, release, states, combinations, parts, verdicts, unsafe };
  return { pk: `POLICY#${policy.version}`, sk: `${PROOF_PREFIX}${canonicalHash(said).slice(0, 32)}` };
}
