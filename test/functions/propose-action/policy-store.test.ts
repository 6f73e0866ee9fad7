import fc from 'fast-check';
import { ACTIVE_POLICY, CANDIDATE, descriptionKey, RECENT_EXPERIENCES, stateKey } from '../../../functions/propose-action/policy-items.ts';
import { PolicyStore } from '../../../functions/propose-action/policy-store.ts';
import { emptyRow, type QRow, type QTable } from '../../../functions/propose-action/q-table.ts';
import { RULES_HASH, RULES_VERSION } from '../../../functions/propose-action/rules-policy.ts';
import type { ItemKey, ItemTable } from '../../../functions/shared/ports.ts';
import { tdUpdate } from '../../../functions/update-policy/td-update.ts';
import { MemoryItemTable } from '../../../local/twins/memory-item-table.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const SEEN = 'schema_drift|medium|0|compatible|good';
const OTHER = 'connectivity|medium|0|none|good';
const UNSEEN = 'unknown|high|0|unmeasured|unmeasured';
const ROW: QRow = { ...emptyRow(), COERCE_SCHEMA: { q: 0.7, visits: 10, m2: 3.5 } };
const TABLE: QTable = new Map([
  [SEEN, ROW],
  [OTHER, { ...emptyRow(), RETRY: { q: 0.2, visits: 4, m2: 1 } }],
]);

async function installed() {
  const qTable = new MemoryItemTable();
  const operations = new MemoryItemTable();
  const store = new PolicyStore({ qTable, operations });
  await store.freeze('v1', 'warm-start', 'a test', TABLE);
  await store.activate('v1', null, 'test', NOW);
  return { qTable, operations, store };
}

/** Writes over an item as no code of ours would. */
async function tamper(table: ItemTable, key: ItemKey, change: (attributes: Record<string, unknown>) => Record<string, unknown>) {
  const stored = await table.get(key);
  await table.replace(key, change({ ...stored?.attributes }), stored?.revision ?? 0);
}

describe('PolicyStore: the active version', () => {
  it('is what the pointer names, with its hash and rows', async () => {
    const { store } = await installed();
    const active = await store.active();
    expect(active).toEqual({ version: 'v1', hash: expect.stringMatching(/^[0-9a-f]{64}$/), fallbackReason: null });
    expect(await store.lookUp('v1', SEEN)).toEqual({ ...active, row: ROW });
    expect(await store.lookUp('v1', UNSEEN)).toEqual({ ...active, row: null });
    expect(await store.row('v1', SEEN)).toEqual(ROW);
    expect(await store.table('v1')).toEqual(TABLE);
  });

  it('is the rules, and says why, where none was ever made active', async () => {
    const store = new PolicyStore({ qTable: new MemoryItemTable(), operations: new MemoryItemTable() });
    expect(await store.active()).toEqual({
      version: RULES_VERSION,
      hash: RULES_HASH,
      fallbackReason: expect.stringContaining('no policy is active'),
    });
  });

  it('is the rules without a complaint where a person chose them', async () => {
    const { store } = await installed();
    expect(await store.activate(RULES_VERSION, 'v1', 'ada', NOW)).toBe('activated');
    expect(await store.active()).toEqual({ version: RULES_VERSION, hash: RULES_HASH, fallbackReason: null });
    expect((await store.lookUp(RULES_VERSION, SEEN)).row).toBeNull();
  });

  it.each<[string, (tables: { qTable: ItemTable; operations: ItemTable }) => Promise<void>]>([
    ['the pointer is unreadable', ({ operations }) => tamper(operations, ACTIVE_POLICY, () => ({ version: 7 }))],
    [
      'the pointer names a version that is not there',
      ({ operations }) => tamper(operations, ACTIVE_POLICY, (p) => ({ ...p, version: 'v9' })),
    ],
    [
      'the version has another hash than was made active',
      ({ operations }) => tamper(operations, ACTIVE_POLICY, (p) => ({ ...p, hash: 'f'.repeat(64) })),
    ],
    ['the description was changed', ({ qTable }) => tamper(qTable, descriptionKey('v1'), (d) => ({ ...d, rowHashes: {} }))],
    ['the description is unreadable', ({ qTable }) => tamper(qTable, descriptionKey('v1'), () => ({}))],
  ])('F33 falls back to the rules where %s', async (_name, damage) => {
    const tables = await installed();
    await damage(tables);
    expect(await tables.store.active()).toEqual({ version: RULES_VERSION, hash: RULES_HASH, fallbackReason: expect.stringMatching(/^E_/) });
  });

  it.each<[string, (row: QRow) => unknown]>([
    ['another number', (row) => ({ ...row, RETRY: { q: 0.9, visits: 50, m2: 0 } })],
    ['null', (row) => ({ ...row, RETRY: { q: null, visits: 1, m2: 0 } })],
    ['an action too many', (row) => ({ ...row, RERUN: { q: 0, visits: 0, m2: 0 } })],
    ['a cell too few', ({ RETRY: _dropped, ...rest }) => rest],
  ])('F33 B21 falls back to the rules where a row holds %s', async (_name, change) => {
    const { store, qTable } = await installed();
    await tamper(qTable, stateKey('v1', SEEN), ({ row }) => ({ row: change(row as QRow) }));
    expect(await store.lookUp('v1', SEEN)).toMatchObject({
      version: RULES_VERSION,
      row: null,
      fallbackReason: expect.stringContaining('E_POLICY'),
    });
    await expect(store.row('v1', SEEN)).rejects.toThrow(/E_POLICY: the row of schema_drift/);
    await expect(store.table('v1')).rejects.toThrow(/E_POLICY/);
    expect((await store.lookUp('v1', OTHER)).fallbackReason).toBeNull();
  });

  it('does not hide trouble of the table behind the rules', async () => {
    const failing = { get: () => Promise.reject(new Error('ThrottlingException')) } as unknown as ItemTable;
    await expect(new PolicyStore({ qTable: failing, operations: failing }).active()).rejects.toThrow('ThrottlingException');
  });
});

describe('PolicyStore: freezing and promoting', () => {
  it('freezes the same content again without a change, and refuses other content under the name', async () => {
    const { store } = await installed();
    expect(await store.freeze('v1', 'warm-start', 'again', TABLE)).toMatchObject({ created: false });
    await expect(store.freeze('v1', 'learned', 'other', new Map([[SEEN, ROW]]))).rejects.toThrow(/E_POLICY: v1 is frozen/);
    expect(await store.table('v1')).toEqual(TABLE);
  });

  it.each(['', 'candidate', 'rules', 'V1', 'a#b', 'x'.repeat(64)])('refuses the name %p', async (name) => {
    const { store } = await installed();
    await expect(store.freeze(name, 'learned', '', TABLE)).rejects.toThrow(/E_POLICY_NAME/);
  });

  it('is not there at all until it is there whole: what a crash left half written is no version', async () => {
    const { store, qTable } = await installed();
    await qTable.create(stateKey('v2', SEEN), { row: ROW });
    await expect(store.activate('v2', 'v1', 'test', NOW)).rejects.toThrow(/E_POLICY: there is no policy "v2"/);
    await store.freeze('v2', 'learned', 'the rest', TABLE);
    expect(await store.activate('v2', 'v1', 'test', NOW)).toBe('activated');
  });

  it('R35: rolls back by one conditional swap, and an incident under way keeps reading the version it began with', async () => {
    const { store, operations } = await installed();
    await store.freeze('v2', 'learned', 'a test', new Map([[SEEN, emptyRow()]]));
    await store.activate('v2', 'v1', 'ada', NOW);
    const before = await operations.get(ACTIVE_POLICY);
    expect(await store.activate('v1', 'v2', 'ada', NOW)).toBe('activated');
    expect((await operations.get(ACTIVE_POLICY))?.revision).toBe((before?.revision ?? 0) + 1);
    expect((await store.active()).version).toBe('v1');
    expect(await store.lookUp('v2', SEEN)).toMatchObject({ version: 'v2', row: emptyRow() });
  });

  it('changes nothing where somebody else has changed the active version in between', async () => {
    const { store } = await installed();
    expect(await store.activate(RULES_VERSION, 'v0', 'ada', NOW)).toBe('conflict');
    expect(await store.activate(RULES_VERSION, null, 'ada', NOW)).toBe('conflict');
    expect((await store.active()).version).toBe('v1');
  });
});

describe('PolicyStore: the candidate', () => {
  it('starts a row from the version that was active, on its first experience', async () => {
    const { store } = await installed();
    const update = await store.updateCandidate(SEEN, 'COERCE_SCHEMA', -0.7, 'incident-1');
    const after = tdUpdate(ROW.COERCE_SCHEMA, -0.7);
    expect(update).toEqual({ status: 'learned', version: CANDIDATE, before: ROW.COERCE_SCHEMA, after });
    expect(await store.candidateRow(SEEN)).toEqual({ ...ROW, COERCE_SCHEMA: after });
    expect(await store.candidateTable()).toEqual(new Map([...TABLE, [SEEN, { ...ROW, COERCE_SCHEMA: after }]]));
  });

  it('R24: never writes into a frozen version', async () => {
    const { store } = await installed();
    await store.updateCandidate(SEEN, 'COERCE_SCHEMA', -0.7, 'incident-1');
    expect(await store.table('v1')).toEqual(TABLE);
    expect(await store.lookUp(CANDIDATE, SEEN)).toMatchObject({ version: RULES_VERSION, row: null });
  });

  it('keeps its base when another version becomes active', async () => {
    const { store } = await installed();
    await store.updateCandidate(SEEN, 'RETRY', 0.5, 'incident-1');
    await store.activate(RULES_VERSION, 'v1', 'ada', NOW);
    await store.updateCandidate(OTHER, 'RETRY', 1, 'incident-2');
    expect((await store.candidateRow(OTHER))?.RETRY.visits).toBe(5);
  });

  it('learns from nothing where no policy is active', async () => {
    const store = new PolicyStore({ qTable: new MemoryItemTable(), operations: new MemoryItemTable() });
    await store.updateCandidate(SEEN, 'RETRY', 1, 'incident-1');
    expect(await store.candidateRow(SEEN)).toEqual({ ...emptyRow(), RETRY: { q: 1, visits: 1, m2: 0 } });
    expect(await store.candidateTable()).toEqual(new Map([[SEEN, { ...emptyRow(), RETRY: { q: 1, visits: 1, m2: 0 } }]]));
  });

  it('R24: of forty concurrent updates of one cell none is lost, the very first included', async () => {
    const { store } = await installed();
    const ids = Array.from({ length: 40 }, (_, index) => `incident-${index}`);
    const updates = await Promise.all(ids.map((id) => store.updateCandidate(SEEN, 'RETRY', 1, id)));
    expect(updates.every(({ status }) => status === 'learned')).toBe(true);
    expect((await store.candidateRow(SEEN))?.RETRY).toEqual({ q: 1, visits: 40, m2: 0 });
  });

  it('R24: any order and repetition of experiences counts each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 40 }), async (told) => {
        const { store } = await installed();
        const updates = await Promise.all(told.map((n) => store.updateCandidate(SEEN, 'RETRY', n / 12, `incident-${n}`)));
        const distinct = [...new Set(told)];
        expect(updates.filter(({ status }) => status === 'learned')).toHaveLength(distinct.length);
        const cell = (await store.candidateRow(SEEN))?.RETRY;
        expect(cell?.visits).toBe(distinct.length);
        expect(cell?.q).toBeCloseTo(distinct.reduce((sum, n) => sum + n / 12, 0) / distinct.length, 9);
      }),
      { numRuns: 25 },
    );
  });

  it('R23: a reward that is no number in [-1, 1] is refused before anything is written', async () => {
    const { store, qTable } = await installed();
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -1.01]) {
      await expect(store.updateCandidate(SEEN, 'RETRY', wrong, 'incident-1')).rejects.toThrow(/E_REWARD/);
    }
    expect(await qTable.get(stateKey(CANDIDATE, SEEN))).toBeUndefined();
  });

  it('keeps the row bounded: it remembers the last experiences only', async () => {
    const { store, qTable } = await installed();
    for (let n = 0; n < RECENT_EXPERIENCES + 5; n++) await store.updateCandidate(SEEN, 'RETRY', 0, `incident-${n}`);
    const experiences = (await qTable.get(stateKey(CANDIDATE, SEEN)))?.attributes['experiences'] as string[];
    expect(experiences).toHaveLength(RECENT_EXPERIENCES);
    expect(experiences[0]).toBe('incident-5');
  });
});
