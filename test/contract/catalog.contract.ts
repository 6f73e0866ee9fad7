/** What every catalog promises, whatever is behind it: run against the twin on files and against Glue. */
import type { Column } from '../../functions/shared/actions.ts';
import type { CatalogReader, CatalogWriter } from '../../functions/shared/ports.ts';

export interface CatalogUnderTest {
  readonly catalog: CatalogReader & CatalogWriter;
  /** An empty database. */
  readonly database: string;
  createTable(name: string, columns: Column[], partitionKeys: Column[]): Promise<void>;
  /** What another writer does. */
  updateByAnother(name: string, columns: Column[]): Promise<void>;
  addPartition(name: string, values: string[], columns: Column[]): Promise<void>;
  close?(): Promise<void>;
}

const ID = { name: 'id', type: 'int' };
const NAME = { name: 'name', type: 'string' };
const WIDE_ID = { name: 'id', type: 'bigint' };
const DAY = { name: 'day', type: 'string' };

export function describeCatalogContract(name: string, open: () => Promise<CatalogUnderTest>): void {
  describe(`${name}: the contract of the catalog`, () => {
    let world: CatalogUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close?.();
    });

    const table = () => world.catalog.getTable(world.database, 'orders');

    it('gives a table with its columns, keys and a version that is a number', async () => {
      await world.createTable('orders', [ID, NAME], [DAY]);
      const created = await table();
      expect(created).toMatchObject({ database: world.database, name: 'orders', columns: [ID, NAME], partitionKeys: [DAY] });
      expect(created.versionId).toMatch(/^\d+$/);
    });

    it('updates by compare-and-set, one version on, and keeps the version before', async () => {
      await world.createTable('orders', [ID, NAME], []);
      const before = await table();
      const versionId = await world.catalog.updateTableColumns(before, [WIDE_ID, NAME], []);
      expect(Number(versionId)).toBe(Number(before.versionId) + 1);
      expect(await table()).toMatchObject({ versionId, columns: [WIDE_ID, NAME] });
      expect((await world.catalog.getTableVersion(world.database, 'orders', before.versionId)).columns).toEqual([ID, NAME]);
    });

    it('refuses an update of a table that has changed since it was read', async () => {
      await world.createTable('orders', [ID, NAME], []);
      const before = await table();
      await world.updateByAnother('orders', [ID]);
      await expect(world.catalog.updateTableColumns(before, [WIDE_ID], [])).rejects.toMatchObject({
        name: 'ConcurrentModificationException',
      });
      expect((await table()).columns).toEqual([ID]);
    });

    it('lets one of two writers win', async () => {
      await world.createTable('orders', [ID], []);
      const before = await table();
      const outcomes = await Promise.allSettled([
        world.catalog.updateTableColumns(before, [WIDE_ID], []),
        world.catalog.updateTableColumns(before, [NAME], []),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('lists versions by number, newest first, at most as many as asked for', async () => {
      await world.createTable('orders', [ID], []);
      for (let update = 0; update < 11; update += 1) await world.updateByAnother('orders', [{ name: `c${update}`, type: 'int' }]);
      const versions = await world.catalog.listTableVersions(world.database, 'orders', 3);
      const newest = Number((await table()).versionId);
      expect(versions.map((version) => Number(version.versionId))).toEqual([newest, newest - 1, newest - 2]);
      expect(versions[0]?.columns).toEqual([{ name: 'c10', type: 'int' }]);
    });

    it('leaves the columns of partitions as they are when the table changes', async () => {
      await world.createTable('orders', [ID], [DAY]);
      await world.addPartition('orders', ['2026-11-01'], [ID]);
      await world.addPartition('orders', ['2026-11-02'], [ID]);
      const before = await table();
      await world.catalog.updateTableColumns(before, [WIDE_ID], before.partitionKeys);
      const all = await world.catalog.listPartitions(world.database, 'orders', 10);
      expect(all.more).toBe(false);
      expect(all.partitions.map(({ values, columns }) => ({ values, columns }))).toEqual([
        { values: ['2026-11-01'], columns: [ID] },
        { values: ['2026-11-02'], columns: [ID] },
      ]);
      const one = await world.catalog.listPartitions(world.database, 'orders', 1);
      expect(one.partitions).toHaveLength(1);
      expect(one.more).toBe(true);
    });

    it('names what is missing as Glue does', async () => {
      await expect(world.catalog.getTable(world.database, 'nothing')).rejects.toMatchObject({ name: 'EntityNotFoundException' });
      await expect(world.catalog.getTable('no_such_database', 'orders')).rejects.toMatchObject({ name: 'EntityNotFoundException' });
      await world.createTable('orders', [ID], []);
      await expect(world.catalog.getTableVersion(world.database, 'orders', '99')).rejects.toMatchObject({
        name: 'EntityNotFoundException',
      });
    });
  });
}
