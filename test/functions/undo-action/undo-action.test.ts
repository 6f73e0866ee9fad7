import { executeAction } from '../../../functions/execute-action/execute-action.ts';
import { type Incident, UndoSectionSchema } from '../../../functions/shared/incident.ts';
import type { Ports } from '../../../functions/shared/ports.ts';
import { readJobFreeze } from '../../../functions/shared/stores/frozen-jobs.ts';
import { undoActionStep } from '../../../functions/undo-action/handler.ts';
import { faultyPorts, isCrashPoint, isMutating, type PortCall, ProcessDiedError } from '../../support/fault-injection.ts';
import { CRAWLED, documentOf, expectLedgerComplete, type HealingWorld, healingWorld, KEYS, planFor } from '../../support/healing-world.ts';
import { secondsAgo } from '../../support/memory-ports.ts';
import { aValidation, INCIDENT_ID } from '../../support/sample-incident.ts';

const REVERSIBLE = ['COERCE_SCHEMA', 'ROLLBACK_SCHEMA', 'QUARANTINE'] as const;
type Reversible = (typeof REVERSIBLE)[number];
const [FIRST = ''] = KEYS;

const undo = async (ports: Ports, document: Incident) => UndoSectionSchema.parse(await undoActionStep(() => ports)(document));

/** Executed, the rerun over, validation failed. */
async function failedRemediation(
  action: Reversible | 'RETRY',
  world: HealingWorld,
  runState: 'FAILED' | 'RUNNING' = 'FAILED',
): Promise<Incident> {
  const document = documentOf(await planFor(action, world));
  const execution = await executeAction(document, world.ports);
  if (runState === 'FAILED') world.glue.end(execution.runId ?? '', 'FAILED');
  return { ...document, execution, validation: aValidation('failed') };
}

async function expectAsBefore(action: Reversible, world: HealingWorld): Promise<void> {
  const table = await world.catalog.getTable('sales', 'orders');
  expect(table.columns).toEqual(CRAWLED);
  expect(table.versionId).toBe(action === 'QUARANTINE' ? '1' : '3');
  for (const key of KEYS) expect((await world.objects.headObject('lake', key)).checksum).toBe(world.checksums.get(key));
}

describe.each(REVERSIBLE)('the inverse of %s', (action) => {
  const inverses = action === 'QUARANTINE' ? KEYS.map(() => 'copyObject') : ['updateTableColumns'];

  it.each(['before-effect', 'after-effect'] as const)(
    'R43 R45: killed %s of any call and replayed, is made once',
    async (fault) => {
      const points: PortCall[] = [];
      const rehearsal = await healingWorld();
      await undo(faultyPorts(rehearsal.ports, { onCall: (call) => void points.push(call) }), await failedRemediation(action, rehearsal));
      rehearsal.remove();
      expect(points.filter(isMutating).map((call) => call.op)).toEqual(inverses);

      for (const { port, op, callNumber } of points.filter(isCrashPoint)) {
        const world = await healingWorld();
        try {
          const effects: string[] = [];
          const onEffect = (call: PortCall) => void (isMutating(call) && effects.push(call.op));
          const document = await failedRemediation(action, world);
          const crash = { port, op, callNumber, fault };
          await expect(undo(faultyPorts(world.ports, { schedule: [crash], onEffect }), document)).rejects.toThrow(ProcessDiedError);
          const section = await undo(faultyPorts(world.ports, { onEffect }), document);
          expect({ crash, status: section.status, reason: section.reason }).toMatchObject({ crash, status: 'undone' });
          expect({ crash, effects }).toEqual({ crash, effects: inverses });
          expect(section.effects).toHaveLength(inverses.length);
          await expectAsBefore(action, world);
          await expectLedgerComplete(world.ports);
          expect(await undo(faultyPorts(world.ports, { onEffect }), document)).toEqual(section);
          expect(effects).toEqual(inverses);
        } finally {
          world.remove();
        }
      }
    },
    120_000,
  );

  it('R45 F32: an inverse that fails is reported, not repeated, and not followed by another action', async () => {
    const world = await healingWorld();
    const document = await failedRemediation(action, world);
    const [op = ''] = inverses;
    const port = action === 'QUARANTINE' ? 'objectWriter' : 'catalogWriter';
    const fault = { throws: 'InternalServiceException', effect: 'not-made' as const };
    const section = await undo(faultyPorts(world.ports, { schedule: [{ port, op, callNumber: 1, fault }] }), document);
    expect(section).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/InternalServiceException.*frozen until a person lifts it/),
    });
    expect(section.effects).toContainEqual({ call: 'FreezeJob', target: 'orders', result: 'frozen' });
    expect(await readJobFreeze(world.ports.operations, 'orders')).toMatchObject({ incidentId: INCIDENT_ID, at: secondsAgo(0) });
    expect(await undo(world.ports, document)).toEqual(section);
    expect(world.glue.startedFor(INCIDENT_ID)).toHaveLength(1);
    world.remove();
  });
});

describe('undoAction', () => {
  let world: HealingWorld;
  beforeEach(async () => {
    world = await healingWorld();
  });
  afterEach(() => world.remove());

  it('R45: stops a rerun that is still live before it takes its input away', async () => {
    const document = await failedRemediation('QUARANTINE', world, 'RUNNING');
    const order: string[] = [];
    await undo(faultyPorts(world.ports, { onEffect: (call) => void (isMutating(call) && order.push(call.op)) }), document);
    expect(order).toEqual(['stopJobRun', 'copyObject', 'copyObject', 'copyObject']);
    expect(world.glue.startedFor(INCIDENT_ID)[0]?.state).toBe('STOPPED');
  });

  it('has nothing to take back after a RETRY that has ended, and freezes nothing', async () => {
    expect(await undo(world.ports, await failedRemediation('RETRY', world))).toMatchObject({ status: 'nothing-to-undo', effects: [] });
    expect(await readJobFreeze(world.ports.operations, 'orders')).toBeNull();
  });

  it('R41: does not write over a table that somebody else has changed since', async () => {
    const document = await failedRemediation('COERCE_SCHEMA', world);
    world.catalog.crawlerUpdate('sales', 'orders', [{ name: 'id', type: 'double' }]);
    expect(await undo(world.ports, document)).toMatchObject({ status: 'failed', reason: expect.stringContaining('E_PLAN_CHANGED') });
    expect((await world.catalog.getTable('sales', 'orders')).columns).toEqual([{ name: 'id', type: 'double' }]);
  });

  it('R43: does not write over an object that was delivered again, be it just as long', async () => {
    const document = await failedRemediation('QUARANTINE', world);
    await world.put(FIRST, 'id,amount\n1,1X\n');
    expect(await undo(world.ports, document)).toMatchObject({ status: 'failed', reason: expect.stringContaining('E_OBJECT_CHANGED') });
    expect((await world.objects.headObject('lake', FIRST)).checksum).toBe(world.checksums.get(FIRST));
  });

  it('R32: stopped by the kill switch, changes nothing and says so', async () => {
    const document = await failedRemediation('QUARANTINE', world);
    await world.pullKillSwitch();
    const before = await world.ledger();
    expect(await undo(world.ports, document)).toMatchObject({
      status: 'stopped',
      reason: expect.stringContaining('E_KILL_SWITCH'),
      effects: [{ call: 'FreezeJob', target: 'orders', result: 'frozen' }],
    });
    expect(await readJobFreeze(world.ports.operations, 'orders')).toMatchObject({ incidentId: INCIDENT_ID });
    expect(await world.ledger()).toEqual(before);
    expect((await world.objects.listObjects('lake', 'orders/incoming/', { limit: 10 })).objects).toHaveLength(1);
  });
});
