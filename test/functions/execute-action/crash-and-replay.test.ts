/** Every action, killed at every call that changes something or touches a table, before and after its effect, then replayed. */
import { executeActionStep } from '../../../functions/execute-action/handler.ts';
import { ACTIVE_ACTIONS, type ActiveAction } from '../../../functions/shared/actions.ts';
import { type ExecutionSection, ExecutionSectionSchema } from '../../../functions/shared/incident.ts';
import type { Ports } from '../../../functions/shared/ports.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import {
  faultyPorts,
  isCrashPoint,
  isMutating,
  type PortCall,
  ProcessDiedError,
  type ScheduledFault,
} from '../../support/fault-injection.ts';
import { documentOf, expectLedgerComplete, type HealingWorld, healingWorld, KEYS, planFor } from '../../support/healing-world.ts';
import { aRegistration, INCIDENT_ID } from '../../support/sample-incident.ts';

const RERUN = ['jobStarter.startJobRun'];
const EFFECTS: Readonly<Record<ActiveAction, readonly string[]>> = {
  RETRY: RERUN,
  COERCE_SCHEMA: ['catalogWriter.updateTableColumns', ...RERUN],
  ROLLBACK_SCHEMA: ['catalogWriter.updateTableColumns', ...RERUN],
  QUARANTINE: [...KEYS.flatMap(() => ['objectWriter.copyObject', 'objectWriter.deleteObject']), ...RERUN],
};
const SHAPES: Readonly<Record<ActiveAction, { versionId: string; types: string[] }>> = {
  RETRY: { versionId: '1', types: ['int', 'string'] },
  COERCE_SCHEMA: { versionId: '2', types: ['bigint', 'string'] },
  ROLLBACK_SCHEMA: { versionId: '2', types: ['int', 'int'] },
  QUARANTINE: { versionId: '1', types: ['int', 'string'] },
};

const run = async (ports: Ports, document: unknown): Promise<ExecutionSection> =>
  ExecutionSectionSchema.parse(await executeActionStep(() => ports)(document));

/** What the state machine, or a restart, does: run the step again until it has an answer. */
async function replayUntilDone(world: HealingWorld, ports: Ports, document: unknown): Promise<ExecutionSection> {
  for (let replay = 0; replay < 5; replay += 1) {
    try {
      return await run(ports, document);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'IntentUnsettledError')) throw error;
      world.ports.time.advance(61);
    }
  }
  throw new Error('the step never came to an end');
}

async function bytesIn(world: HealingWorld, bucket: string, key: string): Promise<string | null> {
  return world.objects.headObject(bucket, key).then(
    (head) => head.checksum,
    () => null,
  );
}

async function expectReadableSomewhere(world: HealingWorld): Promise<void> {
  for (const key of KEYS) {
    const places = [await bytesIn(world, 'lake', key), await bytesIn(world, 'quarantine', `quarantine/${INCIDENT_ID}/lake/${key}`)];
    expect(places).toContain(world.checksums.get(key));
  }
}

async function crashPoints(action: ActiveAction): Promise<PortCall[]> {
  const world = await healingWorld();
  try {
    const calls: PortCall[] = [];
    const ports = faultyPorts(world.ports, { onCall: (call) => void calls.push(call) });
    await run(ports, documentOf(await planFor(action, world)));
    return calls.filter(isCrashPoint);
  } finally {
    world.remove();
  }
}

describe.each(ACTIVE_ACTIONS)('%s under crashes', (action) => {
  it.each(['before-effect', 'after-effect'] as const)(
    'R36 R43 F9 F11 F22 F24: killed %s of any call and replayed, has one effect',
    async (fault) => {
      const points = await crashPoints(action);
      expect(points.filter(isMutating).map(({ port, op }) => `${port}.${op}`)).toEqual(EFFECTS[action]);
      expect(points.length).toBeGreaterThan(20);
      for (const { port, op, callNumber } of points) {
        const crash: ScheduledFault = { port, op, callNumber, fault };
        const world = await healingWorld();
        try {
          const effects: string[] = [];
          const onEffect = (call: PortCall) => void (isMutating(call) && effects.push(`${call.port}.${call.op}`));
          const document = documentOf(await planFor(action, world));
          await expect(run(faultyPorts(world.ports, { schedule: [crash], onEffect }), document)).rejects.toThrow(ProcessDiedError);
          await expectReadableSomewhere(world);

          const section = await replayUntilDone(world, faultyPorts(world.ports, { onEffect }), document);
          const started = world.glue.startedFor(INCIDENT_ID);
          expect({ crash, status: section.status, runId: section.runId }).toEqual({ crash, status: 'started', runId: started[0]?.id });
          expect(started).toHaveLength(1);
          expect({ crash, effects: effects.toSorted() }).toEqual({ crash, effects: EFFECTS[action].toSorted() });
          const table = await world.catalog.getTable('sales', 'orders');
          expect({ versionId: table.versionId, types: table.columns.map((column) => column.type) }).toEqual(SHAPES[action]);
          await expectReadableSomewhere(world);
          if (action === 'QUARANTINE') {
            const left = await world.objects.listObjects('lake', 'orders/incoming/', { limit: 10 });
            const moved = await world.objects.listObjects('quarantine', '', { limit: 10 });
            expect(left.objects.map((object) => object.key)).toEqual(['orders/incoming/0.csv']);
            expect(moved.objects.map((object) => object.key)).toEqual(KEYS.map((key) => `quarantine/${INCIDENT_ID}/lake/${key}`));
          }
          await expectLedgerComplete(world.ports);
          // Done is done: once more changes nothing.
          expect(await run(faultyPorts(world.ports, { onEffect }), document)).toEqual(section);
          expect(effects).toHaveLength(EFFECTS[action].length);
        } finally {
          world.remove();
        }
      }
    },
    120_000,
  );
});

describe.each(ACTIVE_ACTIONS)('%s without an audit trail', (action) => {
  it.each<[string, (call: PortCall) => boolean]>([
    ['F23: where its INTENT cannot be audited', ({ port, op }) => port === 'audit' && op === 'append'],
    ['F23: where its INTENT cannot be written', ({ op, given }) => op === 'create' && JSON.stringify(given[0]).includes('LEDGER#')],
  ])('%s, nothing is done', async (_name, isLost) => {
    const world = await healingWorld();
    const document = documentOf(await planFor(action, world));
    const mutations: PortCall[] = [];
    const ports = faultyPorts(world.ports, {
      onCall: (call) => {
        if (isLost(call)) throw Object.assign(new Error('lost'), { name: 'InternalServerError' });
      },
      onEffect: (call) => void (isMutating(call) && mutations.push(call)),
    });
    await expect(run(ports, document)).rejects.toThrow('lost');
    expect(mutations).toEqual([]);
    world.remove();
  });

  it('F24: where a RESULT cannot be audited the step has no answer; run again it audits and does nothing twice', async () => {
    const world = await healingWorld();
    const document = documentOf(await planFor(action, world));
    const fault = { throws: 'InternalServerError', effect: 'not-made' as const };
    const effects: string[] = [];
    const onEffect = (call: PortCall) => void (isMutating(call) && effects.push(`${call.port}.${call.op}`));
    const schedule = [{ port: 'audit', op: 'append', callNumber: 2, fault }];
    await expect(run(faultyPorts(world.ports, { schedule, onEffect }), document)).rejects.toThrow('InternalServerError');
    expect(await run(faultyPorts(world.ports, { onEffect }), document)).toMatchObject({ status: 'started' });
    expect(effects).toEqual(EFFECTS[action]);
    await expectLedgerComplete(world.ports);
    world.remove();
  });
});

describe('a replay', () => {
  it('R36: finishes what has begun, though it might not begin by now; half done would be worse', async () => {
    const world = await healingWorld();
    const document = documentOf(await planFor('QUARANTINE', world));
    const crash: ScheduledFault = { port: 'objectWriter', op: 'copyObject', callNumber: 2, fault: 'before-effect' };
    await expect(run(faultyPorts(world.ports, { schedule: [crash] }), document)).rejects.toThrow(ProcessDiedError);
    await register(world.ports.operations, aRegistration({ modes: {} }));
    expect(await replayUntilDone(world, world.ports, document)).toMatchObject({ status: 'started' });
    await expectLedgerComplete(world.ports);
    world.remove();
  });
});

describe('the rerun of a ladder', () => {
  it('R36 R39: starts with the rung’s capacity and the failed run’s arguments, marked with the remediation', async () => {
    const world = await healingWorld();
    const section = await run(world.ports, documentOf(await planFor('RETRY', world)));
    expect(world.glue.startedFor(INCIDENT_ID)).toEqual([
      expect.objectContaining({
        id: section.runId,
        workerType: 'G.2X',
        numberOfWorkers: 2,
        arguments: { '--day': '2026-11-05', '--glue-medic-remediation-id': INCIDENT_ID },
      }),
    ]);
    world.remove();
  });
});
