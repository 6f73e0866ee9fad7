/** Glue's Data Catalog by the SDK: read by version, written by compare-and-set alone. */
import {
  GetPartitionsCommand,
  GetTableCommand,
  GetTableVersionCommand,
  GetTableVersionsCommand,
  type GlueClient,
  type Column as GlueColumn,
  type Partition,
  type Table,
  type TableInput,
  type TableVersion,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-glue';
import type { Column } from '../actions.ts';
import { EnvironmentError, quoteForMessage } from '../errors.ts';
import type { CatalogReader, CatalogTable, CatalogWriter } from '../ports.ts';
import { instantOf, required } from './aws-response.ts';

const VERSIONS_PER_PAGE = 100;
const PARTITIONS_PER_PAGE = 500;
/** Tables may have 100,000 versions; what lies behind this many pages is older than anything worth restoring. */
const PAGES = 20;

/**
 * The fields of TableInput, by allow-list: what AWS adds to Table tomorrow must not travel into an update. `satisfies` keeps the
 * list complete; a field new in TableInput shows as a type error.
 */
const TABLE_INPUT_FIELDS = {
  Name: true,
  Description: true,
  Owner: true,
  LastAccessTime: true,
  LastAnalyzedTime: true,
  Retention: true,
  StorageDescriptor: true,
  PartitionKeys: true,
  ViewOriginalText: true,
  ViewExpandedText: true,
  TableType: true,
  Parameters: true,
  TargetTable: true,
  FederatedTable: true,
  ViewDefinition: true,
} as const satisfies Record<keyof TableInput, true>;

export class AwsCatalog implements CatalogReader, CatalogWriter {
  readonly #glue: GlueClient;

  constructor(glue: GlueClient) {
    this.#glue = glue;
  }

  async getTable(database: string, name: string): Promise<CatalogTable> {
    const { Table } = await this.#glue.send(new GetTableCommand({ DatabaseName: database, Name: name }));
    return toCatalogTable(database, required(Table, 'Table'));
  }

  async getTableVersion(database: string, name: string, versionId: string): Promise<CatalogTable> {
    const { TableVersion } = await this.#glue.send(
      new GetTableVersionCommand({ DatabaseName: database, TableName: name, VersionId: versionId }),
    );
    return toTableAtVersion(database, required(TableVersion, 'TableVersion'));
  }

  async listTableVersions(database: string, name: string, limit: number): Promise<CatalogTable[]> {
    const versions: TableVersion[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await this.#glue.send(
        new GetTableVersionsCommand({ DatabaseName: database, TableName: name, MaxResults: VERSIONS_PER_PAGE, NextToken: nextToken }),
      );
      versions.push(...(answer.TableVersions ?? []));
      nextToken = answer.NextToken;
      if (!nextToken) break;
    }
    return newestFirst(versions.map((version) => toTableAtVersion(database, version))).slice(0, limit);
  }

  async listPartitions(database: string, name: string, limit: number): ReturnType<CatalogReader['listPartitions']> {
    const partitions: Partition[] = [];
    let nextToken: string | undefined;
    do {
      const answer = await this.#glue.send(
        new GetPartitionsCommand({ DatabaseName: database, TableName: name, MaxResults: PARTITIONS_PER_PAGE, NextToken: nextToken }),
      );
      partitions.push(...(answer.Partitions ?? []));
      nextToken = answer.NextToken;
    } while (nextToken && partitions.length < limit);
    return {
      partitions: partitions.slice(0, limit).map((partition) => ({
        values: partition.Values ?? [],
        columns: toColumns(partition.StorageDescriptor?.Columns),
      })),
      more: nextToken !== undefined || partitions.length > limit,
    };
  }

  async updateTableColumns(table: CatalogTable, columns: readonly Column[], partitionKeys: readonly Column[]): Promise<string> {
    await this.#glue.send(new UpdateTableCommand(toUpdateInput(table, columns, partitionKeys)));
    // The answer is empty, and reading back could show somebody else's next version: ours follows the one that was compared.
    return String(versionNumber(table.versionId) + 1);
  }
}

export function toCatalogTable(database: string, table: Table): CatalogTable {
  return {
    database: table.DatabaseName ?? database,
    name: table.Name ?? '',
    versionId: table.VersionId ?? '0',
    columns: toColumns(table.StorageDescriptor?.Columns),
    partitionKeys: toColumns(table.PartitionKeys),
    tableType: table.TableType ?? null,
    parameters: table.Parameters ?? {},
    location: table.StorageDescriptor?.Location ?? null,
    isResourceLink: table.TargetTable !== undefined,
    isFederated: table.FederatedTable !== undefined,
    isRegisteredWithLakeFormation: table.IsRegisteredWithLakeFormation ?? false,
    updatedAt: instantOf(table.UpdateTime),
    updatedBy: table.CreatedBy ?? null,
    input: pickTableInput(table),
  };
}

/** In a version's own table the number is sometimes left out; it stands beside it. */
export function toTableAtVersion(database: string, version: TableVersion): CatalogTable {
  const table = toCatalogTable(database, required(version.Table, 'TableVersion.Table'));
  return { ...table, versionId: version.VersionId ?? table.versionId };
}

/** GetTableVersions documents no order; as text, "10" would come before "9". */
export function newestFirst(versions: readonly CatalogTable[]): CatalogTable[] {
  return [...versions].sort((a, b) => versionNumber(b.versionId) - versionNumber(a.versionId));
}

/** SkipArchive false keeps the version before, to which an undo returns; Force stays unset, for it skips Glue's own checks. */
export function toUpdateInput(table: CatalogTable, columns: readonly Column[], partitionKeys: readonly Column[]): UpdateTableCommandInput {
  const { StorageDescriptor, PartitionKeys, LastAccessTime, LastAnalyzedTime, ...rest } = table.input as Partial<TableInput>;
  return {
    DatabaseName: table.database,
    VersionId: table.versionId,
    SkipArchive: false,
    TableInput: {
      ...rest,
      Name: table.name,
      ...reviveDates({ LastAccessTime, LastAnalyzedTime }),
      StorageDescriptor: { ...StorageDescriptor, Columns: mergeColumns(StorageDescriptor?.Columns, columns) },
      PartitionKeys: mergeColumns(PartitionKeys, partitionKeys),
    },
  };
}

function pickTableInput(table: Table): CatalogTable['input'] {
  return Object.fromEntries(
    Object.entries(table).filter(([field, value]) => Object.hasOwn(TABLE_INPUT_FIELDS, field) && value !== undefined),
  );
}

/** A table that went through JSON has text where the SDK wants dates. */
function reviveDates(dates: Record<'LastAccessTime' | 'LastAnalyzedTime', Date | string | undefined>): Partial<TableInput> {
  return Object.fromEntries(Object.entries(dates).flatMap(([field, date]) => (date === undefined ? [] : [[field, new Date(date)]])));
}

/** Comments and parameters of a column stay with its name. */
function mergeColumns(before: readonly GlueColumn[] = [], columns: readonly Column[]): GlueColumn[] {
  const known = new Map(before.map((column) => [column.Name, column]));
  return columns.map(({ name, type }) => ({ ...known.get(name), Name: name, Type: type }));
}

function toColumns(columns: readonly GlueColumn[] = []): Column[] {
  return columns.map((column) => ({ name: column.Name ?? '', type: column.Type ?? '' }));
}

function versionNumber(versionId: string): number {
  const version = Number(versionId);
  if (!Number.isSafeInteger(version) || version < 0) {
    throw new EnvironmentError('E_AWS_RESPONSE', `table version is ${quoteForMessage(versionId)}, expected a whole number as text`);
  }
  return version;
}
