import { PolicyStore } from '../../../functions/propose-action/policy-store.ts';
import { emptyRow } from '../../../functions/propose-action/q-table.ts';
import { shippedWarmStart } from '../../../functions/propose-action/warm-start.ts';
import { seedWarmStart } from '../../../functions/seed-policy/seed-warm-start.ts';
import { DynamoDBItemTable } from '../../../functions/shared/tables/dynamodb-item-table.ts';
import { type DynaliteServer, startDynalite } from '../../../local/dynalite-server.ts';

let server: DynaliteServer;
let ports: Parameters<typeof seedWarmStart>[0];
beforeAll(async () => {
  server = await startDynalite();
  await Promise.all([server.createTable('q-table'), server.createTable('operations')]);
  ports = {
    qTable: new DynamoDBItemTable(server.client, 'q-table'),
    operations: new DynamoDBItemTable(server.client, 'operations'),
    clock: () => new Date('2026-03-01T12:00:00Z'),
  };
});
afterAll(() => server.stop());

describe('PolicyStore on DynamoDB', () => {
  it('gives back the shipped warm start number by number, verified', async () => {
    const { version, hash, table } = shippedWarmStart();
    expect(await seedWarmStart(ports)).toEqual({ version, hash, created: true, activated: true, refused: null });
    const store = new PolicyStore(ports);
    expect(await store.active()).toEqual({ version, hash, fallbackReason: null });
    expect(await store.table(version)).toEqual(table);
  }, 60_000);

  it('R24: of twenty concurrent updates of one cell, five told twice, each experience counts once', async () => {
    const store = new PolicyStore(ports);
    const ids = Array.from({ length: 20 }, (_, index) => `incident-${index % 15}`);
    const updates = await Promise.all(ids.map((id) => store.updateCandidate('unknown|critical|2+|none|poor', 'RETRY', 0.25, id)));
    expect(updates.filter(({ status }) => status === 'learned')).toHaveLength(15);
    expect(await store.candidateRow('unknown|critical|2+|none|poor')).toEqual({ ...emptyRow(), RETRY: { q: 0.25, visits: 15, m2: 0 } });
  });

  it('R35: of two people who change the active version at once, one succeeds', async () => {
    const store = new PolicyStore(ports);
    const { version } = await store.active();
    const attempts = ['ada', 'bob'].map((by) => store.activate('rules', version, by, ports.clock()));
    expect((await Promise.all(attempts)).toSorted()).toEqual(['activated', 'conflict']);
    expect(await store.active()).toMatchObject({ version: 'rules', fallbackReason: null });
  });
});
