import fc from 'fast-check';
import { beginSettling, finishSettling, joinStorm, listStorms, type Storm } from '../../../../functions/shared/stores/storms.ts';
import { gatedTable, type MemoryPorts, memoryPorts } from '../../../support/memory-ports.ts';

const K = 4;
const limits = { stormIncidents: K, stormWindowSeconds: 600 };

describe('storms', () => {
  let ports: MemoryPorts;
  beforeEach(() => {
    ports = memoryPorts();
  });
  const join = (incidentId: string, signature = 'throttling') => joinStorm(ports, signature, incidentId, limits);
  const joinAll = async (count: number, from = 1) => {
    for (let index = from; index < from + count; index += 1) await join(`i-${index}`);
  };
  const onlyStorm = async (): Promise<Storm> => {
    const [storm, ...others] = await listStorms(ports.operations);
    expect(others).toEqual([]);
    if (!storm) throw new Error('no storm is listed');
    return storm;
  };

  it('lets the first k-1 of a signature act and defers the k-th and all after it', async () => {
    const places = [];
    for (let index = 1; index <= K + 1; index += 1) places.push(await join(`i-${index}`));
    expect(places).toEqual([
      { place: 1, deferred: false },
      { place: 2, deferred: false },
      { place: 3, deferred: false },
      { place: 4, deferred: true },
      { place: 5, deferred: true },
    ]);
    expect(await onlyStorm()).toMatchObject({ deferred: ['i-4', 'i-5'], settled: 'pending' });
  });

  it('is no storm below the k-th', async () => {
    await joinAll(K - 1);
    expect(await listStorms(ports.operations)).toEqual([]);
  });

  it('gives an incident that asks again the same place', async () => {
    await joinAll(K + 1);
    expect(await join('i-1')).toEqual({ place: 1, deferred: false });
    expect(await join('i-5')).toEqual({ place: 5, deferred: true });
    expect((await onlyStorm()).members).toHaveLength(K + 1);
  });

  it('counts each signature for itself', async () => {
    await joinAll(K - 1);
    expect(await join('other', 'disk-full')).toEqual({ place: 1, deferred: false });
  });

  it('R33 never lets more than k-1 act, however the incidents interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 9 }), async (scheduler, count) => {
        ports = memoryPorts();
        const gated = { ...ports, operations: gatedTable(ports.operations, (call) => scheduler.schedule(Promise.resolve(), call)) };
        const places = await scheduler.waitFor(
          Promise.all(Array.from({ length: count }, (_, index) => joinStorm(gated, 'throttling', `i-${index}`, limits))),
        );
        expect(places.filter((each) => !each.deferred)).toHaveLength(Math.min(count, K - 1));
        const listed = (await listStorms(ports.operations)).flatMap((storm) => storm.deferred);
        expect(listed).toHaveLength(Math.max(count - (K - 1), 0));
      }),
      { numRuns: 60 },
    );
  });

  it('begins a new window when the last one is over, and keeps those who wait in the old one', async () => {
    await joinAll(K);
    ports.time.advance(601);
    expect(await join('later')).toEqual({ place: 1, deferred: false });
    expect(await onlyStorm()).toMatchObject({ members: ['i-1', 'i-2', 'i-3', 'i-4'], deferred: ['i-4'], settled: 'pending' });
  });

  it('a member that is opened again after its storm was settled joins a new window, and may act', async () => {
    await joinAll(K);
    const storm = await onlyStorm();
    expect(await beginSettling(ports, storm, 'reopening')).toBe(true);
    expect(await join('i-4')).toEqual({ place: 1, deferred: false });
    await finishSettling(ports.operations, storm);
    expect(await listStorms(ports.operations)).toEqual([]);
  });

  it('nobody joins a storm that is being settled', async () => {
    await joinAll(K);
    const storm = await onlyStorm();
    await beginSettling(ports, storm, 'digesting');
    expect(await join('new')).toEqual({ place: 1, deferred: false });
    expect((await onlyStorm()).members).not.toContain('new');
  });

  it('is not settled as it was seen where somebody has joined since', async () => {
    await joinAll(K);
    const seen = await onlyStorm();
    await join('one-more');
    expect(await beginSettling(ports, seen, 'reopening')).toBe(false);
    expect((await onlyStorm()).settled).toBe('pending');
  });

  it('is settled by one of many', async () => {
    await joinAll(K);
    const storm = await onlyStorm();
    const begun = await Promise.all([1, 2, 3].map(() => beginSettling(ports, storm, 'reopening')));
    expect(begun.filter(Boolean)).toHaveLength(1);
  });

  it('is listed until all that was to be done about it is done: a crash in between leaves it', async () => {
    await joinAll(K);
    const storm = await onlyStorm();
    await beginSettling(ports, storm, 'reopening');
    expect((await onlyStorm()).settled).toBe('reopening');
    await finishSettling(ports.operations, storm);
    expect(await listStorms(ports.operations)).toEqual([]);
    await finishSettling(ports.operations, storm);
    expect(await listStorms(ports.operations)).toEqual([]);
  });

  it('loses nobody where the process dies between joining and being listed: asking again lists it', async () => {
    await joinAll(K - 1);
    const dying = gatedTable(ports.operations, async (call) => {
      if (call === 'create' && (await ports.operations.get({ pk: 'STORM#throttling', sk: '00000001' }))?.revision === K)
        throw new Error('died');
    });
    await expect(joinStorm({ ...ports, operations: dying }, 'throttling', 'i-4', limits)).rejects.toThrow('died');
    expect(await listStorms(ports.operations)).toEqual([]);
    expect(await join('i-4')).toEqual({ place: 4, deferred: true });
    expect((await onlyStorm()).deferred).toEqual(['i-4']);
  });
});
