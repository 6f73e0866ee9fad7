/**
 * What a policy has to pass before it is made active. One gate, one question; a refusal names the gates that it failed. Gates on what was
 * learned (lower bound of the advantage, effective sample size, count) belong in this list once there is an evaluation to ask.
 */
import { allStates } from '../shared/rl-state.ts';
import type { PolicyProof } from './policy-proof.ts';
import type { ProvenSystem } from './present-system.ts';

export interface PromotionFacts {
  readonly version: string;
  /** Null where the version is not there whole, as it was frozen; `defect` says what is wrong. */
  readonly policyHash: string | null;
  readonly defect: string | null;
  /** Newest first. */
  readonly proofs: readonly PolicyProof[];
  readonly damagedProofs: number;
  readonly present: ProvenSystem;
}

export interface GateVerdict {
  readonly gate: string;
  readonly verdict: 'pass' | 'fail';
  readonly reason: string;
}

type Answer = Omit<GateVerdict, 'gate'>;
type Gate = (facts: PromotionFacts, proof: PolicyProof | undefined) => Answer;

const STATES = [...allStates()].length;

export const PROMOTION_GATES: Readonly<Record<string, Gate>> = {
  intact: ({ policyHash, defect }) =>
    policyHash === null ? fail(defect ?? 'it is not there') : pass(`every row is what was frozen, hash ${short(policyHash)}`),
  proof: ({ version, damagedProofs }, proof) => {
    if (proof) return pass('a proof is stored with the version');
    const damaged = damagedProofs > 0 ? ` (${damagedProofs} stored, which are not what was stored)` : '';
    return fail(`no proof is stored with ${version}${damaged}; \`prove --policy ${version}\` makes one`);
  },
  'proof-policy': ({ policyHash }, proof) => same('policy', proof?.policy.hash, policyHash),
  'proof-rules': ({ present }, proof) => same('guardrails', proof?.rulesHash, present.rulesHash),
  'proof-state-machine': ({ present }, proof) => same('state machine', proof?.definitionHash, present.definitionHash),
  'proof-release': ({ present }, proof) => same('release', proof?.release, present.release),
  'proof-complete': (_facts, proof) => {
    if (!proof) return UNPROVEN;
    const seen = `${proof.states} of ${STATES} states, ${proof.combinations} combinations`;
    return proof.states === STATES && proof.combinations > 0 ? pass(seen) : fail(seen);
  },
  'proof-safe': (_facts, proof) => {
    if (!proof) return UNPROVEN;
    return proof.unsafe === 0 ? pass('nothing unsafe was found') : fail(`${proof.unsafe} unsafe ways were found`);
  },
};

/** Every gate's verdict, in order. Judged is the newest proof that is of the present system, else the newest. Pure. */
export function judgePromotion(facts: PromotionFacts): GateVerdict[] {
  const proof = facts.proofs.find((each) => isOf(facts, each)) ?? facts.proofs[0];
  return Object.entries(PROMOTION_GATES).map(([gate, judge]) => ({ gate, ...judge(facts, proof) }));
}

export function failedGates(gates: readonly GateVerdict[]): GateVerdict[] {
  return gates.filter(({ verdict }) => verdict === 'fail');
}

function isOf({ policyHash, present }: PromotionFacts, { policy, rulesHash, definitionHash, release }: PolicyProof): boolean {
  return (
    policy.hash === policyHash &&
    rulesHash === present.rulesHash &&
    definitionHash === present.definitionHash &&
    release === present.release
  );
}

function same(what: string, proven: string | undefined, present: string | null): Answer {
  if (proven === undefined) return UNPROVEN;
  if (proven === present) return pass(`of this ${what}, ${short(proven)}`);
  return fail(`the proof is of another ${what}: ${short(proven)}, here is ${present === null ? 'none' : short(present)}`);
}

const short = (hash: string) => hash.slice(0, 12);
const pass = (reason: string): Answer => ({ verdict: 'pass', reason });
const fail = (reason: string): Answer => ({ verdict: 'fail', reason });
const UNPROVEN = fail('there is no proof to judge');
