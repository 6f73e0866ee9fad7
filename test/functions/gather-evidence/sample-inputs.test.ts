import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { objectsOfOffendingRows, offendingObjects } from '../../../functions/detect-anomalies/data-against-baseline.ts';
import { analyzeQuality } from '../../../functions/detect-anomalies/quality-analyzer/analyze-quality.ts';
import { learnBaseline } from '../../../functions/detect-anomalies/quality-analyzer/learn-baseline.ts';
import { Gaps } from '../../../functions/gather-evidence/gaps.ts';
import { keysNamedIn } from '../../../functions/gather-evidence/keys-named-in.ts';
import { chooseObjects, isDamaged, type Sampling, sampleInput } from '../../../functions/gather-evidence/sample-inputs.ts';
import type { GoodRun } from '../../../functions/shared/stores/good-runs.ts';
import { faultyPorts, type PortCall } from '../../support/fault-injection.ts';
import { GOOD_KEY, type HealingWorld, healingWorld, INPUT, KEYS } from '../../support/healing-world.ts';
import { secondsAgo } from '../../support/memory-ports.ts';

const [FIRST = '', SECOND = ''] = KEYS;
const goodRun = (startedOn: string): GoodRun => ({
  runId: 'jr_good',
  startedOn,
  recordedAt: startedOn,
  executionTimeSeconds: 60,
  dpuSeconds: null,
  tables: [],
  baselines: [],
});

describe('chooseObjects', () => {
  const object = (index: number) => ({ key: `k${String(index).padStart(4, '0')}`, lastModified: new Date(index * 1000).toISOString() });
  const newest = (count: number) => Array.from({ length: count }, (_, index) => object(index));

  it('takes all where they are few, newest first', () => {
    expect(chooseObjects(newest(3)).map(({ key }) => key)).toEqual(['k0002', 'k0001', 'k0000']);
  });

  it('of many takes the newest and an even choice of the rest, none twice', () => {
    const chosen = chooseObjects(newest(200)).map(({ key }) => key);
    expect(chosen).toHaveLength(40);
    expect(new Set(chosen).size).toBe(40);
    expect(chosen.slice(0, 20)).toEqual(
      newest(200)
        .slice(180)
        .map(({ key }) => key)
        .toReversed(),
    );
    expect(Math.min(...chosen.map((key) => Number(key.slice(1))))).toBeLessThan(10);
  });

  it('takes those that the log names, wherever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 41, max: 300 }), fc.array(fc.nat(299), { maxLength: 60 }), (count, picks) => {
        const named = new Set(picks.filter((index) => index < count).map((index) => object(index).key));
        const chosen = chooseObjects(newest(count), named);
        expect(chosen).toHaveLength(40);
        expect(new Set(chosen).size).toBe(40);
        const found = chosen.filter(({ key }) => named.has(key)).length;
        expect(found).toBeGreaterThanOrEqual(Math.min(named.size, 20));
      }),
    );
  });
});

describe('sampleInput', () => {
  let world: HealingWorld;
  let gaps: Gaps;
  beforeEach(async () => {
    world = await healingWorld();
    gaps = new Gaps();
  });
  afterEach(() => world.remove());

  const sample = (good?: GoodRun, sampling?: Sampling, onCall?: (call: PortCall) => void) =>
    sampleInput(INPUT, good, 'evidence/inc', faultyPorts(world.ports, onCall ? { onCall } : {}), gaps, sampling);
  const put = (key: string, bytes: Uint8Array) => world.objects.putObject('lake', key, bytes);

  it('reads every object, and remembers which rows came from which', async () => {
    const { evidence, sample: merged, listing } = await sample();
    expect(listing).toBe('complete');
    expect(evidence).toMatchObject({ objectCount: 4, newObjectCount: 4, sample: { bucket: 'artefacts' } });
    expect(merged?.table.rowCount).toBe(4);
    expect(merged?.objects.map((object) => object.key).toSorted()).toEqual([GOOD_KEY, ...KEYS]);
    expect(gaps.list).toEqual([]);
  });

  it('takes as new what came after the start of the last good run, and nothing from after the given end', async () => {
    world.ports.time.advance(60);
    await put('orders/incoming/later.csv', Buffer.from('id,amount\n9,90\n'));
    const newer = await sample(goodRun(secondsAgo(-30)));
    expect(newer.evidence).toMatchObject({ objectCount: 5, newObjectCount: 1 });
    expect(newer.evidence.inspected.map((object) => object.key)).toEqual(['orders/incoming/later.csv']);
    expect((await sample(undefined, { until: secondsAgo(-30) })).evidence).toMatchObject({ objectCount: 4 });
  });

  it('passes over folder markers and bookkeeping', async () => {
    for (const key of ['_SUCCESS', '.hidden', 'x_$folder$', 'dt=1/_metadata', '']) await put(`orders/incoming/${key}`, Buffer.from('x'));
    expect((await sample()).evidence.objectCount).toBe(4);
  });

  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  it.each<[string, string, Uint8Array, RegExp]>([
    ['a gzip bomb', 'bomb.csv.gz', bomb, /^E_/],
    ['a cut gzip', 'cut.csv.gz', gzipSync('id,amount\n1,2\n'.repeat(1000)).subarray(0, 40), /^E_/],
    ['bytes that are no gzip', 'not.csv.gz', Buffer.from('id,amount\n1,2\n'), /^(E_|read)/],
    ['binary rubbish', 'rubbish.csv', Buffer.from(Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)), /^(E_|read)/],
    ['an empty object', 'empty.csv', new Uint8Array(), /^(E_|read)/],
  ])('R69: %s becomes a reading error of its own at most, and never stops the others', async (_name, file, bytes, outcome) => {
    await put(`orders/incoming/${file}`, bytes);
    const { evidence, sample: merged } = await sample();
    const object = evidence.inspected.find(({ key }) => key.endsWith(file));
    expect(object ? (object.readError?.code ?? 'read') : 'missing').toMatch(outcome);
    expect(merged?.table.rowCount).toBeGreaterThanOrEqual(4);
    expect(evidence.inspected.filter((each) => each.readError !== null).length).toBeLessThanOrEqual(1);
  });

  it.each(['parquet', 'jsonl'] as const)('a corrupt %s object among good bytes is a reading error', async (format) => {
    await put(`orders/incoming/bad.${format}`, Buffer.from('PAR1 this is not a footer PAR1'));
    const { evidence } = await sampleInput({ ...INPUT, format }, undefined, 'p', world.ports, gaps);
    expect(evidence.inspected).toHaveLength(5);
    for (const object of evidence.inspected) {
      if (object.readError) expect(object.readError.code).toMatch(/^E_/);
    }
    if (format === 'parquet') expect(evidence.inspected.every((object) => object.readError !== null)).toBe(true);
  });

  it.each(['AccessDenied', 'SlowDown', 'NoSuchKey', 'TimeoutError', 'ECONNRESET'])(
    'R13: bytes that could not be had for %s are no sign of damage',
    async (name) => {
      const { evidence } = await sample(undefined, {}, ({ op, given }) => {
        if (op === 'getRange' && given[1] === SECOND) throw Object.assign(new Error('not now'), { name });
      });
      const object = evidence.inspected.find(({ key }) => key === SECOND);
      expect(object?.readError?.code).toBe(name);
      expect(object && isDamaged(object)).toBe(false);
    },
  );

  it.each(['parquet', 'csv'] as const)('R13: nor are they where the reader of %s makes an error of its own of it', async (format) => {
    const key = `orders/incoming/large.${format === 'csv' ? 'csv.gz' : format}`;
    // a footer of 200,000 bytes: the first reading does not reach its start
    const parquet = [Buffer.from('PAR1'), Buffer.alloc(300_000), Buffer.from([0x40, 0x0d, 0x03, 0x00]), Buffer.from('PAR1')];
    await put(key, format === 'csv' ? gzipSync(randomBytes(3_000_000)) : Buffer.concat(parquet));
    let reads = 0;
    const ports = faultyPorts(world.ports, {
      onCall: ({ op, given }) => {
        if (op !== 'getRange' || given[1] !== key) return;
        reads += 1;
        if (reads > 1) throw Object.assign(new Error('reset'), { name: 'ECONNRESET' });
      },
    });
    const { evidence } = await sampleInput({ ...INPUT, format }, undefined, 'p', ports, gaps);
    expect(evidence.inspected.find((object) => object.key === key)?.readError?.code).toBe('ECONNRESET');
  });

  it('R13 F7: a listing that fails is a gap, not an empty input', async () => {
    const { listing, evidence } = await sample(undefined, {}, ({ op }) => {
      if (op === 'listObjects') throw Object.assign(new Error('Rate exceeded'), { name: 'SlowDown' });
    });
    expect(listing).toBe('failed');
    expect(evidence.inspected).toEqual([]);
    expect(gaps.list).toEqual([{ source: 'input orders', reason: expect.stringContaining('SlowDown') }]);
  });

  it('R15: no secret of a message gets into the evidence, and no half character', async () => {
    const { evidence } = await sample(undefined, {}, ({ op, given }) => {
      if (op === 'getRange' && given[1] === FIRST) throw new Error(`password=hunter2hunter2 ${'😀'.repeat(400)}`);
    });
    const message = evidence.inspected.find(({ key }) => key === FIRST)?.readError?.message ?? '';
    expect(message).not.toContain('hunter2');
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message.isWellFormed()).toBe(true);
  });

  describe('among 400 objects that the log does not name', () => {
    const keyOf = (index: number) => `orders/incoming/part-${String(index).padStart(4, '0')}.csv`;
    const rowsOf = (index: number) =>
      `id,amount\n${Array.from({ length: 30 }, (_, row) => `${index * 30 + row},${10 + ((index * 7 + row * 3) % 40)}`).join('\n')}\n`;
    const bad: Readonly<Record<string, (index: number) => string>> = {
      'an error page in its place': () => '<html>\n<head><title>503</title></head>\n<body>Service Unavailable</body>\n</html>\n',
      'values of another type': (index) => rowsOf(index).replace(/,\d+$/gm, ',n/a'),
      'values far off': (index) => rowsOf(index).replace(/,(\d+)$/gm, ',-99999$1'),
      'nothing in a column': (index) => rowsOf(index).replace(/,\d+$/gm, ','),
      'other columns': (index) => rowsOf(index).replaceAll('\n', ',x\n'),
    };

    it('the one that is damaged is found, and the one whose rows are odd is read, wherever it is', async () => {
      for (let index = 0; index < 400; index += 1) await put(keyOf(index), Buffer.from(rowsOf(index)));
      world.ports.time.advance(1);
      await fc.assert(
        fc.asyncProperty(fc.nat(399), fc.constantFrom(...Object.keys(bad)), async (index, what) => {
          await put(keyOf(index), Buffer.from(bad[what]?.(index) ?? ''));
          const { evidence } = await sample(goodRun(secondsAgo(1)));
          await put(keyOf(index), Buffer.from(rowsOf(index)));
          const found = evidence.inspected.find(({ key }) => key === keyOf(index));
          expect(found?.key).toBe(keyOf(index));
          expect(found && isDamaged(found)).toBe(what === 'an error page in its place');
          expect(evidence.inspected.filter(isDamaged).length).toBeLessThanOrEqual(1);
          expect(evidence.inspected.length).toBeLessThanOrEqual(41);
        }),
        { numRuns: 6, seed: 5 },
      );
      expect(gaps.list).toEqual([]);
    });
  });

  describe('among 200 objects', () => {
    const keyOf = (index: number) => `orders/incoming/part-${String(index).padStart(4, '0')}.csv`;
    const rowsOf = (index: number) =>
      `id,amount\n${Array.from({ length: 30 }, (_, row) => `${index * 30 + row},${10 + ((index * 7 + row * 3) % 40)}`).join('\n')}\n`;
    const BAD = keyOf(77);

    async function deliver(bad: Uint8Array): Promise<void> {
      for (let index = 0; index < 200; index += 1) {
        world.ports.time.advance(1);
        await put(keyOf(index), index === 77 ? bad : Buffer.from(rowsOf(index)));
      }
    }

    it('the one that cannot be read and that the log names is found', async () => {
      await deliver(gzipSync(rowsOf(77)).subarray(0, 60));
      const log = `Caused by: java.io.IOException: Error while reading s3://lake/${BAD}: unexpected end`;
      const named = keysNamedIn(log, INPUT.prefix);
      const { evidence } = await sample(goodRun(secondsAgo(0)), { named });
      expect(evidence.newObjectCount).toBe(200);
      expect(offendingObjects(evidence, log).map((object) => object.key)).toEqual([BAD]);
    });

    it('the one that holds the offending rows and that the log names is found', async () => {
      await deliver(Buffer.from(rowsOf(77).replace(/,\d+$/gm, ',-99999')));
      const named = keysNamedIn(`ValueError: amount out of range in ${BAD}`, INPUT.prefix);
      const { evidence, sample: merged } = await sample(goodRun(secondsAgo(0)), { named });
      if (!merged) throw new Error('nothing was read');
      const good = await sample(goodRun(secondsAgo(0)), { until: secondsAgo(-60) });
      if (!good.sample) throw new Error('no good rows');
      const report = analyzeQuality(learnBaseline(good.sample.table), merged.table);
      expect(objectsOfOffendingRows(evidence, merged, report).map((object) => object.key)).toEqual([BAD]);
    });
  });
});
