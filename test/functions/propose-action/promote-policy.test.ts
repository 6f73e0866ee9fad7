import { proposeActionStep } from '../../../functions/propose-action/handler.ts';
import { ACTIVE_POLICY, descriptionKey, stateKey } from '../../../functions/propose-action/policy-items.ts';
import { readPointer } from '../../../functions/propose-action/policy-pointer.ts';
import { listProofs, type PolicyProof, shippedProof } from '../../../functions/propose-action/policy-proof.ts';
import { PolicyStore } from '../../../functions/propose-action/policy-store.ts';
import { presentSystem } from '../../../functions/propose-action/present-system.ts';
import {
  freezeCandidate,
  keepProof,
  type PromotionOrder,
  previewPromotion,
  promotePolicy,
  rollBackPolicy,
} from '../../../functions/propose-action/promote-policy.ts';
import { failedGates } from '../../../functions/propose-action/promotion-gates.ts';
import { emptyRow } from '../../../functions/propose-action/q-table.ts';
import { RULES_HASH } from '../../../functions/propose-action/rules-policy.ts';
import { seedWarmStart } from '../../../functions/seed-policy/seed-warm-start.ts';
import type { MedicError } from '../../../functions/shared/errors.ts';
import { ProposalSectionSchema } from '../../../functions/shared/incident.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { listAuthorityChanges } from '../../../functions/shared/stores/authority-changes.ts';
import { setFourEyes } from '../../../functions/shared/stores/settings.ts';
import { gatedTable, type MemoryPorts, memoryPorts, secondsAgo } from '../../support/memory-ports.ts';
import { aDocument, anIncident, someEvidence, someFindings } from '../../support/sample-incident.ts';

const STATE = 'missing_input|low|0|none|good';
const ada = { by: 'ada', identity: 'operating-system user ada', reason: 'learned enough' };
const bob = { by: 'bob', identity: 'operating-system user bob', reason: 'looked at the diff' };

let ports: MemoryPorts;
let warmStart: string;
beforeEach(async () => {
  ports = memoryPorts();
  warmStart = (await seedWarmStart(ports)).version;
});

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: MedicError) => error.code,
  );
const active = async () => (await new PolicyStore(ports).active()).version;
const changes = async () => (await listAuthorityChanges(ports, 1)).map(({ change, subject, status, by }) => [change, subject, status, by]);

/** A version that ada has frozen after the candidate has learned that RETRY is good in STATE. */
async function frozen(version = 'v2'): Promise<{ version: string; hash: string }> {
  const store = new PolicyStore(ports);
  for (let seen = 0; seen < 60; seen += 1) await store.updateCandidate(STATE, 'RETRY', 0.9, `incident-${seen}`);
  const { hash } = await freezeCandidate(version, ada, ports);
  return { version, hash };
}
async function proven(version = 'v2', proof: Partial<PolicyProof> = {}): Promise<PromotionOrder> {
  const policy = await frozen(version);
  await keepProof({ ...shippedProof(), ...presentSystem(), policy, ...proof }, ada, ports);
  return { version, hash: policy.hash, from: warmStart, ...bob };
}

describe('freezeCandidate', () => {
  it('copies what was learned under a name, for good, with who and when', async () => {
    const { version, hash } = await frozen();
    const store = new PolicyStore(ports);
    expect((await store.row(version, STATE))?.RETRY.visits).toBeGreaterThanOrEqual(60);
    expect(await store.description(version)).toMatchObject({ kind: 'learned', hash, frozenBy: 'ada', frozenAt: secondsAgo(0) });
    await store.updateCandidate(STATE, 'RETRY', -0.9, 'incident-later');
    expect((await store.table(version)).get(STATE)).not.toEqual(await store.candidateRow(STATE));
    expect((await store.versions()).map((each) => each.version)).toEqual(['v2', warmStart]);
    expect(await changes()).toContainEqual(['policy-frozen', 'v2', 'done', 'ada']);
  });

  it('refuses a candidate that has learned nothing, a name that is taken, and one that cannot be a name', async () => {
    expect(await codeOf(freezeCandidate('v2', ada, ports))).toBe('E_POLICY');
    await frozen();
    await new PolicyStore(ports).updateCandidate(STATE, 'RETRY', 0.1, 'incident-later');
    expect(await codeOf(freezeCandidate('v2', ada, ports))).toBe('E_POLICY');
    expect(await codeOf(freezeCandidate('rules', ada, ports))).toBe('E_POLICY_NAME');
  });
});

describe('keepProof', () => {
  it('keeps a proof with its version once, and notices one that was changed', async () => {
    await proven();
    const { proofs } = await listProofs(ports.qTable, 'v2');
    expect(proofs).toMatchObject([{ unsafe: 0, storedBy: 'ada', storedAt: secondsAgo(0) }]);
    const { items } = await ports.qTable.query('POLICY#v2', { prefix: 'PROOF#' });
    const [item] = items;
    await ports.qTable.replace({ pk: 'POLICY#v2', sk: item?.sk ?? '' }, { ...item?.attributes, combinations: 7 }, 1);
    expect(await listProofs(ports.qTable, 'v2')).toEqual({ proofs: [], damaged: 1 });
  });

  it('refuses a proof of another policy, and of one that is not there', async () => {
    await frozen();
    const policy = { version: 'v2', hash: 'f'.repeat(64) };
    expect(await codeOf(keepProof({ ...shippedProof(), policy }, ada, ports))).toBe('E_PROOF');
    expect(await codeOf(keepProof({ ...shippedProof(), policy: { ...policy, version: 'v9' } }, ada, ports))).toBe('E_POLICY');
  });
});

describe('promotePolicy', () => {
  it('R26 R35 makes a proven version active by one write, with who and why, and says what changes', async () => {
    const order = await proven();
    const before = await ports.operations.get(ACTIVE_POLICY);
    const seen = await previewPromotion('v2', ports);
    const promotion = await promotePolicy(order, ports);
    expect(promotion).toMatchObject({ verdict: 'promotable', from: warmStart, to: { version: 'v2', hash: order.hash } });
    expect(promotion.changes).toEqual(seen.changes);
    const after = await ports.operations.get(ACTIVE_POLICY);
    expect(after?.revision).toBe((before?.revision ?? 0) + 1);
    expect(await readPointer(ports.operations)).toMatchObject({
      ...{ version: 'v2', hash: order.hash, by: 'bob', at: secondsAgo(0), reason: 'looked at the diff' },
      previous: [{ version: warmStart }],
    });
    expect(await active()).toBe('v2');
    expect(await changes()).toContainEqual(['policy-promotion', 'v2', 'ordered', 'bob']);
    expect(await new AuditTrail(ports).verify('authority-2026-11')).toMatchObject({ verdict: 'intact' });
  });

  it.each<[string, Partial<PolicyProof>]>([
    ['proof-rules', { rulesHash: 'd'.repeat(64) }],
    ['proof-state-machine', { definitionHash: 'd'.repeat(64) }],
    ['proof-release', { release: '0.0.1' }],
    ['proof-safe', { unsafe: 3 }],
  ])('R26 refuses by %s, and changes nothing', async (gate, proof) => {
    const refused = await promotePolicy(await proven('v2', proof), ports);
    expect(refused.verdict).toBe('refused');
    expect(failedGates(refused.gates).map((each) => each.gate)).toEqual([gate]);
    expect(await active()).toBe(warmStart);
    expect((await changes()).map(([change]) => change)).not.toContain('policy-promotion');
  });

  it('R26 refuses by proof where none is stored', async () => {
    const { hash } = await frozen();
    const refused = await promotePolicy({ version: 'v2', hash, from: warmStart, ...bob }, ports);
    expect(failedGates(refused.gates)[0]?.gate).toBe('proof');
    expect(await active()).toBe(warmStart);
  });

  it('R26 F33 refuses by intact where a row was changed, or the description', async () => {
    const order = await proven();
    const stored = await ports.qTable.get(stateKey('v2', STATE));
    await ports.qTable.replace(stateKey('v2', STATE), { row: emptyRow() }, stored?.revision ?? 0);
    expect(failedGates((await promotePolicy(order, ports)).gates).map(({ gate }) => gate)).toContain('intact');
    const description = await ports.qTable.get(descriptionKey('v2'));
    await ports.qTable.replace(descriptionKey('v2'), { ...description?.attributes, rowHashes: {} }, description?.revision ?? 0);
    expect(failedGates((await previewPromotion('v2', ports)).gates).map(({ gate }) => gate)).toContain('intact');
    expect(await active()).toBe(warmStart);
  });

  it('needs no proof for the rules, which everything falls back to', async () => {
    await promotePolicy({ version: 'rules', hash: RULES_HASH, from: warmStart, ...bob }, ports);
    expect(await active()).toBe('rules');
  });

  it('refuses without a reason, what is active already, what is not what was shown, and what nobody has frozen', async () => {
    const order = await proven();
    expect(await codeOf(promotePolicy({ ...order, reason: ' ' }, ports))).toBe('E_REASON');
    expect(await codeOf(promotePolicy({ ...order, version: warmStart }, ports))).toBe('E_POLICY');
    expect(await codeOf(promotePolicy({ ...order, hash: 'f'.repeat(64) }, ports))).toBe('E_PLAN_CHANGED');
    expect(await codeOf(promotePolicy({ ...order, version: 'candidate' }, ports))).toBe('E_POLICY');
    expect(await active()).toBe(warmStart);
  });

  it('R35 of two promotions at once one succeeds; the other is told, and the trail says that it was overtaken', async () => {
    const order = await proven();
    const late = { ...order, by: 'eve' };
    const first = await Promise.allSettled([promotePolicy(order, ports), promotePolicy(late, ports)]);
    expect(first.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await codeOf(promotePolicy({ ...order, from: null }, ports))).toBe('E_POLICY');
    expect((await changes()).filter(([, , status]) => status === 'overtaken')).toHaveLength(1);
  });

  it('F23 is not carried out where it cannot be written down first', async () => {
    const order = await proven();
    const audit = gatedTable(ports.audit, async (call) => {
      if (call === 'append') throw new Error('ThrottlingException');
    });
    await expect(promotePolicy(order, { ...ports, audit })).rejects.toThrow('ThrottlingException');
    expect(await active()).toBe(warmStart);
  });

  describe('R53 with four eyes', () => {
    beforeEach(() => setFourEyes(ports.operations, true, 'eve', 'two people', ports.clock()));

    it('refuses whoever froze the version, by its own code, and lets somebody else', async () => {
      const order = await proven();
      for (const by of ['ada', ' ADA ']) expect(await codeOf(promotePolicy({ ...order, by }, ports))).toBe('E_SELF_APPROVAL');
      expect(await active()).toBe(warmStart);
      expect((await changes()).map(([change]) => change)).not.toContain('policy-promotion');
      expect(await codeOf(promotePolicy(order, ports))).toBe('done');
    });

    it('refuses everybody where nobody knows who froze it, and where the setting is unreadable', async () => {
      const order = await proven();
      const stored = await ports.qTable.get(descriptionKey('v2'));
      await ports.qTable.replace(descriptionKey('v2'), { ...stored?.attributes, frozenBy: null }, stored?.revision ?? 0);
      expect(await codeOf(promotePolicy(order, ports))).toBe('E_SELF_APPROVAL');
      const setting = await ports.operations.get({ pk: 'SETTINGS', sk: 'FOUR_EYES' });
      await ports.operations.replace({ pk: 'SETTINGS', sk: 'FOUR_EYES' }, { policyPromotion: 'no' }, setting?.revision ?? 0);
      expect(await codeOf(promotePolicy(order, ports))).toBe('E_SELF_APPROVAL');
    });

    it('asks for nobody else where it is off', async () => {
      const order = await proven();
      await setFourEyes(ports.operations, false, 'eve', 'alone on call', ports.clock());
      expect(await codeOf(promotePolicy({ ...order, by: 'ada' }, ports))).toBe('done');
    });
  });
});

describe('rollBackPolicy', () => {
  beforeEach(async () => {
    await promotePolicy(await proven(), ports);
  });

  it('R35 goes back to what was active before by one write, and an incident under way keeps what it began with', async () => {
    const before = await ports.operations.get(ACTIVE_POLICY);
    expect(await rollBackPolicy({ from: 'v2', ...bob }, ports)).toMatchObject({ from: 'v2', to: warmStart });
    expect((await ports.operations.get(ACTIVE_POLICY))?.revision).toBe((before?.revision ?? 0) + 1);
    expect(await active()).toBe(warmStart);
    expect(await new PolicyStore(ports).lookUp('v2', STATE)).toMatchObject({ version: 'v2', fallbackReason: null });
    expect(await changes()).toContainEqual(['policy-rollback', warmStart, 'done', 'bob']);
  });

  it('R35 an incident that began before a promotion, or before a rollback, is proposed for by the version it began with', async () => {
    const beganWith = async (policyVersion: string) => {
      const id = `inc-${policyVersion}`;
      const incident = anIncident({ id, policyVersion });
      const document = { ...aDocument(), incident, evidence: someEvidence(), findings: someFindings() };
      return ProposalSectionSchema.parse(await proposeActionStep(() => ports)(document)).policyVersion;
    };
    expect(await beganWith(warmStart)).toBe(warmStart);
    await rollBackPolicy({ from: 'v2', ...bob }, ports);
    expect(await beganWith('v2')).toBe('v2');
  });

  it('goes back step by step and not round in a circle', async () => {
    await new PolicyStore(ports).updateCandidate(STATE, 'RETRY', 0.5, 'incident-later');
    const v3 = await freezeCandidate('v3', ada, ports);
    await keepProof({ ...shippedProof(), policy: { version: 'v3', hash: v3.hash } }, ada, ports);
    await promotePolicy({ version: 'v3', hash: v3.hash, from: 'v2', ...bob }, ports);
    await rollBackPolicy({ from: 'v3', ...bob }, ports);
    await rollBackPolicy({ from: 'v2', ...bob }, ports);
    expect(await active()).toBe(warmStart);
    expect(await codeOf(rollBackPolicy({ from: warmStart, ...bob }, ports))).toBe('E_ROLLBACK');
    await rollBackPolicy({ from: warmStart, to: 'rules', ...bob }, ports);
    expect(await active()).toBe('rules');
  });

  it('refuses what was never active, without a reason, and what is no longer active', async () => {
    expect(await codeOf(rollBackPolicy({ from: 'v2', to: 'v9', ...bob }, ports))).toBe('E_ROLLBACK');
    expect(await codeOf(rollBackPolicy({ from: 'v2', ...bob, reason: '' }, ports))).toBe('E_REASON');
    expect(await codeOf(rollBackPolicy({ from: warmStart, ...bob }, ports))).toBe('E_CONFLICT');
    expect(await active()).toBe('v2');
  });

  it('F33 refuses a version that is no longer what was frozen, and still goes to the rules', async () => {
    const description = await ports.qTable.get(descriptionKey(warmStart));
    await ports.qTable.replace(descriptionKey(warmStart), {}, description?.revision ?? 0);
    expect(await codeOf(rollBackPolicy({ from: 'v2', ...bob }, ports))).toBe('E_STORED');
    await rollBackPolicy({ from: 'v2', to: 'rules', ...bob }, ports);
    expect(await active()).toBe('rules');
  });

  it('is carried out although it cannot be written down: taking authority away does not wait for the trail', async () => {
    const audit = gatedTable(ports.audit, async (call) => {
      if (call === 'append') throw new Error('ThrottlingException');
    });
    await expect(rollBackPolicy({ from: 'v2', ...bob }, { ...ports, audit })).rejects.toThrow('ThrottlingException');
    expect(await active()).toBe(warmStart);
  });

  it('an unreadable pointer can be replaced by a promotion', async () => {
    const stored = await ports.operations.get(ACTIVE_POLICY);
    await ports.operations.replace(ACTIVE_POLICY, { version: 7 }, stored?.revision ?? 0);
    expect(await codeOf(rollBackPolicy({ from: 'v2', ...bob }, ports))).toBe('E_ROLLBACK');
    const { from, to } = await previewPromotion('v2', ports);
    await promotePolicy({ version: 'v2', hash: to.hash, from, ...bob }, ports);
    expect(await active()).toBe('v2');
  });
});
