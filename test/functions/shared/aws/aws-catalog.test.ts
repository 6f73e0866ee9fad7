import type { Table } from '@aws-sdk/client-glue';
import { newestFirst, toCatalogTable, toTableAtVersion, toUpdateInput } from '../../../../functions/shared/aws/aws-catalog.ts';

const table: Table = {
  Name: 'orders',
  DatabaseName: 'sales',
  CreateTime: new Date('2026-01-01T00:00:00Z'),
  UpdateTime: new Date('2026-11-01T00:00:00Z'),
  LastAccessTime: new Date('2026-10-01T00:00:00Z'),
  Retention: 0,
  StorageDescriptor: {
    Columns: [
      { Name: 'id', Type: 'int', Comment: 'order number', Parameters: { pii: 'no' } },
      { Name: 'total', Type: 'double' },
    ],
    Location: 's3://lake/orders/',
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', Parameters: { 'field.delim': ',' } },
  },
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
  TableType: 'EXTERNAL_TABLE',
  Parameters: { classification: 'csv' },
  CreatedBy: 'arn:aws:sts::123456789012:assumed-role/crawler/x',
  IsRegisteredWithLakeFormation: false,
  CatalogId: '123456789012',
  VersionId: '9',
};

describe('tables of the Data Catalog', () => {
  it('reads a table', () => {
    expect(toCatalogTable('sales', table)).toMatchObject({
      database: 'sales',
      name: 'orders',
      versionId: '9',
      columns: [
        { name: 'id', type: 'int' },
        { name: 'total', type: 'double' },
      ],
      partitionKeys: [{ name: 'day', type: 'string' }],
      tableType: 'EXTERNAL_TABLE',
      location: 's3://lake/orders/',
      isResourceLink: false,
      isFederated: false,
      updatedAt: '2026-11-01T00:00:00.000Z',
    });
  });

  it('knows a link and a federated table by what they carry', () => {
    expect(toCatalogTable('sales', { ...table, TargetTable: { Name: 'orders', DatabaseName: 'other' } }).isResourceLink).toBe(true);
    expect(toCatalogTable('sales', { ...table, FederatedTable: { Identifier: 'x' } }).isFederated).toBe(true);
  });

  it('takes into the input only what TableInput has, also of fields nobody knows yet', () => {
    const tomorrow: Table = { ...table, ...{ QuantumState: 'both' }, IsMaterializedView: false };
    expect(Object.keys(toCatalogTable('sales', tomorrow).input).sort()).toEqual(
      ['LastAccessTime', 'Name', 'Parameters', 'PartitionKeys', 'Retention', 'StorageDescriptor', 'TableType'].sort(),
    );
  });

  it('sorts versions by number, not as text', () => {
    const versions = ['9', '10', '0', '100'].map((VersionId) => toTableAtVersion('sales', { VersionId, Table: table }));
    expect(newestFirst(versions).map((version) => version.versionId)).toEqual(['100', '10', '9', '0']);
  });
});

describe('updating a table', () => {
  const read = toCatalogTable('sales', table);
  const input = toUpdateInput(
    read,
    [
      { name: 'id', type: 'bigint' },
      { name: 'note', type: 'string' },
    ],
    read.partitionKeys,
  );

  it('compares the version, keeps the one before and never forces', () => {
    expect(input).toMatchObject({ DatabaseName: 'sales', VersionId: '9', SkipArchive: false });
    expect(input).not.toHaveProperty('Force');
    expect(input).not.toHaveProperty('CatalogId');
  });

  it('changes columns and nothing else, and keeps what is said about a column', () => {
    expect(input.TableInput).toEqual({
      Name: 'orders',
      LastAccessTime: table.LastAccessTime,
      Retention: 0,
      StorageDescriptor: {
        ...table.StorageDescriptor,
        Columns: [
          { Name: 'id', Type: 'bigint', Comment: 'order number', Parameters: { pii: 'no' } },
          { Name: 'note', Type: 'string' },
        ],
      },
      PartitionKeys: [{ Name: 'day', Type: 'string' }],
      TableType: 'EXTERNAL_TABLE',
      Parameters: { classification: 'csv' },
    });
  });

  it('is the same for a table that went through JSON', () => {
    expect(toUpdateInput(JSON.parse(JSON.stringify(read)), read.columns, read.partitionKeys)).toEqual(
      toUpdateInput(read, read.columns, read.partitionKeys),
    );
  });
});
