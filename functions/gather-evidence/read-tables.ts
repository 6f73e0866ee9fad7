/** Reads the catalog's tables of the job's inputs, their last good version, who wrote in between, and a look at the partitions. */
import type { EvidenceSection } from '../shared/incident.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import type { CatalogReader, CatalogTable } from '../shared/ports.ts';
import type { GoodRun } from '../shared/stores/good-runs.ts';
import type { Gaps } from './gaps.ts';

type TableEvidence = EvidenceSection['tables'][number];

const VERSIONS = 50;
const PARTITIONS = 100;
const COLUMNS = 300;
/** Open table formats keep their own schema history; the catalog's versions say nothing about it. */
const FORMAT_PARAMETERS = ['table_type', 'spark.sql.sources.provider', 'classification'];
const OPEN_FORMATS = ['ICEBERG', 'DELTA', 'HUDI'];

export async function readTables(
  registration: JobRegistration | null,
  goodRun: GoodRun | undefined,
  catalog: CatalogReader,
  gaps: Gaps,
): Promise<TableEvidence[]> {
  const references = new Map(
    (registration?.inputs ?? []).flatMap(({ table }) => (table ? [[`${table.database}.${table.name}`, table] as const] : [])),
  );
  const tables: TableEvidence[] = [];
  for (const [label, reference] of references) {
    const table = await gaps.attempt<TableEvidence | null>(`table ${label}`, null, () => readTable(reference, goodRun, catalog, gaps));
    if (table) tables.push(table);
  }
  return tables;
}

async function readTable(
  reference: { database: string; name: string },
  goodRun: GoodRun | undefined,
  catalog: CatalogReader,
  gaps: Gaps,
): Promise<TableEvidence> {
  const { database, name } = reference;
  const label = `${database}.${name}`;
  const table = await catalog.getTable(database, name);
  const goodVersionId = goodRun?.tables.find((each) => each.database === database && each.name === name)?.versionId ?? null;
  const [good, versions, partitions] = await Promise.all([
    goodVersionId === null
      ? null
      : gaps.attempt(`table ${label} version ${goodVersionId}`, null, () => catalog.getTableVersion(database, name, goodVersionId)),
    gaps.attempt<CatalogTable[]>(`table ${label} versions`, [], () => catalog.listTableVersions(database, name, VERSIONS)),
    table.partitionKeys.length === 0
      ? null
      : gaps.attempt(`table ${label} partitions`, null, () => catalog.listPartitions(database, name, PARTITIONS)),
  ]);
  const since = goodVersionId === null ? [] : versions.filter((version) => Number(version.versionId) > Number(goodVersionId));
  return {
    database,
    name,
    versionId: table.versionId,
    columns: table.columns.slice(0, COLUMNS).map(({ name: column, type }) => ({ name: column, type })),
    partitionKeys: table.partitionKeys.slice(0, 50).map(({ name: column, type }) => ({ name: column, type })),
    tableType: table.tableType,
    tableFormat: openFormatOf(table),
    isResourceLink: table.isResourceLink,
    isFederated: table.isFederated,
    lastGoodVersionId: goodVersionId,
    lastGoodColumns: good?.columns.slice(0, COLUMNS).map(({ name: column, type }) => ({ name: column, type })) ?? null,
    lastGoodPartitionKeys: good?.partitionKeys.slice(0, 50).map(({ name: column, type }) => ({ name: column, type })) ?? null,
    versionsSinceGood: since.length,
    foreignVersionsSinceGood: since.filter((version) => version.updatedBy === null || !version.updatedBy.includes('glue-medic')).length,
    partitionsInspected: partitions?.partitions.length ?? 0,
    partitionsWithOtherColumns: partitions?.partitions.filter((partition) => !sameColumns(partition.columns, table.columns)).length ?? 0,
  };
}

export function openFormatOf(table: Pick<CatalogTable, 'parameters'>): string | null {
  for (const parameter of FORMAT_PARAMETERS) {
    const value = table.parameters[parameter]?.toUpperCase();
    if (value !== undefined && OPEN_FORMATS.includes(value)) return value;
  }
  // Iceberg's own pointer: some writers leave `table_type` out.
  return table.parameters['metadata_location'] === undefined ? null : 'ICEBERG';
}

function sameColumns(a: readonly { name: string; type: string }[], b: readonly { name: string; type: string }[]): boolean {
  return a.length === b.length && a.every((column, index) => column.name === b[index]?.name && column.type === b[index]?.type);
}
