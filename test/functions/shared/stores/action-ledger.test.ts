import { ActionLedger } from '../../../../functions/shared/stores/action-ledger.ts';
import { type MemoryPorts, memoryPorts, secondsAgo } from '../../../support/memory-ports.ts';

const CALL = 'UpdateTable:sales.orders';

describe('ActionLedger', () => {
  let ports: MemoryPorts;
  let ledger: ActionLedger;
  beforeEach(() => {
    ports = memoryPorts();
    ledger = new ActionLedger(ports, 'inc-1');
  });

  it('R35 knows nothing of a call that nobody has intended', async () => {
    expect(await ledger.get(CALL)).toBeUndefined();
    expect(await ledger.rows()).toEqual([]);
  });

  it('R35 an INTENT says what is about to be done and what its inverse needs, without a RESULT', async () => {
    const row = await ledger.intend(CALL, 'sales.orders', { versionId: '7' });
    expect(row).toEqual({
      call: CALL,
      target: 'sales.orders',
      intentAt: secondsAgo(0),
      before: { versionId: '7' },
      resultAt: null,
      result: null,
    });
    expect(await ledger.get(CALL)).toEqual(row);
  });

  it('R36 the first INTENT of a call stays: what the world was like before it is not asked twice', async () => {
    const first = await ledger.intend(CALL, 'sales.orders', { versionId: '7' });
    ports.time.advance(60);
    expect(await ledger.intend(CALL, 'another target', { versionId: '8' })).toEqual(first);
    expect(await ledger.get(CALL)).toEqual(first);
  });

  it('R36 of two INTENTs at the same moment one stands, and both are told which', async () => {
    const [one, other] = await Promise.all([ledger.intend(CALL, 'a', 1), ledger.intend(CALL, 'b', 2)]);
    expect(one).toEqual(other);
    expect(await ledger.rows()).toEqual([one]);
  });

  it('R35 a RESULT is added to its INTENT', async () => {
    const intent = await ledger.intend(CALL, 'sales.orders', null);
    ports.time.advance(5);
    await ledger.conclude(CALL, { versionId: '8' });
    expect(await ledger.get(CALL)).toEqual({ ...intent, resultAt: secondsAgo(-5), result: { versionId: '8' } });
  });

  it('R36 the first RESULT stays, and so does its INTENT', async () => {
    await ledger.intend(CALL, 'sales.orders', null);
    await ledger.conclude(CALL, 'first');
    const concluded = await ledger.get(CALL);
    ports.time.advance(60);
    await ledger.conclude(CALL, 'second');
    await ledger.intend(CALL, 'sales.orders', 'later');
    expect(await ledger.get(CALL)).toEqual(concluded);
  });

  it('keeps nothing to restore, and no answer, as null', async () => {
    await ledger.intend(CALL, 'sales.orders', undefined);
    await ledger.conclude(CALL, undefined);
    expect(await ledger.get(CALL)).toMatchObject({ before: null, result: null, resultAt: secondsAgo(0) });
  });

  it('writes no RESULT of a call that was never intended', async () => {
    await ledger.conclude(CALL, 'done');
    expect(await ledger.get(CALL)).toBeUndefined();
  });

  it('lists the calls of its own incident by their names, and nothing else of it', async () => {
    const other = new ActionLedger(ports, 'inc-2');
    await other.intend(CALL, 'of another incident', null);
    await ports.operations.create({ pk: 'INCIDENT#inc-1', sk: 'AUDIT_HEAD' }, {});
    await ports.operations.create({ pk: 'INCIDENT#inc-1', sk: 'META' }, {});
    for (const call of ['b', 'a', 'c']) await ledger.intend(call, call, null);
    expect((await ledger.rows()).map((row) => row.call)).toEqual(['a', 'b', 'c']);
    expect((await other.rows()).map((row) => row.target)).toEqual(['of another incident']);
  });

  it('lists them all, though they fill more than one page of the table', async () => {
    const calls = Array.from({ length: 9 }, (_, index) => `call-${index}`);
    for (const call of calls) await ledger.intend(call, call, 'x'.repeat(300_000));
    expect((await ledger.rows()).map((row) => row.call)).toEqual(calls);
  });

  it.each([
    ['without its time', { call: CALL, target: 't', before: null, resultAt: null, result: null }],
    ['with a field that nobody knows', { call: CALL, target: 't', intentAt: secondsAgo(0), before: 1, resultAt: null, result: 1, by: 'x' }],
    ['that is empty', {}],
  ])('a stored row %s is refused: nothing is guessed from it', async (_what, attributes) => {
    await ports.operations.create({ pk: 'INCIDENT#inc-1', sk: `LEDGER#${CALL}` }, attributes);
    await expect(ledger.get(CALL)).rejects.toThrow('E_STORED');
    await expect(ledger.rows()).rejects.toThrow('E_STORED');
    await expect(ledger.conclude(CALL, 'done')).rejects.toThrow('E_STORED');
  });
});
