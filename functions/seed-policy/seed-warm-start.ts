/** Puts the shipped warm start and its proof into the tables, and makes it active where no policy is. */
import { type PolicyProof, shippedProof, storeProof } from '../propose-action/policy-proof.ts';
import { PolicyStore } from '../propose-action/policy-store.ts';
import { type ProvenSystem, presentSystem } from '../propose-action/present-system.ts';
import { failedGates, judgePromotion } from '../propose-action/promotion-gates.ts';
import { RULES_VERSION } from '../propose-action/rules-policy.ts';
import { shippedWarmStart } from '../propose-action/warm-start.ts';
import type { Ports } from '../shared/ports.ts';

const INSTALLATION = 'installation';

export interface SeededPolicy {
  readonly version: string;
  readonly hash: string;
  /** False where it was there already. */
  readonly created: boolean;
  /** False where a policy was active already: what people promoted stays, upgrades included. */
  readonly activated: boolean;
  /** Why the shipped proof does not let it pass; then the rules are made active in its place. Null where it does. */
  readonly refused: string | null;
}

/**
 * Run again, it changes nothing. Nobody promotes the first policy, so it has to pass the same gates by the proof that is shipped with it:
 * one of other guardrails or another state machine is refused and not stored.
 */
export async function seedWarmStart(
  ports: Pick<Ports, 'qTable' | 'operations' | 'clock'>,
  proof: PolicyProof = shippedProof(),
  present: ProvenSystem = presentSystem(),
): Promise<SeededPolicy> {
  const store = new PolicyStore(ports);
  const { version, trainedWith, table } = shippedWarmStart();
  const note = `learned in simulation, not in the world: ${trainedWith.command}`;
  const now = ports.clock();
  const { hash, created } = await store.freeze(version, 'warm-start', note, table, { by: INSTALLATION, at: now });
  const failed = failedGates(judgePromotion({ version, policyHash: hash, defect: null, proofs: [proof], damagedProofs: 0, present }));
  if (failed.length > 0) {
    const refused = failed.map(({ gate, reason }) => `${gate}: ${reason}`).join('; ');
    await store.activate(RULES_VERSION, null, INSTALLATION, now, `the warm start was refused: ${refused}`);
    return { version, hash, created, activated: false, refused };
  }
  await storeProof(ports.qTable, proof, INSTALLATION, now);
  const reason = 'the first policy of this installation';
  const activated = (await store.activate(version, null, INSTALLATION, now, reason)) === 'activated';
  return { version, hash, created, activated, refused: null };
}
