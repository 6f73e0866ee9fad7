import { type PolicyProof, shippedProof } from '../../../functions/propose-action/policy-proof.ts';
import { failedGates, judgePromotion, PROMOTION_GATES, type PromotionFacts } from '../../../functions/propose-action/promotion-gates.ts';

const HASH = 'a'.repeat(64);
const PRESENT = { rulesHash: 'b'.repeat(64), definitionHash: 'c'.repeat(64), release: '1.2.3' };
const PROOF: PolicyProof = { ...shippedProof(), ...PRESENT, policy: { version: 'v2', hash: HASH } };
const FACTS: PromotionFacts = { version: 'v2', policyHash: HASH, defect: null, proofs: [PROOF], damagedProofs: 0, present: PRESENT };

const failedBy = (facts: Partial<PromotionFacts>) => failedGates(judgePromotion({ ...FACTS, ...facts })).map(({ gate }) => gate);
const withProof = (changes: Partial<PolicyProof>) => failedBy({ proofs: [{ ...PROOF, ...changes }] });

describe('R26 the gates of a promotion', () => {
  it('let a policy pass whose stored proof is of all that is here now, each saying why', () => {
    const gates = judgePromotion(FACTS);
    expect(gates.map(({ gate }) => gate)).toEqual(Object.keys(PROMOTION_GATES));
    expect(failedGates(gates)).toEqual([]);
    for (const { reason } of gates) expect(reason).not.toBe('');
  });

  it('refuse a version that is not what was frozen', () => {
    expect(failedBy({ policyHash: null, defect: 'E_POLICY: the row of x is not what was frozen' })).toContain('intact');
  });

  it('refuse without a proof, and say how to make one', () => {
    const gates = judgePromotion({ ...FACTS, proofs: [], damagedProofs: 1 });
    expect(gates.find(({ gate }) => gate === 'proof')?.reason).toBe(
      'no proof is stored with v2 (1 stored, which are not what was stored); `prove --policy v2` makes one',
    );
    expect(failedGates(gates).map(({ gate }) => gate)).not.toContain('intact');
  });

  it.each<[string, Partial<PolicyProof>]>([
    ['proof-policy', { policy: { version: 'v2', hash: 'd'.repeat(64) } }],
    ['proof-rules', { rulesHash: 'd'.repeat(64) }],
    ['proof-state-machine', { definitionHash: 'd'.repeat(64) }],
    ['proof-release', { release: '1.2.4' }],
    ['proof-complete', { states: 1919 }],
    ['proof-complete', { combinations: 0 }],
    ['proof-safe', { unsafe: 1 }],
  ])('%s alone fails where the proof has %j', (gate, changes) => {
    expect(withProof(changes)).toEqual([gate]);
  });

  it('judge the newest proof that is of what is here now, not a newer one of something else', () => {
    expect(failedBy({ proofs: [{ ...PROOF, rulesHash: 'd'.repeat(64) }, PROOF] })).toEqual([]);
    expect(failedBy({ proofs: [{ ...PROOF, unsafe: 2 }, PROOF] })).toEqual(['proof-safe']);
  });
});
