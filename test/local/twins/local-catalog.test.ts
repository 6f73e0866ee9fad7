import { LocalCatalog } from '../../../local/twins/local-catalog.ts';
import { describeCatalogContract } from '../../contract/catalog.contract.ts';
import { scratchDirectory } from '../scratch-directory.ts';

function open(directory = scratchDirectory()): LocalCatalog {
  const catalog = new LocalCatalog({ directory, clock: () => new Date() });
  catalog.createDatabase('acme');
  return catalog;
}

describeCatalogContract('the catalog on files', async () => {
  const catalog = open();
  return {
    catalog,
    database: 'acme',
    createTable: async (name, columns, partitionKeys) => void catalog.createTable({ database: 'acme', name, columns, partitionKeys }),
    updateByAnother: async (name, columns) => void catalog.crawlerUpdate('acme', name, columns),
    addPartition: async (name, values, columns) => catalog.addPartition('acme', name, { values, columns }),
  };
});

describe('the catalog on files', () => {
  const columns = [{ name: 'id', type: 'int' }];

  it('numbers versions from "0" and says who wrote them', async () => {
    const catalog = open();
    const created = catalog.createTable({ database: 'acme', name: 'orders', columns });
    expect(created.versionId).toBe('0');
    expect(catalog.crawlerUpdate('acme', 'orders', [])).toBe('1');
    await catalog.updateTableColumns(await catalog.getTable('acme', 'orders'), columns, []);
    const writers = (await catalog.listTableVersions('acme', 'orders', 10)).map((version) => version.updatedBy);
    expect(writers[0]).toContain('glue-medic');
    expect(writers[1]).toContain('crawler');
  });

  it('survives a restart', async () => {
    const directory = scratchDirectory();
    open(directory).createTable({ database: 'acme', name: 'orders', columns });
    expect((await open(directory).getTable('acme', 'orders')).columns).toEqual(columns);
  });

  it('finds names without regard to case, as Glue does', async () => {
    const catalog = open();
    catalog.createTable({ database: 'acme', name: 'orders', columns });
    expect((await catalog.getTable('ACME', 'Orders')).name).toBe('orders');
    expect(() => catalog.createTable({ database: 'acme', name: 'ORDERS', columns })).toThrow(
      expect.objectContaining({ name: 'AlreadyExistsException' }),
    );
  });

  it('refuses a table in a database that is not there', () => {
    expect(() => open().createTable({ database: 'other', name: 'orders', columns })).toThrow(
      expect.objectContaining({ name: 'EntityNotFoundException' }),
    );
  });

  it('refuses to change a resource link, or how many partition keys there are', async () => {
    const catalog = open();
    const link = catalog.createTable({ database: 'acme', name: 'link', columns, isResourceLink: true });
    await expect(catalog.updateTableColumns(link, [], [])).rejects.toMatchObject({ name: 'InvalidInputException' });
    const table = catalog.createTable({ database: 'acme', name: 'orders', columns, partitionKeys: [{ name: 'day', type: 'string' }] });
    await expect(catalog.updateTableColumns(table, columns, [])).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});
