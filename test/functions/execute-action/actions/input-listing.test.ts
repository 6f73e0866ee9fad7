import { inputListingOf, remainingAsListed } from '../../../../functions/execute-action/actions/input-listing.ts';
import type { PlanOf } from '../../../../functions/shared/actions.ts';
import { getArtefact, putArtefact } from '../../../../functions/shared/artefacts.ts';
import type { ArtefactPointer } from '../../../../functions/shared/incident.ts';
import type { ObjectHead, ObjectReader, Ports } from '../../../../functions/shared/ports.ts';
import type { LedgerRow } from '../../../../functions/shared/stores/action-ledger.ts';
import { register } from '../../../../functions/shared/stores/registrations.ts';
import { memoryPorts, NOW, secondsAgo } from '../../../support/memory-ports.ts';
import { aRegistration, INCIDENT_ID, somePlans } from '../../../support/sample-incident.ts';

interface Listed {
  readonly key: string;
  readonly versionId: string | null;
  readonly etag: string;
}

/** Buckets as maps of keys, listed in pages; artefacts beside them. */
class ListedObjects {
  readonly buckets: Record<string, Listed[]> = {};
  readonly #artefacts = new Map<string, Uint8Array>();
  listed: string[] = [];

  listObjects: ObjectReader['listObjects'] = async (bucket, prefix, { limit, nextToken }) => {
    if (nextToken === undefined) this.listed.push(`${bucket}/${prefix}`);
    const all = (this.buckets[bucket] ?? []).filter(({ key }) => key.startsWith(prefix)).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const from = Number(nextToken ?? 0);
    const objects = all.slice(from, from + limit).map((object): ObjectHead => ({ ...object, size: 1, lastModified: '', checksum: null }));
    return from + limit < all.length ? { objects, nextToken: String(from + limit) } : { objects };
  };

  getRange: ObjectReader['getRange'] = async (bucket, key) => this.#artefacts.get(`${bucket}/${key}`) ?? new Uint8Array();

  readonly putObject: Ports['artefacts']['putObject'] = async (bucket, key, body) => {
    this.#artefacts.set(`${bucket}/${key}`, body);
    return { versionId: null, etag: 'e' };
  };
}

const input = (name: string, bucket: string, prefix: string) => ({ name, bucket, prefix, format: 'csv', table: null });
const listed = (key: string, versionId: string | null = 'v1', etag = 'e1'): Listed => ({ key, versionId, etag });
const planOf = (...places: readonly (readonly [bucket: string, key: string])[]): PlanOf<'QUARANTINE'> => ({
  ...somePlans.QUARANTINE,
  objects: places.map(([bucket, key]) => ({ bucket, key, versionId: 'v1', size: 1, etag: 'e1' })),
});
const aRow = (before: unknown, changes: Partial<LedgerRow> = {}): LedgerRow => ({
  call: 'Quarantine:lake/orders/1.csv',
  target: 's3://lake/orders/1.csv',
  intentAt: secondsAgo(0),
  before,
  resultAt: null,
  result: null,
  ...changes,
});

describe('the listing of a quarantine’s input', () => {
  let objects: ListedObjects;
  let ports: Ports;
  const plan = planOf(['lake', 'orders/1.csv']);
  beforeEach(async () => {
    objects = new ListedObjects();
    ports = { ...memoryPorts(), objects: objects as unknown as ObjectReader, artefacts: objects };
    objects.buckets['lake'] = [listed('orders/0.csv'), listed('orders/1.csv'), listed('orders/2.csv'), listed('items/0.csv')];
    objects.buckets['pond'] = [listed('orders/0.csv')];
    const inputs = [input('orders', 'lake', 'orders/'), input('items', 'lake', 'items/'), input('pond', 'pond', 'orders/')];
    await register(ports.operations, aRegistration({ inputs }));
  });
  const take = (of = plan, ledger: LedgerRow[] = []) => inputListingOf(of, ledger, INCIDENT_ID, ports);
  const read = (pointer: ArtefactPointer) => getArtefact(ports, pointer);
  const judge = async (pointer: ArtefactPointer, of = plan) => remainingAsListed(of, [aRow({ listing: pointer })], ports);
  const change = (key: string, to: Partial<Listed> | null, bucket = 'lake') => {
    objects.buckets[bucket] = (objects.buckets[bucket] ?? []).flatMap((object) =>
      object.key !== key ? [object] : to === null ? [] : [{ ...object, ...to }],
    );
  };

  describe('at the INTENT', () => {
    it('R43 has every object of the inputs that are touched, and of no other', async () => {
      const pointer = await take();
      expect(pointer).toMatchObject({ bucket: 'artefacts', key: expect.stringMatching(new RegExp(`^listings/${INCIDENT_ID}/`)) });
      expect(await read(pointer)).toEqual([
        {
          bucket: 'lake',
          prefix: 'orders/',
          complete: true,
          objects: [listed('orders/0.csv'), listed('orders/1.csv'), listed('orders/2.csv')],
        },
      ]);
      expect(objects.listed).toEqual(['lake/orders/']);
    });

    it.each([
      [
        'every input that is touched',
        [
          ['lake', 'orders/1.csv'],
          ['pond', 'orders/0.csv'],
        ],
        ['lake/orders/', 'pond/orders/'],
      ],
      ['none for an object that lies in no input', [['lake', 'elsewhere/1.csv']], []],
      ['none for an object of the same key in another bucket', [['sea', 'orders/1.csv']], []],
    ] as const)('R43 has %s', async (_what, places, inputs) => {
      await take(planOf(...places));
      expect(objects.listed).toEqual(inputs);
    });

    it('is empty where the job is not registered by now', async () => {
      ports = { ...ports, operations: memoryPorts().operations };
      expect(await read(await take())).toEqual([]);
    });

    it('R36 is the one that the first INTENT has noted: what is half moved by now is not listed again', async () => {
      const first = await take();
      const later = await putArtefact(ports, 'listings/later', []);
      objects.listed = [];
      const ledger = [
        aRow({ versionId: '7' }, { intentAt: secondsAgo(60) }),
        aRow({ listing: later }, { intentAt: secondsAgo(10) }),
        aRow({ object: 'x', listing: first }, { intentAt: secondsAgo(20) }),
        aRow(null),
        aRow({ listing: later }, { intentAt: secondsAgo(0) }),
      ];
      expect(await take(plan, ledger)).toEqual(first);
      expect(await take(plan, ledger.toReversed())).toEqual(first);
      expect(objects.listed).toEqual([]);
    });
  });

  describe('when it is judged', () => {
    const HOLDS = {
      postcondition: 'the objects that were not moved are as they were',
      verdict: 'holds',
      value: '0 of 2 changed',
      expected: '2 objects by their versions',
    };

    it('R43 holds where all that was not moved is as it was', async () => {
      const pointer = await take();
      change('orders/1.csv', null);
      expect(await judge(pointer)).toEqual(HOLDS);
    });

    it('R43 says nothing of what has arrived since, nor of other inputs', async () => {
      const pointer = await take();
      objects.buckets['lake']?.push(listed('orders/9.csv'));
      change('items/0.csv', { versionId: 'v2' });
      change('orders/0.csv', { versionId: 'v2' }, 'pond');
      expect(await judge(pointer)).toEqual(HOLDS);
    });

    it.each([
      ['is gone', null],
      ['has another version, though its bytes are the same', { versionId: 'v2' }],
    ])('R43 fails where an object %s', async (_what, to) => {
      const pointer = await take();
      change('orders/2.csv', to);
      expect(await judge(pointer)).toMatchObject({ verdict: 'fails', value: '1 of 2 changed orders/2.csv' });
    });

    it('R43 goes by the version alone where there is one', async () => {
      const pointer = await take();
      change('orders/2.csv', { etag: 'another' });
      expect(await judge(pointer)).toEqual(HOLDS);
    });

    it.each([
      ['holds where the etag is the same', 'e1', { verdict: 'holds', value: '0 of 2 changed' }],
      ['fails where it is not', 'e2', { verdict: 'fails', value: '1 of 2 changed orders/2.csv' }],
      ['fails where the object is gone', null, { verdict: 'fails', value: '1 of 2 changed orders/2.csv' }],
    ])('R43 without versions it goes by the etag: %s', async (_what, etag, expected) => {
      for (const key of ['orders/0.csv', 'orders/2.csv']) change(key, { versionId: null });
      const pointer = await take();
      change('orders/2.csv', etag === null ? null : { etag });
      expect(await judge(pointer)).toMatchObject(expected);
    });

    it('R43 compares each bucket with itself, be their keys the same', async () => {
      const both = planOf(['lake', 'orders/1.csv'], ['pond', 'orders/1.csv']);
      const pointer = await take(both);
      change('orders/0.csv', null, 'pond');
      expect(await judge(pointer, both)).toMatchObject({ verdict: 'fails', value: '1 of 3 changed orders/0.csv' });
    });

    it('R43 compares each prefix with itself', async () => {
      const both = planOf(['lake', 'orders/1.csv'], ['lake', 'items/9.csv']);
      const pointer = await take(both);
      change('items/0.csv', { versionId: 'v2' });
      expect(await judge(pointer, both)).toMatchObject({ verdict: 'fails', value: '1 of 3 changed items/0.csv' });
    });

    it('names the first of many, and bounds what it says', async () => {
      objects.buckets['lake'] = ['a', 'b'].map((letter) => listed(`orders/${letter.repeat(900)}`));
      const pointer = await take();
      objects.buckets['lake'] = [];
      const { value } = await judge(pointer);
      expect(value).toBe(`2 of 2 changed orders/${'a'.repeat(900)}`.slice(0, 300));
    });

    it('R43 compares what was listed then, be the job registered otherwise by now', async () => {
      const pointer = await take();
      await register(ports.operations, aRegistration({ inputs: [input('orders', 'lake', 'moved-to/')] }));
      expect(await judge(pointer)).toEqual(HOLDS);
      change('orders/2.csv', null);
      expect(await judge(pointer)).toMatchObject({ verdict: 'fails' });
    });

    it('is unmeasured where no INTENT has noted a listing', async () => {
      expect(await remainingAsListed(plan, [aRow({ object: 'x' })], ports)).toEqual({
        postcondition: HOLDS.postcondition,
        verdict: 'unmeasured',
        value: '0 of 0 changed',
        expected: '0 objects by their versions',
      });
    });

    it('refuses a listing that is none, however well its hash fits', async () => {
      await expect(judge(await putArtefact(ports, 'listings/x', [{ bucket: 'lake' }]))).rejects.toThrow(/prefix/);
    });
  });

  describe('of an input beyond the bound', () => {
    const BOUND = 20_000;
    const many = (count: number) => Array.from({ length: count }, (_, index) => listed(`orders/${String(index).padStart(6, '0')}`));
    const bounded = `, of the first ${BOUND} of each input`;

    it('R43 lists up to the bound, in order, and says that it is not all', async () => {
      objects.buckets['lake'] = many(BOUND + 1);
      const [listing] = (await read(await take())) as { complete: boolean; objects: Listed[] }[];
      expect(listing).toMatchObject({ complete: false });
      expect(listing?.objects).toHaveLength(BOUND);
      expect(listing?.objects.at(-1)?.key).toBe('orders/019999');
    });

    it('R43 an input of just as many is complete', async () => {
      objects.buckets['lake'] = many(BOUND);
      const pointer = await take();
      expect(await judge(pointer)).toMatchObject({ verdict: 'holds', expected: `${BOUND} objects by their versions` });
    });

    it('R43 does not take for gone what new objects have pushed beyond the bound', async () => {
      objects.buckets['lake'] = many(BOUND);
      const pointer = await take();
      objects.buckets['lake'] = [...many(BOUND), listed('orders/!first'), listed('orders/!second')];
      expect(await judge(pointer)).toMatchObject({
        verdict: 'holds',
        value: `0 of ${BOUND - 2} changed`,
        expected: `${BOUND - 2} objects by their versions${bounded}`,
      });
    });

    it('R43 sees what is gone within the bound, up to the last that it has seen', async () => {
      objects.buckets['lake'] = many(BOUND + 2);
      const pointer = await take();
      change('orders/000007', null);
      expect(await judge(pointer)).toMatchObject({
        verdict: 'fails',
        value: `1 of ${BOUND} changed orders/000007`,
        expected: `${BOUND} objects by their versions${bounded}`,
      });
    });
  });

  it('reads the clock of nobody: the same input gives the same listing', async () => {
    const first = await take();
    ports = { ...ports, clock: () => new Date(NOW.getTime() + 1) };
    expect(await take()).toEqual(first);
  });
});
