import { type Mutation, Mutations } from '../../../functions/execute-action/mutations.ts';
import type { Ports } from '../../../functions/shared/ports.ts';
import type { LedgerRow } from '../../../functions/shared/stores/action-ledger.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { IncidentStore } from '../../../functions/shared/stores/incidents.ts';
import { initialiseKillSwitch, setKillSwitch } from '../../../functions/shared/stores/settings.ts';
import { faultyPorts, type PortCall } from '../../support/fault-injection.ts';
import { type MemoryPorts, memoryPorts, NOW, secondsAgo } from '../../support/memory-ports.ts';

const CALL = 'StartJobRun:orders';

describe('Mutations', () => {
  let ports: Omit<MemoryPorts, 'jobStarter'> & Pick<Ports, 'jobStarter'>;
  let started: string[];
  beforeEach(async () => {
    const memory = memoryPorts();
    started = [];
    ports = {
      ...memory,
      jobStarter: {
        startJobRun: async ({ jobName }) => `jr_${started.push(jobName)}`,
        stopJobRun: async () => undefined,
      },
    };
    await initialiseKillSwitch(ports.operations, NOW);
  });
  const aMutation = (changes: Partial<Mutation<string>> = {}): Mutation<string> => ({
    call: CALL,
    target: 'orders',
    before: { runId: 'jr_0' },
    effect: ({ jobStarter }) => jobStarter.startJobRun({ jobName: 'orders', arguments: {} }),
    ...changes,
  });
  const make = (changes?: Partial<Mutation<string>>, on: Ports = ports) => new Mutations(on, 'inc-1').make(aMutation(changes));
  const pull = () => setKillSwitch(ports.operations, true, 'ada', 'stop', NOW);
  const row = () => new Mutations(ports, 'inc-1').ledger.get(CALL);
  const trail = async () => (await new AuditTrail(ports).entries('inc-1')).map(({ stepKey, payload }) => ({ stepKey, payload }));

  it('R35 reads the switch, audits and writes the INTENT, reads the switch again, acts, writes and audits the RESULT, in this order', async () => {
    const order: string[] = [];
    const noteworthy = ({ port, op, given }: PortCall) => {
      const text = JSON.stringify(given);
      if (text.includes('KILL_SWITCH')) return 'switch';
      if (port === 'audit' && op === 'append') return text.includes('INTENT:') ? 'audit INTENT' : 'audit RESULT';
      if (text.includes('LEDGER#')) return op === 'get' ? null : op === 'create' ? 'INTENT' : 'RESULT';
      return port === 'jobStarter' ? op : null;
    };
    const onCall = (call: PortCall) => {
      const noted = noteworthy(call);
      if (noted !== null) order.push(noted);
    };
    expect(await make({}, faultyPorts(ports, { onCall }))).toBe('jr_1');
    expect(order).toEqual(['switch', 'audit INTENT', 'INTENT', 'switch', 'startJobRun', 'RESULT', 'audit RESULT']);
  });

  it('R35 leaves a row with INTENT and RESULT, and two entries in the trail', async () => {
    await make();
    expect(await row()).toEqual({
      call: CALL,
      target: 'orders',
      intentAt: secondsAgo(0),
      before: { runId: 'jr_0' },
      resultAt: secondsAgo(0),
      result: 'jr_1',
    });
    expect(await trail()).toEqual([
      { stepKey: `INTENT:${CALL}`, payload: { call: CALL, target: 'orders' } },
      { stepKey: `RESULT:${CALL}`, payload: { call: CALL, target: 'orders', result: 'jr_1' } },
    ]);
  });

  it('R36 replayed, a call with a RESULT is not made again and gives the same answer', async () => {
    expect(await make()).toBe('jr_1');
    expect(await make()).toBe('jr_1');
    expect(started).toEqual(['orders']);
    expect(await trail()).toHaveLength(2);
  });

  it('R32 R36 what is done already is answered although the switch is pulled by now', async () => {
    await make();
    await pull();
    expect(await make()).toBe('jr_1');
  });

  it('R36 F24 replayed after a crash between RESULT and its audit entry, the entry is added and nothing else is done', async () => {
    const fault = { throws: 'InternalServerError', effect: 'not-made' as const };
    const schedule = [{ port: 'audit', op: 'append', callNumber: 2, fault }];
    await expect(make({}, faultyPorts(ports, { schedule }))).rejects.toThrow('InternalServerError');
    expect(await trail()).toHaveLength(1);
    expect(await make({ target: 'named otherwise by now' })).toBe('jr_1');
    expect(started).toEqual(['orders']);
    expect((await trail())[1]).toEqual({ stepKey: `RESULT:${CALL}`, payload: { call: CALL, target: 'orders', result: 'jr_1' } });
  });

  it('R36 an effect is told of the INTENT that a crash left behind, and on the first try of none', async () => {
    const seen: (LedgerRow | null)[] = [];
    const effect = async (_writers: unknown, unsettled: LedgerRow | null) => {
      seen.push(unsettled);
      if (seen.length === 1) throw new Error('the process died');
      return 'found';
    };
    await expect(make({ effect })).rejects.toThrow('the process died');
    const intent = await row();
    expect(intent).toMatchObject({ resultAt: null, result: null });
    ports.time.advance(61);
    expect(await make({ effect, before: { runId: 'something later' } })).toBe('found');
    expect(seen).toEqual([null, intent]);
    expect(await row()).toEqual({ ...intent, resultAt: secondsAgo(-61), result: 'found' });
  });

  it('R32 nothing is done, nor begun, where the switch is pulled', async () => {
    await pull();
    await expect(make()).rejects.toThrow(`E_KILL_SWITCH: ${CALL} was not made: engaged by ada: stop`);
    await expect(make()).rejects.toMatchObject({ name: 'KillSwitchEngagedError', code: 'E_KILL_SWITCH' });
    expect({ started, row: await row(), trail: await trail() }).toEqual({ started: [], row: undefined, trail: [] });
  });

  it('R32 a switch that is pulled while an effect is at work stops its next call; the INTENT stands', async () => {
    const effect: Mutation<string>['effect'] = async ({ jobStarter }) => {
      await jobStarter.startJobRun({ jobName: 'first', arguments: {} });
      await pull();
      return jobStarter.startJobRun({ jobName: 'second', arguments: {} });
    };
    await expect(make({ effect })).rejects.toThrow(`E_KILL_SWITCH: ${CALL} was not made`);
    expect(started).toEqual(['first']);
    expect(await row()).toMatchObject({ resultAt: null });
  });

  describe('of an incident that a person has ended', () => {
    const claim = () =>
      new IncidentStore(ports).claim({
        incidentId: 'inc-1',
        jobName: 'orders',
        runId: 'jr_0',
        attempt: 0,
        lineage: 'l1',
        retryCount: 0,
        owner: 'execution-1',
        trigger: {},
      });
    const end = () => new IncidentStore(ports).close('inc-1', 'HandedOver', 'ada has stopped it');

    it('R32 are made while it is open', async () => {
      await claim();
      expect(await make()).toBe('jr_1');
    });

    it('R32 begin nothing', async () => {
      await claim();
      await end();
      await expect(make()).rejects.toThrow(`E_INCIDENT_CLOSED: ${CALL} was not made: HandedOver, ada has stopped it`);
      expect({ started, row: await row(), trail: await trail() }).toEqual({ started: [], row: undefined, trail: [] });
    });

    it('R32 go no further than the call at which it was ended', async () => {
      await claim();
      const effect: Mutation<string>['effect'] = async ({ jobStarter }) => {
        await end();
        return jobStarter.startJobRun({ jobName: 'orders', arguments: {} });
      };
      await expect(make({ effect })).rejects.toMatchObject({ name: 'KillSwitchEngagedError', code: 'E_INCIDENT_CLOSED' });
      expect(started).toEqual([]);
    });
  });

  it('keeps an effect without an answer as null', async () => {
    await new Mutations(ports, 'inc-1').make({ call: CALL, target: 'orders', before: null, effect: async () => undefined });
    expect(await row()).toMatchObject({ result: null, resultAt: secondsAgo(0) });
    expect((await trail())[1]?.payload).toEqual({ call: CALL, target: 'orders', result: null });
  });

  it('R36 keeps incidents apart: what one has done, another has not', async () => {
    await make();
    const other = new Mutations(ports, 'inc-2');
    expect(other.incidentId).toBe('inc-2');
    expect(await other.make(aMutation())).toBe('jr_2');
  });
});
