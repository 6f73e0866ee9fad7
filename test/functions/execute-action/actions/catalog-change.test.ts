import { coerceSchema } from '../../../../functions/execute-action/actions/coerce-schema.ts';
import { executeAction } from '../../../../functions/execute-action/execute-action.ts';
import type { Plan } from '../../../../functions/shared/actions.ts';
import { faultyPorts, ProcessDiedError, type ScheduledFault } from '../../../support/fault-injection.ts';
import {
  BEFORE,
  CRAWLED,
  documentOf,
  expectLedgerComplete,
  type HealingWorld,
  healingWorld,
  planFor,
} from '../../../support/healing-world.ts';
import { INCIDENT_ID } from '../../../support/sample-incident.ts';

const UPDATE = { port: 'catalogWriter', op: 'updateTableColumns', callNumber: 1 };

describe.each(['COERCE_SCHEMA', 'ROLLBACK_SCHEMA'] as const)('the catalog change of %s', (action) => {
  let world: HealingWorld;
  let plan: Plan;
  beforeEach(async () => {
    world = await healingWorld();
    plan = await planFor(action, world);
  });
  afterEach(() => world.remove());

  const execute = async (schedule: readonly ScheduledFault[] = [], onCall?: (op: string) => void) =>
    executeAction(documentOf(plan), faultyPorts(world.ports, { schedule, ...(onCall ? { onCall: ({ op }) => onCall(op) } : {}) }));
  const table = () => world.catalog.getTable('sales', 'orders');
  const typesOf = async () => (await table()).columns.map((column) => `${column.name} ${column.type}`);
  const foreign = [...CRAWLED, { name: 'note', type: 'string' }];

  it('R41: is void where another writer has changed the table since; nothing has begun', async () => {
    world.catalog.crawlerUpdate('sales', 'orders', foreign);
    expect(await execute()).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/E_PLAN_CHANGED.*version 2, planned for 1/),
      effects: [],
    });
    expect((await table()).versionId).toBe('2');
    expect(world.glue.startedFor(INCIDENT_ID)).toEqual([]);
  });

  it('R41 F15: is void where another writer gets in between look and update, without a blind retry', async () => {
    const section = await execute([], (op) => {
      if (op === 'updateTableColumns') world.catalog.crawlerUpdate('sales', 'orders', foreign);
    });
    expect(section).toMatchObject({ status: 'refused', reason: expect.stringContaining('E_PLAN_CHANGED') });
    expect(await typesOf()).toEqual(foreign.map((column) => `${column.name} ${column.type}`));
    expect(world.glue.startedFor(INCIDENT_ID)).toEqual([]);
  });

  it('F11 F15: an update that the client sent twice, its first answer lost, is ours', async () => {
    const section = await execute([{ ...UPDATE, fault: { throws: 'ConcurrentModificationException', effect: 'made' } }]);
    expect(section.status).toBe('started');
    expect((await table()).versionId).toBe('2');
    await expectLedgerComplete(world.ports);
  });

  it('R41: a crash after the update, then a foreign update: the plan is void, and the foreign version is not taken for ours', async () => {
    await expect(execute([{ ...UPDATE, fault: 'after-effect' }])).rejects.toThrow(ProcessDiedError);
    const ours = (await table()).columns;
    world.catalog.crawlerUpdate('sales', 'orders', [...ours, { name: 'note', type: 'string' }]);
    expect(await execute()).toMatchObject({ status: 'refused', reason: expect.stringMatching(/E_PLAN_CHANGED.*version 3/) });
    expect((await table()).columns).toHaveLength(3);
    expect(world.glue.startedFor(INCIDENT_ID)).toEqual([]);
  });

  it('R41: a crash after the update, then foreign updates that end in our shape: the version is still not ours', async () => {
    await expect(execute([{ ...UPDATE, fault: 'after-effect' }])).rejects.toThrow(ProcessDiedError);
    const ours = (await table()).columns;
    world.catalog.crawlerUpdate('sales', 'orders', foreign);
    world.catalog.crawlerUpdate('sales', 'orders', ours);
    expect(await execute()).toMatchObject({ status: 'refused', reason: expect.stringMatching(/E_PLAN_CHANGED.*version 4/) });
  });

  it('R41: a crash before the update, then a foreign update: the plan is void', async () => {
    await expect(execute([{ ...UPDATE, fault: 'before-effect' }])).rejects.toThrow(ProcessDiedError);
    world.catalog.crawlerUpdate('sales', 'orders', foreign);
    expect(await execute()).toMatchObject({ status: 'refused', reason: expect.stringContaining('E_PLAN_CHANGED') });
    expect(await typesOf()).toContain('note string');
  });

  it('F16: where Lake Formation denies the update it goes to a person with the reason', async () => {
    const section = await execute([{ ...UPDATE, fault: { throws: 'AccessDeniedException', effect: 'not-made' } }]);
    expect(section).toMatchObject({ status: 'refused', reason: expect.stringContaining('AccessDenied') });
    expect((await table()).versionId).toBe('1');
  });

  it('R40: is one more version, by compare-and-set; the one before stays in the archive', async () => {
    await execute();
    expect((await world.catalog.listTableVersions('sales', 'orders', 10)).map((version) => version.versionId)).toEqual(['2', '1', '0']);
    expect(await typesOf()).toEqual(
      action === 'ROLLBACK_SCHEMA' ? BEFORE.map(({ name, type }) => `${name} ${type}`) : ['id bigint', 'amount string'],
    );
  });
});

describe('the postcondition of COERCE_SCHEMA', () => {
  it('fails where the ledger knows of no update, and where the table has changed since', async () => {
    const world = await healingWorld();
    const plan = await planFor('COERCE_SCHEMA', world);
    if (plan.action !== 'COERCE_SCHEMA') throw new Error(plan.action);
    expect(await coerceSchema.postconditions(plan, [], world.ports)).toMatchObject([{ verdict: 'fails' }]);
    await executeAction(documentOf(plan), world.ports);
    expect(await coerceSchema.postconditions(plan, await world.ledger(), world.ports)).toMatchObject([{ verdict: 'holds' }]);
    world.catalog.crawlerUpdate('sales', 'orders', CRAWLED);
    expect(await coerceSchema.postconditions(plan, await world.ledger(), world.ports)).toMatchObject([{ verdict: 'fails' }]);
    world.remove();
  });
});
