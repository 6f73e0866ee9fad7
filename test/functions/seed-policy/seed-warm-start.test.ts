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
    expect(await seedWarmStart(ports)).toEqual({ version: shipped.version, hash: shipped.hash, created: true, activated: true });
    const store = new PolicyStore(ports);
    expect(await store.active()).toEqual({ version: shipped.version, hash: shipped.hash, fallbackReason: null });
    expect(await store.table(shipped.version)).toEqual(shipped.table);
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
