/** What every item table promises, whatever is behind it: run against the twin in memory and against DynamoDB. */
import type { AppendOnlyTable, ItemReader, ItemTable } from '../../functions/shared/ports.ts';
import { ItemSizeError, ItemValueError } from '../../functions/shared/tables/item-rules.ts';

export interface TablesUnderTest {
  readonly items: ItemTable;
  readonly log: AppendOnlyTable;
}

/** `open` gives empty tables for each test. */
export function itemTableContract(name: string, open: () => Promise<TablesUnderTest>): void {
  const key = { pk: 'JOB#orders', sk: 'CLAIM#1' };
  let items: ItemTable;
  let log: AppendOnlyTable;
  beforeEach(async () => {
    ({ items, log } = await open());
  });

  const sortKeys = async (table: ItemReader, options?: Parameters<ItemReader['query']>[1]) => {
    const page = await table.query('P', options);
    return { keys: page.items.map((item) => item.sk), next: page.next };
  };

  describe(`${name}: single items`, () => {
    it('gives back what was created, as revision 1', async () => {
      const attributes = {
        text: 'ä😀',
        empty: '',
        number: -0.25,
        zero: 0,
        flag: false,
        nothing: null,
        list: [1, [], {}],
        map: { pk: 'x' },
      };
      expect(await items.create(key, attributes)).toBe('created');
      expect(await items.get(key)).toEqual({ ...key, revision: 1, attributes });
    });

    it('knows no item that was never written', async () => {
      await items.create(key, {});
      expect(await items.get({ ...key, sk: 'CLAIM#2' })).toBeUndefined();
      expect(await items.get({ ...key, pk: 'JOB#other' })).toBeUndefined();
    });

    it('keeps the first of two creates', async () => {
      await items.create(key, { owner: 'first' });
      expect(await items.create(key, { owner: 'second' })).toBe('exists');
      expect((await items.get(key))?.attributes).toEqual({ owner: 'first' });
    });

    it('replaces only the revision it was told', async () => {
      await items.create(key, { step: 1, gone: true });
      expect(await items.replace(key, { step: 2 }, 1)).toBe('replaced');
      expect(await items.get(key)).toEqual({ ...key, revision: 2, attributes: { step: 2 } });
      expect(await items.replace(key, { step: 3 }, 1)).toBe('conflict');
      expect(await items.replace(key, { step: 3 }, 3)).toBe('conflict');
      expect((await items.get(key))?.attributes).toEqual({ step: 2 });
    });

    it('creates nothing by replacing what is not there', async () => {
      expect(await items.replace(key, {}, 0)).toBe('conflict');
      expect(await items.replace(key, {}, 1)).toBe('conflict');
      expect(await items.get(key)).toBeUndefined();
    });

    it('is not changed through an object that was handed in or out', async () => {
      const attributes = { list: ['a'] };
      await items.create(key, attributes);
      attributes.list.push('b');
      const seen = (await items.get(key))?.attributes['list'] as string[];
      seen.push('c');
      expect((await items.get(key))?.attributes).toEqual({ list: ['a'] });
    });
  });

  describe(`${name}: concurrency`, () => {
    it('R2 lets exactly one of many concurrent creates win, whose content stays', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, (_, owner) => items.create(key, { owner })));
      expect(results.filter((result) => result === 'created')).toHaveLength(1);
      expect((await items.get(key))?.attributes).toEqual({ owner: results.indexOf('created') });
    });

    it('lets exactly one of many concurrent replacements of one revision win', async () => {
      await items.create(key, { owner: null });
      const results = await Promise.all(Array.from({ length: 20 }, (_, owner) => items.replace(key, { owner }, 1)));
      expect(results.filter((result) => result === 'replaced')).toHaveLength(1);
      expect(await items.get(key)).toEqual({ ...key, revision: 2, attributes: { owner: results.indexOf('replaced') } });
    });

    it('loses no increment of many writers that read, write and try again', async () => {
      await items.create(key, { count: 0 });
      const increment = async () => {
        for (;;) {
          const item = await items.get(key);
          const count = Number(item?.attributes['count']);
          if ((await items.replace(key, { count: count + 1 }, item?.revision ?? 0)) === 'replaced') return;
        }
      };
      await Promise.all(Array.from({ length: 8 }, increment));
      expect(await items.get(key)).toEqual({ ...key, revision: 9, attributes: { count: 8 } });
    });
  });

  describe(`${name}: queries`, () => {
    const create = (...sks: string[]) => Promise.all(sks.map((sk) => items.create({ pk: 'P', sk }, { sk })));

    it('lists one partition in the order of the sort key, and no other', async () => {
      await create('b', 'a', 'c');
      await items.create({ pk: 'Q', sk: 'z' }, {});
      expect(await sortKeys(items)).toEqual({ keys: ['a', 'b', 'c'], next: undefined });
      expect(await sortKeys(items, { descending: true })).toEqual({ keys: ['c', 'b', 'a'], next: undefined });
      expect((await items.query('nobody')).items).toEqual([]);
    });

    it('orders by UTF-8 bytes, as DynamoDB does', async () => {
      await create('\uFFFD', '😀', 'Z', 'a', '10', '9');
      expect((await sortKeys(items)).keys).toEqual(['10', '9', 'Z', 'a', '\uFFFD', '😀']);
    });

    it('takes a prefix literally', async () => {
      await create('RUN#1', 'RUN#10', 'RUN', 'RUNNER', 'RUM', 'R%');
      expect((await sortKeys(items, { prefix: 'RUN#' })).keys).toEqual(['RUN#1', 'RUN#10']);
      expect((await sortKeys(items, { prefix: 'R%' })).keys).toEqual(['R%']);
    });

    it('pages by limit, in both directions, within a prefix', async () => {
      await create('a', 'x1', 'x2', 'x3', 'z');
      expect(await sortKeys(items, { prefix: 'x', limit: 2 })).toEqual({ keys: ['x1', 'x2'], next: 'x2' });
      expect(await sortKeys(items, { prefix: 'x', limit: 2, after: 'x2' })).toEqual({ keys: ['x3'], next: undefined });
      expect(await sortKeys(items, { prefix: 'x', limit: 1, after: 'x3', descending: true })).toEqual({ keys: ['x2'], next: 'x2' });
      expect((await sortKeys(items, { after: 'x1x' })).keys).toEqual(['x2', 'x3', 'z']);
    });

    it('names the end of a full page even if nothing follows, and then gives an empty page', async () => {
      await create('a', 'b');
      expect(await sortKeys(items, { limit: 2 })).toEqual({ keys: ['a', 'b'], next: 'b' });
      expect(await sortKeys(items, { limit: 2, after: 'b' })).toEqual({ keys: [], next: undefined });
    });

    it('ends a page at 1 MB and continues after it without loss', async () => {
      const text = 'x'.repeat(300_000);
      for (const sk of ['1', '2', '3', '4', '5']) await items.create({ pk: 'P', sk }, { text });
      const first = await sortKeys(items);
      expect(first).toEqual({ keys: ['1', '2', '3', '4'], next: '4' });
      expect(await sortKeys(items, { after: '4' })).toEqual({ keys: ['5'], next: undefined });
    });

    it.each([
      ['a limit of zero', { limit: 0 }],
      ['a limit that is no whole number', { limit: 1.5 }],
      ['a start outside the prefix', { prefix: 'x', after: 'y' }],
      ['an empty start', { after: '' }],
    ])('refuses %s', async (_, options) => {
      await expect(items.query('P', options)).rejects.toThrow(ItemValueError);
    });
  });

  describe(`${name}: what it refuses`, () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'core' : { in: nested(levels - 1) });

    it.each<[string, unknown]>([
      ['NaN', Number.NaN],
      ['infinity', Number.POSITIVE_INFINITY],
      ['an integer that a double cannot tell from its neighbour', 2 ** 60],
      ['a number below the range', 1e-200],
      ['undefined', undefined],
      ['undefined in a list', [1, undefined]],
      ['a hole in a list', new Array(1)],
      ['a date', new Date(0)],
      ['a map', new Map()],
      ['a set', new Set(['a'])],
      ['bytes', new Uint8Array(1)],
      ['a function', () => 1],
      ['a bigint', 1n],
      ['half a surrogate pair', '\ud83d'],
      ['an empty attribute name', { '': 1 }],
      ['a name that would become a prototype', JSON.parse('{"__proto__": 1}')],
      ['32 levels', nested(31)],
    ])('refuses %s and writes nothing', async (_, value) => {
      await expect(items.create(key, { value })).rejects.toThrow(ItemValueError);
      await expect(log.append(key, { value })).rejects.toThrow(ItemValueError);
      expect(await items.get(key)).toBeUndefined();
      await items.create(key, {});
      await expect(items.replace(key, { value }, 1)).rejects.toThrow(ItemValueError);
      expect((await items.get(key))?.revision).toBe(1);
    });

    it('keeps 31 levels', async () => {
      await items.create(key, { value: nested(30) });
      expect((await items.get(key))?.attributes).toEqual({ value: nested(30) });
    });

    it('refuses more than 400 KB by name and keeps just less, counted in bytes', async () => {
      await expect(items.create(key, { text: 'x'.repeat(400 * 1024) })).rejects.toThrow(ItemSizeError);
      await expect(log.append(key, { text: 'ä'.repeat(210 * 1024) })).rejects.toThrow(ItemSizeError);
      expect(await items.create(key, { text: 'x'.repeat(399 * 1024) })).toBe('created');
      await expect(items.replace(key, { text: 'x'.repeat(400 * 1024) }, 1)).rejects.toThrow(ItemSizeError);
    });

    it.each([
      ['an empty partition key', { pk: '', sk: 'a' }],
      ['an empty sort key', { pk: 'a', sk: '' }],
      ['a partition key over 2048 bytes', { pk: 'ä'.repeat(1025), sk: 'a' }],
      ['a sort key over 1024 bytes', { pk: 'a', sk: 'x'.repeat(1025) }],
    ])('refuses %s', async (_, wrong) => {
      await expect(items.create(wrong, {})).rejects.toThrow(ItemValueError);
      await expect(items.get(wrong)).rejects.toThrow(ItemValueError);
    });
  });

  describe(`${name}: append only`, () => {
    it('appends once and keeps the first, also under concurrency', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, (_, writer) => log.append(key, { writer })));
      expect(results.filter((result) => result === 'appended')).toHaveLength(1);
      expect(await log.get(key)).toEqual({ ...key, revision: 1, attributes: { writer: results.indexOf('appended') } });
      expect(await log.append(key, { writer: 'late' })).toBe('exists');
    });

    it('reads as the other tables do', async () => {
      for (const sk of ['02', '01', '03']) await log.append({ pk: 'P', sk }, {});
      expect(await sortKeys(log, { limit: 2 })).toEqual({ keys: ['01', '02'], next: '02' });
    });
  });
}
