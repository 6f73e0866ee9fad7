/**
 * How a policy comes to be active, and how it goes again: a person freezes the candidate, sees what would change and which gates are passed,
 * promotes it by one conditional write, and rolls it back by another. Incidents under way keep the version they began with.
 */
import { EnvironmentError, InputError, IntegrityError, quoteForMessage } from '../shared/errors.ts';
import type { Ports } from '../shared/ports.ts';
import { isSamePerson } from '../shared/same-person.ts';
import { loosen, noteOvertaken, type Order, tighten } from '../shared/stores/authority-changes.ts';
import { readFourEyes } from '../shared/stores/settings.ts';
import { diffPolicies, type PolicyChange } from './diff-policies.ts';
import { CANDIDATE, type FrozenPolicy } from './policy-items.ts';
import { pointBackTo, readPointer, wayBack } from './policy-pointer.ts';
import { listProofs, type PolicyProof, storeProof } from './policy-proof.ts';
import { PolicyStore } from './policy-store.ts';
import { presentSystem } from './present-system.ts';
import { failedGates, type GateVerdict, judgePromotion, type PromotionFacts } from './promotion-gates.ts';
import { rowHashesOf, tableHash } from './q-table.ts';
import { RULES_HASH, RULES_VERSION } from './rules-policy.ts';

export type PolicyPorts = Pick<Ports, 'qTable' | 'operations' | 'audit' | 'clock'>;

/** What there is to be seen before a promotion. */
export interface Promotion {
  readonly verdict: 'promotable' | 'refused';
  /** Active now; null where no policy is, or none that can be read: then the rules decide. */
  readonly from: string | null;
  readonly to: { readonly version: string; readonly hash: string | null };
  readonly gates: readonly GateVerdict[];
  /** The states whose action changes. */
  readonly changes: readonly PolicyChange[];
}

/** Reads only. Errors: E_POLICY where there is no such version. */
export async function previewPromotion(version: string, ports: PolicyPorts): Promise<Promotion> {
  const store = new PolicyStore(ports);
  const from = (await readPointer(ports.operations))?.version ?? null;
  if (version === RULES_VERSION) {
    const gates = [
      { gate: 'fallback', verdict: 'pass' as const, reason: 'the rules are what everything falls back to: they need no proof' },
    ];
    return { verdict: 'promotable', from, to: { version, hash: RULES_HASH }, gates, changes: await changesTo(null, store) };
  }
  const facts = await promotionFacts(version, store, ports);
  const gates = judgePromotion(facts);
  return {
    verdict: failedGates(gates).length === 0 ? 'promotable' : 'refused',
    from,
    to: { version, hash: facts.policyHash },
    gates,
    changes: facts.policyHash === null ? [] : await changesTo(version, store),
  };
}

export interface PromotionOrder extends Order {
  /** What the person has seen: the version and its hash, and what was active then. */
  readonly version: string;
  readonly hash: string | null;
  readonly from: string | null;
}

/**
 * One conditional write of the pointer. A gate that fails refuses, and is named. Errors: E_REASON without a reason; E_SELF_APPROVAL where
 * two people are asked for; E_PLAN_CHANGED where the version is not the one that was shown; E_CONFLICT where another became active meanwhile.
 */
export async function promotePolicy(order: PromotionOrder, ports: PolicyPorts): Promise<Promotion> {
  requireReason(order);
  const promotion = await previewPromotion(order.version, ports);
  if (promotion.from === order.version) throw new InputError('E_POLICY', `${order.version} is active already`);
  if (promotion.verdict === 'refused') return promotion;
  const { version, hash } = promotion.to;
  if (hash !== order.hash)
    throw new InputError('E_PLAN_CHANGED', `${version} is ${short(hash)}, not ${short(order.hash)}; look at it again`);
  await requireSecondPerson(version, order, ports);
  const detail = { from: promotion.from, to: version, hash, gates: promotion.gates, statesChanged: promotion.changes.length };
  const told = { change: 'policy-promotion', subject: version, detail } as const;
  const activate = () => new PolicyStore(ports).activate(version, order.from, order.by, ports.clock(), order.reason);
  if ((await loosen(ports, told, order, activate)) === 'conflict') {
    await noteOvertaken(ports, told, order);
    throw overtaken(order.from);
  }
  return promotion;
}

export interface RollbackOrder extends Order {
  /** What the person wants to get away from. */
  readonly from: string;
  /** One of the versions that were active before, or the rules; what was active last where it is not named. */
  readonly to?: string | undefined;
}

/** One conditional write of the pointer; no gate but that the version is what was frozen. Errors: E_REASON, E_ROLLBACK, E_POLICY, E_CONFLICT. */
export async function rollBackPolicy(order: RollbackOrder, ports: PolicyPorts): Promise<{ from: string; to: string; hash: string }> {
  requireReason(order);
  const pointer = await readPointer(ports.operations);
  if (!pointer) throw new InputError('E_ROLLBACK', `no policy is active: the rules decide; \`policy promote\` makes one active`);
  if (pointer.version !== order.from) throw overtaken(order.from);
  const target = wayBack(pointer, order.to);
  await requireIntact(target.version, target.hash, new PolicyStore(ports));
  const told = {
    change: 'policy-rollback',
    subject: target.version,
    detail: { from: pointer.version, to: target.version, hash: target.hash },
  } as const;
  const at = ports.clock().toISOString();
  await tighten(ports, told, order, async () => {
    const swapped = await pointBackTo(ports.operations, target, order.from, { by: order.by, at, reason: order.reason });
    if (swapped === 'conflict') throw overtaken(order.from);
  });
  return { from: order.from, to: target.version, hash: target.hash };
}

/** Copies the candidate as it is now, under a name, for good. Errors: E_POLICY_NAME, E_POLICY where it has learned nothing or the name is taken. */
export async function freezeCandidate(
  name: string,
  order: Order,
  ports: PolicyPorts,
): Promise<{ version: string; hash: string; states: number }> {
  const store = new PolicyStore(ports);
  const learned = await store.learnedStates();
  if (learned === 0) throw new InputError('E_POLICY', 'the candidate has learned nothing yet: it would be a copy of what is active');
  const table = await store.candidateTable();
  const at = ports.clock();
  const note =
    `the candidate as of ${at.toISOString()}: ${learned} states learned in the world${order.reason ? `; ${order.reason}` : ''}`.slice(
      0,
      500,
    );
  const told = { change: 'policy-frozen', subject: name, detail: { hash: tableHash(rowHashesOf(table)), states: table.size } } as const;
  const { hash } = await tighten(ports, told, order, () => store.freeze(name, 'learned', note, table, { by: order.by, at }));
  return { version: name, hash, states: table.size };
}

/** Keeps a proof with the version that it was made for. Errors: E_PROOF where it is not of this version; E_POLICY where there is none. */
export async function keepProof(proof: PolicyProof, order: Order, ports: PolicyPorts): Promise<{ stored: 'created' | 'exists' }> {
  const { version, hash } = proof.policy;
  await requireIntact(version, hash, new PolicyStore(ports));
  const { rulesHash, definitionHash, unsafe } = proof;
  const told = { change: 'policy-proof', subject: version, detail: { hash, rulesHash, definitionHash, unsafe } } as const;
  return { stored: await loosen(ports, told, order, () => storeProof(ports.qTable, proof, order.by, ports.clock())) };
}

/** What the gates are asked about. */
export async function promotionFacts(version: string, store: PolicyStore, ports: Pick<Ports, 'qTable'>): Promise<PromotionFacts> {
  const { proofs, damaged } = await listProofs(ports.qTable, version);
  const common = { version, proofs, damagedProofs: damaged, present: presentSystem() };
  try {
    const description = await requireVersion(version, store);
    await store.table(version);
    return { ...common, policyHash: description.hash, defect: null };
  } catch (error) {
    if (error instanceof IntegrityError) return { ...common, policyHash: null, defect: error.message };
    throw error;
  }
}

/** From what decides now; null stands for the rules. What cannot be trusted decides nothing, the rules do. */
async function changesTo(version: string | null, store: PolicyStore): Promise<PolicyChange[]> {
  const active = await store.active();
  const tableOf = async (each: string | null) => (each === null || each === RULES_VERSION ? new Map() : await store.table(each));
  return diffPolicies(await tableOf(active.version), await tableOf(version));
}

async function requireVersion(version: string, store: PolicyStore): Promise<FrozenPolicy> {
  if (version === CANDIDATE)
    throw new InputError('E_POLICY', 'the candidate still learns: `policy freeze --as NAME` makes a version of it');
  const description = await store.description(version);
  if (!description)
    throw new InputError('E_POLICY', `there is no frozen policy ${quoteForMessage(version)}; \`policy list\` shows what there is`);
  return description;
}

async function requireIntact(version: string, hash: string, store: PolicyStore): Promise<void> {
  if (version === RULES_VERSION) return;
  const description = await requireVersion(version, store);
  await store.table(version);
  if (description.hash !== hash) throw new InputError('E_PROOF', `${version} has the hash ${short(description.hash)}, not ${short(hash)}`);
}

/** Where two people are asked for: who promotes is not who froze what is promoted. */
async function requireSecondPerson(version: string, { by }: Order, ports: PolicyPorts): Promise<void> {
  if (version === RULES_VERSION || !(await readFourEyes(ports.operations)).policyPromotion) return;
  const { kind, frozenBy } = await requireVersion(version, new PolicyStore(ports));
  if (kind === 'warm-start') return;
  if (frozenBy !== null && !isSamePerson(frozenBy, by)) return;
  const why = frozenBy === null ? 'nobody knows who froze it' : `it was frozen by ${quoteForMessage(frozenBy)}`;
  throw new InputError(
    'E_SELF_APPROVAL',
    `${version} cannot be promoted by ${quoteForMessage(by)}: ${why}; somebody else has to promote it`,
  );
}

function requireReason({ reason }: Order): void {
  if (reason.trim() === '') throw new InputError('E_REASON', 'a reason is needed: --reason TEXT says why, for whoever reads it later');
}

function overtaken(expected: string | null): EnvironmentError {
  return new EnvironmentError('E_CONFLICT', `${expected ?? 'no policy'} is no longer what is active; look again, nothing was changed`);
}

const short = (hash: string | null) => (hash === null ? 'nothing' : hash.slice(0, 12));
