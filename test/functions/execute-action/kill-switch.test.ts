import { executeAction } from '../../../functions/execute-action/execute-action.ts';
import { ACTIVE_ACTIONS } from '../../../functions/shared/actions.ts';
import { undoAction } from '../../../functions/undo-action/undo-action.ts';
import { faultyPorts, isMutating, type PortCall } from '../../support/fault-injection.ts';
import { documentOf, type HealingWorld, healingWorld, planFor } from '../../support/healing-world.ts';

type Flip = (ports: HealingWorld['ports']) => Promise<{ readonly status: string }>;

/** Pulls the switch when call `n` is made, for every n, and looks at what is changed from then on. */
async function flipAtEveryCall(prepare: (world: HealingWorld) => Promise<Flip>): Promise<{ calls: number; statuses: Set<string> }> {
  const statuses = new Set<string>();
  for (let n = 1; ; n += 1) {
    const world = await healingWorld();
    try {
      const act = await prepare(world);
      let calls = 0;
      const late: PortCall[] = [];
      const ports = faultyPorts(world.ports, {
        onCall: async (call) => {
          calls = call.ordinal;
          if (call.ordinal === n) await world.pullKillSwitch();
        },
        onEffect: (call) => void (call.ordinal > n && isMutating(call) && late.push(call)),
      });
      const { status } = await act(ports);
      expect({ n, late: late.map(({ port, op }) => `${port}.${op}`) }).toEqual({ n, late: [] });
      if (calls < n) return { calls, statuses };
      statuses.add(status);
    } finally {
      world.remove();
    }
  }
}

describe('the kill switch', () => {
  it.each(ACTIVE_ACTIONS)(
    'R32 F37: pulled at any call of %s, nothing is changed after it',
    async (action) => {
      const { statuses } = await flipAtEveryCall(async (world) => {
        const document = documentOf(await planFor(action, world));
        return (ports) => executeAction(document, ports);
      });
      // Early: refused. After the last change: done.
      expect([...statuses].toSorted()).toEqual(['refused', 'started']);
    },
    120_000,
  );

  it.each(['COERCE_SCHEMA', 'QUARANTINE'] as const)(
    'R32 F37: pulled at any call of the inverse of %s, nothing is changed after it',
    async (action) => {
      const { statuses } = await flipAtEveryCall(async (world) => {
        const document = documentOf(await planFor(action, world));
        const execution = await executeAction(document, world.ports);
        return (ports) => undoAction({ ...document, execution }, ports);
      });
      expect([...statuses].toSorted()).toEqual(['stopped', 'undone']);
    },
    120_000,
  );

  it('R31 F37: a switch that cannot be read is engaged, and the INTENT it interrupts is shown to a person', async () => {
    const world = await healingWorld();
    const document = documentOf(await planFor('QUARANTINE', world));
    let copies = 0;
    const ports = faultyPorts(world.ports, {
      onCall: ({ port, op, given }) => {
        if (port === 'objectWriter' && op === 'copyObject') copies += 1;
        if (copies === 2 && port === 'operations' && JSON.stringify(given).includes('KILL_SWITCH')) throw new Error('no answer');
      },
    });
    const section = await executeAction(document, ports);
    expect(section).toMatchObject({ status: 'refused', reason: expect.stringContaining('E_KILL_SWITCH') });
    expect(section.reason).toContain('2 call(s) had begun');
    expect(section.effects.map((effect) => effect.result === 'begun, no result')).toEqual([false, true]);
    world.remove();
  });
});
