import fc from 'fast-check';
import { canonicalHash } from '../../../../functions/shared/canonical-hash.ts';
import { type AuditEntry, AuditTrail, verifyChain } from '../../../../functions/shared/stores/audit-trail.ts';
import { MemoryAppendOnlyTable } from '../../../../local/twins/memory-item-table.ts';
import { gatedTable, type MemoryPorts, memoryPorts } from '../../../support/memory-ports.ts';

const ID = 'inc-1';

describe('AuditTrail', () => {
  let ports: MemoryPorts;
  let trail: AuditTrail;
  beforeEach(() => {
    ports = memoryPorts();
    trail = new AuditTrail(ports);
  });
  const stepsOf = async () => (await trail.entries(ID)).map((entry) => entry.stepKey);

  it('R65 appends a step once: the second append returns the first one’s entry and writes nothing', async () => {
    const first = await trail.append(ID, 'A#1', { value: 1 });
    ports.time.advance(60);
    expect(await trail.append(ID, 'A#1', { value: 2 })).toEqual(first);
    expect(await trail.recorded(ID, 'A#1')).toEqual(first);
    expect(await trail.entries(ID)).toEqual([first]);
  });

  it('R65 the table refuses a key that is taken, and every write that is no append', async () => {
    await trail.append(ID, 'A#1', {});
    expect(await ports.audit.append({ pk: ID, sk: '00000001' }, { forged: true })).toBe('exists');
    const writable = ports.audit as unknown as { replace(): Promise<never>; delete(): Promise<never> };
    await expect(writable.replace()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(writable.delete()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect('create' in MemoryAppendOnlyTable.prototype).toBe(false);
  });

  it('knows nothing of steps that have not recorded', async () => {
    expect(await trail.recorded(ID, 'A#1')).toBeUndefined();
    await trail.append(ID, 'A#1', {});
    expect(await trail.recorded(ID, 'A#2')).toBeUndefined();
    expect(await trail.recorded('inc-2', 'A#1')).toBeUndefined();
  });

  it('R66 chains many writers that append at once, in any interleaving, without a gap or a fork', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom('A#1', 'B#1', 'C#1', 'D#1'), { maxLength: 6 }),
        async (scheduler, steps) => {
          ports = memoryPorts();
          const wait = (call: string) => scheduler.schedule(Promise.resolve(), call);
          const gated = { ...ports, operations: gatedTable(ports.operations, wait), audit: gatedTable(ports.audit, wait) };
          await scheduler.waitFor(Promise.all(steps.map((step, index) => new AuditTrail(gated).append(ID, step, { index }))));
          trail = new AuditTrail(ports);
          expect((await stepsOf()).toSorted()).toEqual([...new Set(steps)].toSorted());
          expect((await trail.verify(ID)).verdict).toBe('intact');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('R36 whichever call it dies at, running again yields one entry per step and an intact chain', async () => {
    for (let dyingCall = 1; dyingCall <= 12; dyingCall += 1) {
      for (const dies of ['before', 'after'] as const) {
        ports = memoryPorts();
        trail = new AuditTrail(ports);
        await trail.append(ID, 'A#1', { value: 1 });
        let call = 0;
        const dying = <Table extends object>(table: Table) =>
          new Proxy(table, {
            get:
              (target, property) =>
              async (...given: unknown[]) => {
                call += 1;
                if (call === dyingCall && dies === 'before') throw new Error('died');
                const member = Reflect.get(target, property, target) as (...given: unknown[]) => Promise<unknown>;
                const result = await member.apply(target, given);
                if (call === dyingCall) throw new Error('died');
                return result;
              },
          });
        const mortal = new AuditTrail({ clock: ports.clock, operations: dying(ports.operations), audit: dying(ports.audit) });
        await mortal.append(ID, 'B#1', { value: 2 }).catch((error: Error) => expect(error.message).toBe('died'));
        await trail.append(ID, 'B#1', { value: 2 });
        await trail.append(ID, 'C#1', { value: 3 });
        expect(await stepsOf()).toEqual(['A#1', 'B#1', 'C#1']);
        expect((await trail.verify(ID)).verdict).toBe('intact');
      }
    }
  });

  it('a crash between append and advance is seen as recorded, and taken along by the next writer', async () => {
    const forgetful = new AuditTrail({
      ...ports,
      operations: gatedTable(ports.operations, async (call) => {
        if (call !== 'get') throw new Error('died');
      }),
    });
    await expect(forgetful.append(ID, 'A#1', { value: 1 })).rejects.toThrow('died');
    expect((await trail.recorded(ID, 'A#1'))?.payload).toEqual({ value: 1 });
    expect((await trail.verify(ID)).verdict).toBe('intact');
    await trail.append(ID, 'B#1', { value: 2 });
    expect(await stepsOf()).toEqual(['A#1', 'B#1']);
  });

  it('R66 does not take a chain that grows while it is read for one that was tampered with', async () => {
    for (const grows of ['before the entries are read', 'after']) {
      ports = memoryPorts();
      trail = new AuditTrail(ports);
      await trail.append(ID, 'A#1', {});
      let isFirst = true;
      const audit = gatedTable(ports.audit, async (call) => {
        if (call !== 'query' || !isFirst) return;
        isFirst = false;
        if (grows === 'after') return;
        for (const step of ['B#1', 'C#1', 'D#1']) await trail.append(ID, step, {});
      });
      const operations = gatedTable(ports.operations, async (call) => {
        if (call !== 'get' || isFirst || grows !== 'after' || (await trail.entries(ID)).length > 1) return;
        for (const step of ['B#1', 'C#1', 'D#1']) await trail.append(ID, step, {});
      });
      expect(await new AuditTrail({ ...ports, audit, operations }).verify(ID)).toMatchObject({ verdict: 'intact', entries: 4 });
    }
  });

  it('R66 names the entry that is none any more', async () => {
    for (const step of ['A#1', 'B#1', 'C#1']) await trail.append(ID, step, {});
    const edited = new MemoryAppendOnlyTable();
    for (const entry of await trail.entries(ID)) {
      const { hash, ...rest } = entry;
      await edited.append({ pk: ID, sk: String(entry.sequence).padStart(8, '0') }, entry.sequence === 2 ? rest : { ...rest, hash });
    }
    expect(await new AuditTrail({ ...ports, audit: edited }).verify(ID)).toMatchObject({
      verdict: 'broken',
      entries: 3,
      firstBadEntry: 2,
      reason: expect.stringContaining('hash'),
    });
  });
});

describe('verifyChain', () => {
  const chainOf = (payloads: readonly unknown[]): AuditEntry[] => {
    const entries: AuditEntry[] = [];
    for (const [index, payload] of payloads.entries()) entries.push(entryAfter(entries.at(-1), index + 1, payload));
    return entries;
  };
  const entryAfter = (previous: AuditEntry | undefined, sequence: number, payload: unknown): AuditEntry => {
    const content = {
      incidentId: ID,
      sequence,
      stepKey: `Step#${sequence}`,
      at: '2026-11-05T12:00:00.000Z',
      payload,
      previousHash: previous?.hash ?? '0'.repeat(64),
    };
    return { ...content, hash: canonicalHash(content) };
  };
  const anchorOf = (entries: readonly AuditEntry[]) => ({ count: entries.length, head: entries.at(-1)?.hash ?? '0'.repeat(64) });
  const chain = chainOf(['a', 'b', 'c', 'd', 'e']);
  const anchor = anchorOf(chain);
  const at = (position: number): AuditEntry => {
    const entry = chain[position - 1];
    if (!entry) throw new RangeError(`no entry ${position}`);
    return entry;
  };
  const positions = [1, 2, 3, 4, 5];

  it('R66 finds a chain that nobody touched intact, also one entry ahead of its anchor', () => {
    expect(verifyChain(ID, chain, anchor)).toEqual({ verdict: 'intact', entries: 5, head: at(5).hash });
    expect(verifyChain(ID, chain, anchorOf(chain.slice(0, 4))).verdict).toBe('intact');
    expect(verifyChain(ID, [], { count: 0, head: '0'.repeat(64) }).verdict).toBe('intact');
  });

  it.each(positions)('R66 finds an edit of entry %i, in any field', (position) => {
    for (const change of [{ payload: 'x' }, { at: '2026-11-05T12:00:01.000Z' }, { stepKey: 'Other#1' }, { hash: 'f'.repeat(64) }]) {
      const edited = chain.map((entry) => (entry.sequence === position ? { ...entry, ...change } : entry));
      expect(verifyChain(ID, edited, anchor)).toMatchObject({ verdict: 'broken', firstBadEntry: position });
    }
  });

  it.each(positions)('R66 finds an edit of entry %i that was hashed again', (position) => {
    const edited = chain.map((entry) => (entry.sequence === position ? entryAfter(chain[position - 2], position, 'x') : entry));
    expect(verifyChain(ID, edited, anchor).verdict).toBe('broken');
  });

  it('R66 finds a chain that was written anew from some entry on', () => {
    expect(verifyChain(ID, chainOf(['a', 'b', 'X', 'd', 'e']), anchor)).toMatchObject({
      firstBadEntry: 5,
      reason: 'differs from the anchored head',
    });
  });

  it.each(positions)('R66 finds that entry %i was deleted', (position) => {
    const without = chain.filter((entry) => entry.sequence !== position);
    expect(verifyChain(ID, without, anchor)).toMatchObject({ verdict: 'broken', firstBadEntry: position });
  });

  it.each([1, 2, 3, 4, 5, 6])('R66 finds an entry inserted at %i', (position) => {
    const inserted = entryAfter(chain[position - 2], position, 'x');
    const longer = [...chain.slice(0, position - 1), inserted, ...chain.slice(position - 1)];
    const further = position === 6 ? [...longer, entryAfter(inserted, 7, 'y')] : longer;
    expect(verifyChain(ID, further, anchor).verdict).toBe('broken');
  });

  it('R66 finds any two entries that were swapped, numbered again or not', () => {
    for (const left of positions)
      for (const right of positions.filter((each) => each > left)) {
        const swapped = chain.with(left - 1, at(right)).with(right - 1, at(left));
        expect(verifyChain(ID, swapped, anchor)).toMatchObject({ verdict: 'broken', firstBadEntry: left });
        const numbered = swapped.map((entry, index) => ({ ...entry, sequence: index + 1 }));
        expect(verifyChain(ID, numbered, anchor)).toMatchObject({ verdict: 'broken', firstBadEntry: left });
      }
  });

  it.each([0, 1, 2, 3, 4])('R66 finds that the tail was cut off after entry %i', (kept) => {
    expect(verifyChain(ID, chain.slice(0, kept), anchor)).toMatchObject({
      verdict: 'broken',
      firstBadEntry: kept + 1,
      reason: 'is missing: 5 entries were anchored',
    });
  });

  it('R66 finds an entry of another incident', () => {
    expect(verifyChain('inc-2', chain, anchor)).toMatchObject({ firstBadEntry: 1, reason: `belongs to ${ID}` });
  });

  it('R66 finds whatever one change does to a chain', () => {
    const changed = fc.oneof(
      fc.record({ kind: fc.constant('delete' as const), at: fc.nat(4) }),
      fc.record({ kind: fc.constant('duplicate' as const), at: fc.nat(4) }),
      fc.record({ kind: fc.constant('edit' as const), at: fc.nat(4), payload: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(changed, (change) => {
        if (change.kind === 'edit' && change.payload === at(change.at + 1).payload) return;
        const next =
          change.kind === 'delete'
            ? chain.toSpliced(change.at, 1)
            : change.kind === 'duplicate'
              ? chain.toSpliced(change.at, 0, at(change.at + 1))
              : chain.with(change.at, { ...at(change.at + 1), payload: change.payload });
        expect(verifyChain(ID, next, anchor).verdict).toBe('broken');
      }),
    );
  });
});
