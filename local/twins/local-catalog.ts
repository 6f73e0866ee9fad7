/** Glue's Data Catalog on files: tables with numbered versions, updates by compare-and-set, partitions with columns of their own. */
import { join } from 'node:path';
import type { Column } from '../../functions/shared/actions.ts';
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { CatalogReader, CatalogTable, CatalogWriter } from '../../functions/shared/ports.ts';
import { fileNameOf, readJson, writeJson } from './files.ts';

interface Partition {
  readonly values: string[];
  readonly columns: Column[];
}
interface StoredTable {
  /** Oldest first; the last one is the table as it is. */
  readonly versions: readonly CatalogTable[];
  readonly partitions: readonly Partition[];
}

/** What a table may be created with; the rest is as for an external table on files. */
export type NewTable = Pick<CatalogTable, 'database' | 'name' | 'columns'> &
  Partial<Omit<CatalogTable, 'versionId' | 'updatedAt' | 'input'>>;

export interface LocalCatalogOptions {
  readonly directory: string;
  readonly clock: () => Date;
}

const MEDIC = 'arn:aws:sts::000000000000:assumed-role/glue-medic-execute-action/execute-action';
const CRAWLER = 'arn:aws:sts::000000000000:assumed-role/AWSGlueServiceRole-crawler/AWS-Crawler';

export class LocalCatalog implements CatalogReader, CatalogWriter {
  readonly #options: LocalCatalogOptions;

  constructor(options: LocalCatalogOptions) {
    this.#options = options;
  }

  /** Does nothing where the database is there. */
  createDatabase(name: string): void {
    if (!readJson(this.#databaseFile(name))) writeJson(this.#databaseFile(name), { name });
  }

  /** Version "0". Error: AlreadyExistsException. */
  createTable(table: NewTable): CatalogTable {
    const { database, name } = table;
    if (!readJson(this.#databaseFile(database))) throw new ServiceError('EntityNotFoundException', `Database ${database} not found.`);
    if (readJson(this.#tableFile(database, name)))
      throw Object.assign(new Error('Table already exists.'), { name: 'AlreadyExistsException' });
    const first = this.#written({
      partitionKeys: [],
      tableType: 'EXTERNAL_TABLE',
      parameters: {},
      location: null,
      isResourceLink: false,
      isFederated: false,
      isRegisteredWithLakeFormation: false,
      updatedBy: CRAWLER,
      ...table,
      versionId: '0',
      updatedAt: null,
      input: {},
    });
    this.#save({ versions: [first], partitions: [] }, first);
    return first;
  }

  /** What another writer does: new columns over the newest version, whatever it is. Returns the new version id. */
  crawlerUpdate(database: string, name: string, columns: readonly Column[], principal = CRAWLER): string {
    return this.#append(this.#stored(database, name), { columns: [...columns], updatedBy: principal });
  }

  addPartition(database: string, name: string, partition: Partition): void {
    const stored = this.#stored(database, name);
    const current = newestOf(stored);
    if (partition.values.length !== current.partitionKeys.length) {
      throw new ServiceError(
        'InvalidInputException',
        `${partition.values.length} values for ${current.partitionKeys.length} partition keys`,
      );
    }
    this.#save({ ...stored, partitions: [...stored.partitions, partition] }, current);
  }

  async getTable(database: string, name: string): Promise<CatalogTable> {
    return newestOf(this.#stored(database, name));
  }

  async getTableVersion(database: string, name: string, versionId: string): Promise<CatalogTable> {
    const version = this.#stored(database, name).versions.find((each) => each.versionId === versionId);
    if (!version) throw new ServiceError('EntityNotFoundException', `Table version ${versionId} of ${database}.${name} not found.`);
    return version;
  }

  async listTableVersions(database: string, name: string, limit: number): Promise<CatalogTable[]> {
    return this.#stored(database, name).versions.toReversed().slice(0, limit);
  }

  async listPartitions(database: string, name: string, limit: number): Promise<{ partitions: Partition[]; more: boolean }> {
    const { partitions } = this.#stored(database, name);
    return { partitions: partitions.slice(0, limit), more: partitions.length > limit };
  }

  async updateTableColumns(table: CatalogTable, columns: readonly Column[], partitionKeys: readonly Column[]): Promise<string> {
    const stored = this.#stored(table.database, table.name);
    const current = newestOf(stored);
    if (current.versionId !== table.versionId) {
      throw new ServiceError(
        'ConcurrentModificationException',
        `Update table failed due to concurrent modifications: ${table.database}.${table.name} is at version ${current.versionId}, not ${table.versionId}.`,
      );
    }
    if (current.isResourceLink) throw new ServiceError('InvalidInputException', 'Unable to update the schema of a resource link.');
    if (partitionKeys.length !== current.partitionKeys.length) {
      throw new ServiceError('InvalidInputException', 'The number of partition keys of a table cannot change.');
    }
    return this.#append(stored, { columns: [...columns], partitionKeys: [...partitionKeys], updatedBy: MEDIC });
  }

  #append(stored: StoredTable, change: Partial<CatalogTable>): string {
    const current = newestOf(stored);
    const next = this.#written({ ...current, ...change, versionId: String(Number(current.versionId) + 1) });
    this.#save({ ...stored, versions: [...stored.versions, next] }, next);
    return next.versionId;
  }

  #written(table: CatalogTable): CatalogTable {
    const { name, columns, partitionKeys, tableType, parameters, location } = table;
    const input = {
      Name: name,
      TableType: tableType,
      Parameters: parameters,
      StorageDescriptor: { Columns: columns.map(glueColumn), Location: location },
      PartitionKeys: partitionKeys.map(glueColumn),
    };
    return { ...table, input, updatedAt: this.#options.clock().toISOString() };
  }

  /** A name differs from another only where it does without regard to case, as in Glue. */
  #stored(database: string, name: string): StoredTable {
    const stored = readJson<StoredTable>(this.#tableFile(database, name));
    if (!stored) throw new ServiceError('EntityNotFoundException', `Entity Not Found: table ${database}.${name}`);
    return stored;
  }

  #save(stored: StoredTable, { database, name }: CatalogTable): void {
    writeJson(this.#tableFile(database, name), stored);
  }

  #databaseFile(database: string): string {
    return join(this.#options.directory, fileNameOf(database.toLowerCase()), 'database.json');
  }

  #tableFile(database: string, name: string): string {
    return join(this.#options.directory, fileNameOf(database.toLowerCase()), `${fileNameOf(name.toLowerCase())}.table.json`);
  }
}

/** Never empty: a table has at least version "0". */
function newestOf(stored: StoredTable): CatalogTable {
  const newest = stored.versions.at(-1);
  if (!newest) throw new ServiceError('InternalServiceException', 'the table has no version');
  return newest;
}

function glueColumn({ name, type }: Column) {
  return { Name: name, Type: type };
}
