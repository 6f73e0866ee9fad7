import { ActionLedger } from '../../../../functions/shared/stores/action-ledger.ts';
import { IncidentStore, incidentIdOf } from '../../../../functions/shared/stores/incidents.ts';
import { type MemoryPorts, memoryPorts } from '../../../support/memory-ports.ts';

describe('IncidentStore', () => {
  let ports: MemoryPorts;
  let store: IncidentStore;
  beforeEach(() => {
    ports = memoryPorts();
    store = new IncidentStore(ports);
  });
  const claim = (incidentId: string, owner = 'e-1') =>
    store.claim({ incidentId, jobName: 'orders', runId: 'jr_1', attempt: 0, lineage: 'l1', retryCount: 0, owner, trigger: {} });

  it('R2 has one id per job, run and attempt, however their names are cut', () => {
    const ids = [incidentIdOf('a', 'b', 0), incidentIdOf('a', 'b', 1), incidentIdOf('ab', '', 0), incidentIdOf('', 'ab', 0)];
    expect(new Set(ids).size).toBe(ids.length);
    expect(incidentIdOf('a', 'b', 0)).toBe(incidentIdOf('a', 'b', 0));
  });

  it('F22 lists what it claims before it is there: stopped in between, nothing is lost and nothing shown twice', async () => {
    const { create } = ports.operations;
    ports.operations.create = async (key, attributes) => {
      if (key.sk === 'SUMMARY') throw new Error('died');
      return create.call(ports.operations, key, attributes);
    };
    await expect(claim('i-1')).rejects.toThrow('died');
    expect(await store.list(1)).toEqual([]);
    ports.operations.create = create.bind(ports.operations);
    ports.time.advance(1);
    await claim('i-1');
    expect((await store.list(1)).map(({ incidentId }) => incidentId)).toEqual(['i-1']);
  });

  it('lets a successor in at once where nobody takes up the decision that it waited for', async () => {
    await claim('i-1');
    await store.awaitDecision('i-1', 'apr-1', new Date(ports.clock().getTime() + 86_400_000).toISOString());
    expect(await claim('i-1', 'e-2')).toBe('duplicate');
    expect(await store.abandonWait('i-1')).toMatchObject({ status: 'open' });
    expect(await claim('i-1', 'e-2')).toBe('claimed');
    expect(await store.abandonWait('i-1')).toMatchObject({ status: 'open', owner: 'e-2' });
    expect(await claim('i-1', 'e-3')).toBe('duplicate');
  });

  it('writes the outcome once: a second closing finds the first', async () => {
    await claim('i-1');
    await store.close('i-1', 'Resolved', 'validated');
    await store.close('i-1', 'HandedOver', 'silence');
    expect(await store.get('i-1')).toMatchObject({ outcome: 'Resolved', reason: 'validated' });
  });

  it('opens again what was deferred, and nothing else', async () => {
    for (const outcome of ['Resolved', 'HandedOver', 'StoodDown', 'Superseded', 'Shadowed', 'Logged'] as const) {
      await claim(outcome);
      await store.close(outcome, outcome, 'x');
      expect(await store.reopen(outcome)).toMatchObject({ status: 'closed', opening: 1 });
    }
    await claim('i-1');
    await store.close('i-1', 'Deferred', 'waits');
    expect(await store.reopen('i-1')).toMatchObject({ status: 'open', outcome: null, opening: 2 });
    expect(await store.reopen('i-1')).toMatchObject({ opening: 2 });
    expect(await claim('i-1', 'e-2')).toBe('claimed');
    expect(await claim('i-1', 'e-3')).toBe('duplicate');
    expect(await store.reopen('unknown')).toBeUndefined();
  });

  it('lists the newest first, over the days that are asked for', async () => {
    for (const id of ['i-1', 'i-2', 'i-3']) {
      await claim(id);
      ports.time.advance(86_400);
    }
    const listed = async (days: number) => (await store.list(days)).map(({ incidentId }) => incidentId);
    expect(await listed(4)).toEqual(['i-3', 'i-2', 'i-1']);
    expect(await listed(2)).toEqual(['i-3']);
  });
});

describe('ActionLedger', () => {
  it('R36 keeps the first INTENT and the first RESULT of a call, and their order is the calls’ names', async () => {
    const ports = memoryPorts();
    const ledger = new ActionLedger(ports, 'inc-1');
    expect(await ledger.get('B')).toBeUndefined();
    const first = await ledger.intend('B', 'orders', { version: 6 });
    expect(first).toMatchObject({ resultAt: null, before: { version: 6 } });
    ports.time.advance(60);
    expect(await ledger.intend('B', 'orders', { version: 7 })).toEqual(first);
    await ledger.conclude('B', 'done');
    ports.time.advance(60);
    await ledger.conclude('B', 'done again');
    await ledger.conclude('never begun', 'x');
    await ledger.intend('A', 'orders', null);
    expect((await ledger.rows()).map(({ call, result }) => [call, result])).toEqual([
      ['A', null],
      ['B', 'done'],
    ]);
    expect(await new ActionLedger(ports, 'inc-2').rows()).toEqual([]);
  });
});
