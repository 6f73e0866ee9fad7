import { readPointer } from '../../../functions/propose-action/policy-pointer.ts';
import { listProofs, type PolicyProof, shippedProof } from '../../../functions/propose-action/policy-proof.ts';
import { PolicyStore } from '../../../functions/propose-action/policy-store.ts';
import { shippedWarmStart } from '../../../functions/propose-action/warm-start.ts';
import { seedPolicy } from '../../../functions/seed-policy/handler.ts';
import { seedWarmStart } from '../../../functions/seed-policy/seed-warm-start.ts';
import { MemoryItemTable } from '../../../local/twins/memory-item-table.ts';

const installation = () => ({
  qTable: new MemoryItemTable(),
  operations: new MemoryItemTable(),
  clock: () => new Date('2026-03-01T12:00:00Z'),
});

describe('seedWarmStart', () => {
  it('puts the shipped warm start into the tables and makes it active', async () => {
    const ports = installation();
    const shipped = shippedWarmStart();
    expect(await seedWarmStart(ports)).toEqual({
      version: shipped.version,
      hash: shipped.hash,
      created: true,
      activated: true,
      refused: null,
    });
    const store = new PolicyStore(ports);
    expect(await store.active()).toEqual({ version: shipped.version, hash: shipped.hash, fallbackReason: null });
    expect(await store.table(shipped.version)).toEqual(shipped.table);
  });

  it('keeps the shipped proof with it: nothing is made active without one', async () => {
    const ports = installation();
    const { version } = await seedWarmStart(ports);
    expect(await listProofs(ports.qTable, version)).toEqual({
      proofs: [{ ...shippedProof(), storedBy: 'installation', storedAt: '2026-03-01T12:00:00.000Z' }],
      damaged: 0,
    });
  });

  it.each<[string, Partial<PolicyProof>]>([
    ['proof-policy', { policy: { version: shippedWarmStart().version, hash: 'd'.repeat(64) } }],
    ['proof-rules', { rulesHash: 'd'.repeat(64) }],
    ['proof-state-machine', { definitionHash: 'd'.repeat(64) }],
    ['proof-safe', { unsafe: 1 }],
  ])('R26 refuses a shipped proof by %s: the rules are made active, and say why', async (gate, changes) => {
    const ports = installation();
    const seeded = await seedWarmStart(ports, { ...shippedProof(), ...changes });
    expect(seeded).toMatchObject({ activated: false, refused: expect.stringContaining(`${gate}: `) });
    expect(await new PolicyStore(ports).active()).toMatchObject({ version: 'rules', fallbackReason: null });
    expect((await readPointer(ports.operations))?.reason).toContain(`the warm start was refused: ${gate}: `);
    expect((await listProofs(ports.qTable, seeded.version)).proofs).toEqual([]);
  });

  it('is what the handler does, with ports that are made when it is called', async () => {
    const ports = installation();
    expect(await seedPolicy(() => ports)()).toMatchObject({ created: true, activated: true });
  });

  it('changes nothing when it runs again', async () => {
    const ports = installation();
    await seedWarmStart(ports);
    expect(await seedWarmStart(ports)).toMatchObject({ created: false, activated: false });
  });

  it('leaves the active version that people chose', async () => {
    const ports = installation();
    await new PolicyStore(ports).activate('rules', null, 'ada', ports.clock());
    expect(await seedWarmStart(ports)).toMatchObject({ created: true, activated: false });
    expect((await new PolicyStore(ports).active()).version).toBe('rules');
  });
});
