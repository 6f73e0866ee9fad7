/**
 * Policies in their tables. Frozen versions are never written again and are verified when they are read; the candidate learns;
 * one pointer names the active version. Where a policy cannot be trusted, the rules decide and the reason is told.
 */
import type { Action } from '../shared/actions.ts';
import { IntegrityError, quoteForMessage } from '../shared/errors.ts';
import type { Ports } from '../shared/ports.ts';
import { modify, read } from '../shared/stores/compare-and-set.ts';
import { tdUpdate } from '../update-policy/td-update.ts';
import {
  ACTIVE_POLICY,
  CANDIDATE,
  type CandidatePolicy,
  CandidatePolicySchema,
  CandidateRowSchema,
  descriptionKey,
  type FrozenPolicy,
  FrozenPolicySchema,
  FrozenRowSchema,
  PolicyPointerSchema,
  RECENT_EXPERIENCES,
  requireFreezableName,
  STATE_PREFIX,
  stateKey,
  VERSIONS_PARTITION,
  versionKey,
} from './policy-items.ts';
import { type Activation, pointTo } from './policy-pointer.ts';
import { emptyRow, type QCell, type QRow, type QTable, rowHash, rowHashesOf, tableHash } from './q-table.ts';
import { RULES_HASH, RULES_VERSION } from './rules-policy.ts';

export interface PolicyIdentity {
  readonly version: string;
  readonly hash: string;
  /** Why the rules stand in for a learned policy; null where nothing is wrong. Worth an alarm. */
  readonly fallbackReason: string | null;
}

export interface PolicyReading extends PolicyIdentity {
  /** Null where the policy has never seen the state. */
  readonly row: QRow | null;
}

export interface CandidateUpdate {
  readonly status: 'learned' | 'already-learned';
  readonly version: string;
  /** The cell of the executed action; both are the present one where the experience was already learned. */
  readonly before: QCell;
  readonly after: QCell;
}

const RULES_IDENTITY: PolicyIdentity = { version: RULES_VERSION, hash: RULES_HASH, fallbackReason: null };

/** Writes of one version that are on their way at the same time. */
const PARALLEL_WRITES = 32;

export class PolicyStore {
  readonly #qTable: Ports['qTable'];
  readonly #operations: Ports['operations'];

  constructor({ qTable, operations }: Pick<Ports, 'qTable' | 'operations'>) {
    this.#qTable = qTable;
    this.#operations = operations;
  }

  /** The version that new incidents begin with. A pointer or version that is missing or corrupt gives the rules, and says why. */
  async active(): Promise<PolicyIdentity> {
    try {
      const pointer = await read(this.#operations, ACTIVE_POLICY, PolicyPointerSchema);
      if (!pointer) throw new IntegrityError('E_POLICY', 'no policy is active; `policy promote` makes one active');
      if (pointer.version === RULES_VERSION) return RULES_IDENTITY;
      const { hash } = await this.#frozen(pointer.version);
      if (hash !== pointer.hash) {
        throw new IntegrityError('E_POLICY', `${pointer.version} has the hash ${hash}, but ${pointer.hash} was made active`);
      }
      return { version: pointer.version, hash, fallbackReason: null };
    } catch (error) {
      return rulesBecauseOf(error);
    }
  }

  /** What `version` knows of a state, for a decision: verified, or the rules with the reason. */
  async lookUp(version: string, stateId: string): Promise<PolicyReading> {
    if (version === RULES_VERSION) return { ...RULES_IDENTITY, row: null };
    try {
      const policy = await this.#frozen(version);
      return { version, hash: policy.hash, fallbackReason: null, row: await this.#verifiedRow(version, policy, stateId) };
    } catch (error) {
      return { ...rulesBecauseOf(error), row: null };
    }
  }

  /** The row of a frozen version; null where it has none. Throws IntegrityError E_POLICY or E_STORED where it is not what was frozen. */
  async row(version: string, stateId: string): Promise<QRow | null> {
    return version === RULES_VERSION ? null : this.#verifiedRow(version, await this.#frozen(version), stateId);
  }

  /**
   * Credits one validated or failed remediation to the candidate, whose row starts from the version that was active when the
   * candidate began. One item changes by compare-and-set: of concurrent updates none is lost, and an experience that is told
   * again changes nothing. Errors: E_REWARD before anything is written; E_CONFLICT after too many lost attempts.
   */
  async updateCandidate(stateId: string, action: Action, reward: number, experienceId: string): Promise<CandidateUpdate> {
    const base = await this.#candidateBase();
    const baseRow = (await this.lookUp(base.version, stateId)).row ?? emptyRow();
    let update: CandidateUpdate | undefined;
    await modify(this.#qTable, stateKey(CANDIDATE, stateId), CandidateRowSchema, (current) => {
      const { row, experiences } = current ?? { row: baseRow, experiences: [] };
      const before = row[action];
      if (experiences.includes(experienceId)) {
        update = { status: 'already-learned', version: CANDIDATE, before, after: before };
        return undefined;
      }
      const after = tdUpdate(before, reward);
      update = { status: 'learned', version: CANDIDATE, before, after };
      return { row: { ...row, [action]: after }, experiences: [...experiences, experienceId].slice(-RECENT_EXPERIENCES) };
    });
    if (!update) throw new IntegrityError('E_POLICY', `the candidate's row of ${stateId} was not changed`);
    return update;
  }

  /** How many states the candidate has learned something in. */
  async learnedStates(): Promise<number> {
    let count = 0;
    for await (const _row of this.#rows(CANDIDATE)) count += 1;
    return count;
  }

  /** The candidate's own row, null where it has learned nothing in this state. */
  async candidateRow(stateId: string): Promise<QRow | null> {
    return (await read(this.#qTable, stateKey(CANDIDATE, stateId), CandidateRowSchema))?.row ?? null;
  }

  /** The candidate as it would act: its base's rows, with those that it has learned in their place. */
  async candidateTable(): Promise<QTable> {
    const base = await this.#candidateBase();
    const table = new Map(base.version === RULES_VERSION ? [] : await this.table(base.version));
    for await (const [stateId, attributes] of this.#rows(CANDIDATE)) table.set(stateId, CandidateRowSchema.parse(attributes).row);
    return table;
  }

  /** Every row of a frozen version, each verified, and that none is missing. Throws IntegrityError. */
  async table(version: string): Promise<QTable> {
    const policy = await this.#frozen(version);
    const table = new Map<string, QRow>();
    for await (const [stateId, attributes] of this.#rows(version)) table.set(stateId, checkedRow(policy, version, stateId, attributes));
    const missing = Object.keys(policy.rowHashes).find((stateId) => !table.has(stateId));
    if (missing) throw new IntegrityError('E_POLICY', `${version} has lost its row of ${missing}`);
    return table;
  }

  /**
   * Writes a version for good: rows first, its description last, so that a version is there whole or not at all. Written again
   * with the same content it changes nothing. Throws IntegrityError E_POLICY where the name is taken by other content.
   */
  async freeze(
    version: string,
    kind: FrozenPolicy['kind'],
    note: string,
    table: QTable,
    author: { readonly by: string; readonly at: Date } | null = null,
  ): Promise<{ hash: string; created: boolean }> {
    requireFreezableName(version);
    const rowHashes = rowHashesOf(table);
    const hash = tableHash(rowHashes);
    await this.#qTable.create(versionKey(version), { version });
    const there = await read(this.#qTable, descriptionKey(version), FrozenPolicySchema);
    if (there) return this.#sameOrRefused(version, there.hash, hash);

    const rows = [...table].entries();
    const writeRows = async () => {
      for (const [, [stateId, row]] of rows) await this.#qTable.create(stateKey(version, stateId), { row });
    };
    await Promise.all(Array.from({ length: PARALLEL_WRITES }, writeRows));
    const frozenAt = author?.at.toISOString() ?? null;
    const description: FrozenPolicy = { kind, frozen: true, hash, note, frozenBy: author?.by ?? null, frozenAt, rowHashes };
    const written = await this.#qTable.create(descriptionKey(version), description);
    return written === 'created' ? { hash, created: true } : this.#sameOrRefused(version, (await this.#frozen(version)).hash, hash);
  }

  /**
   * Makes a frozen version, or the rules, active: one conditional write. `expected` is the version that the caller saw active,
   * null for none; where it is no longer, nothing changes and the answer is `conflict`. Incidents under way keep their version.
   */
  async activate(version: string, expected: string | null, by: string, at: Date, reason = ''): Promise<Activation> {
    const hash = version === RULES_VERSION ? RULES_HASH : (await this.#frozen(version)).hash;
    return pointTo(this.#operations, { version, hash }, expected, { by, at: at.toISOString(), reason });
  }

  /** The descriptions of the frozen versions, by name. One that cannot be read is told by its reason. */
  async versions(): Promise<({ version: string } & (FrozenPolicy | { defect: string }))[]> {
    const names: string[] = [];
    let after: string | undefined;
    do {
      const page = await this.#qTable.query(VERSIONS_PARTITION, after === undefined ? {} : { after });
      names.push(...page.items.map(({ sk }) => sk));
      after = page.next;
    } while (after !== undefined);
    const found = await Promise.all(
      names.map(async (version) => {
        try {
          const description = await this.description(version);
          return description && { version, ...description };
        } catch (error) {
          if (error instanceof IntegrityError) return { version, defect: error.message };
          throw error;
        }
      }),
    );
    return found.filter((each) => each !== undefined);
  }

  /** Undefined where there is no such version. Throws IntegrityError where it is not what was frozen. */
  async description(version: string): Promise<FrozenPolicy | undefined> {
    const policy = await read(this.#qTable, descriptionKey(version), FrozenPolicySchema);
    if (policy && tableHash(policy.rowHashes) !== policy.hash) {
      throw new IntegrityError('E_POLICY', `the row hashes of ${version} do not give its hash ${policy.hash}`);
    }
    return policy;
  }

  /** The version that the candidate started from; settled by whoever learns first. */
  async #candidateBase(): Promise<CandidatePolicy['base']> {
    const key = descriptionKey(CANDIDATE);
    const there = await read(this.#qTable, key, CandidatePolicySchema);
    if (there) return there.base;
    const { version, hash } = await this.active();
    const { value } = await modify(this.#qTable, key, CandidatePolicySchema, (current): CandidatePolicy | undefined =>
      current ? undefined : { kind: 'candidate', frozen: false, base: { version, hash } },
    );
    return value?.base ?? { version, hash };
  }

  async #frozen(version: string): Promise<FrozenPolicy> {
    const policy = await this.description(version);
    if (!policy) throw new IntegrityError('E_POLICY', `there is no policy ${quoteForMessage(version)}`);
    return policy;
  }

  async #verifiedRow(version: string, policy: FrozenPolicy, stateId: string): Promise<QRow | null> {
    if (!Object.hasOwn(policy.rowHashes, stateId)) return null;
    const stored = await this.#qTable.get(stateKey(version, stateId));
    return checkedRow(policy, version, stateId, stored?.attributes);
  }

  async *#rows(version: string): AsyncGenerator<[stateId: string, attributes: unknown]> {
    const { pk } = descriptionKey(version);
    let after: string | undefined;
    do {
      const page = await this.#qTable.query(pk, { prefix: STATE_PREFIX, ...(after === undefined ? {} : { after }) });
      for (const { sk, attributes } of page.items) yield [sk.slice(STATE_PREFIX.length), attributes];
      after = page.next;
    } while (after !== undefined);
  }

  #sameOrRefused(version: string, there: string, wanted: string): { hash: string; created: boolean } {
    if (there === wanted) return { hash: wanted, created: false };
    throw new IntegrityError('E_POLICY', `${version} is frozen with the hash ${there}; content with the hash ${wanted} needs another name`);
  }
}

function checkedRow(policy: FrozenPolicy, version: string, stateId: string, attributes: unknown): QRow {
  const parsed = FrozenRowSchema.safeParse(attributes);
  if (parsed.success && rowHash(parsed.data.row) === policy.rowHashes[stateId]) return parsed.data.row;
  throw new IntegrityError('E_POLICY', `the row of ${stateId} in ${version} is not what was frozen; roll back to another version`);
}

/** A policy that cannot be trusted never stops an incident: the rules decide it. Trouble of the table itself is not hidden. */
function rulesBecauseOf(error: unknown): PolicyIdentity {
  if (error instanceof IntegrityError) return { ...RULES_IDENTITY, fallbackReason: error.message };
  throw error;
}
