/** Profiles a Parquet file column by column from its pages: levels tell the nulls of every path, dictionaries stand for their values. */
import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import { InputError, MedicError, quoteForMessage } from '../../../shared/errors.ts';
import type { ByteSource } from '../../table-sample.ts';
import { isSystemError, messageOf } from '../bytes/system-code.ts';
import type { ColumnProfile, DatasetProfile } from '../dataset-profile.ts';
import { ColumnStatistics } from '../statistics/column-statistics.ts';
import { summarizeColumn } from '../statistics/summarize-column.ts';
import { profileChunk } from './profile-chunk.ts';
import { readFooter } from './read-footer.ts';
import { leavesOf, type SchemaNode, schemaColumns } from './schema-tree.ts';

/** What is known of a leaf column. */
export interface Leaf {
  readonly node: SchemaNode;
  readonly statistics: ColumnStatistics;
  /** Entries by definition and repetition level: [definition * (maxRepetition + 1) + repetition]. */
  readonly levels: Float64Array;
}

/** @throws InputError `E_PARQUET_FOOTER`, `E_PARQUET_PAGE` naming the column, `E_SAMPLE_TOO_LARGE`. */
export async function profileParquet(source: ByteSource, onRows: (rows: number) => void): Promise<DatasetProfile> {
  const metadata = await readFooter(source);
  const columns = schemaColumns(metadata);
  const nodes = columns.flatMap(leavesOf);
  const leaves = nodes.map(
    (node): Leaf => ({
      node,
      statistics: new ColumnStatistics(nodes.length),
      levels: new Float64Array((node.maxDefinition + 1) * (node.maxRepetition + 1)),
    }),
  );
  const budget = { values: source.size * VALUES_PER_BYTE + FREE_VALUES };
  let rows = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    if (group.columns.length !== leaves.length) {
      throw new InputError('E_PARQUET_FOOTER', `row group ${index} has ${group.columns.length} columns, the schema ${leaves.length}`);
    }
    for (const [position, leaf] of leaves.entries()) {
      const column = group.columns[position]?.meta_data;
      if (column && column.num_values > 0n)
        await inChunk(source, index, leaf, () => profileChunk(source, checked(column, leaf), leaf, budget));
    }
    rows += Number(group.num_rows);
    onRows(rows);
  }
  return {
    format: 'parquet',
    rows: rowsOf(metadata, rows),
    malformedRows: 0,
    columns: columns.flatMap((column) => entriesOf(column, leaves)),
  };
}

/** Constant columns take next to nothing; a file that claims more values than these would only be made to keep its reader busy. */
const VALUES_PER_BYTE = 2000;
const FREE_VALUES = 50_000_000;

const rowsOf = (metadata: FileMetaData, counted: number) => (metadata.row_groups.length === 0 ? Number(metadata.num_rows) : counted);

function checked(column: ColumnMetaData, { node }: Leaf): ColumnMetaData {
  if (column.type === node.element.type) return column;
  throw new RangeError(`the pages hold ${column.type}, the schema says ${node.element.type}`);
}

async function inChunk(source: ByteSource, group: number, { node }: Leaf, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    const where = `row group ${group}, column ${quoteForMessage(node.path)} of ${quoteForMessage(source.name)}`;
    if (error instanceof InputError)
      throw new InputError(error.code, `${error.message.slice(error.code.length + 2)} (${where})`, { cause: error });
    if (error instanceof MedicError || isSystemError(error)) throw error;
    throw new InputError('E_PARQUET_PAGE', `${where} cannot be read (${quoteForMessage(messageOf(error))})`, {
      cause: error,
    });
  }
}

/** The node and all below, depth first. */
function entriesOf(node: SchemaNode, leaves: readonly Leaf[]): ColumnProfile[] {
  const leaf = leaves[node.leaf];
  if (!leaf) return [];
  const { count, nulls } = instancesOf(node, leaf);
  if (!node.isLeaf) {
    const own = { path: node.path, type: node.type, count, nulls, distinct: null, min: null, max: null };
    return [own, ...node.children.flatMap((child) => entriesOf(child, leaves))];
  }
  return [{ ...summarizeColumn(node.path, count, leaf.statistics, node.type), nulls }];
}

/** From the levels of any leaf below: an entry starts an instance of `node` where it does not repeat anything further down. */
function instancesOf(node: SchemaNode, { node: leaf, levels }: Leaf): { count: number; nulls: number } {
  let count = 0;
  let nulls = 0;
  const width = leaf.maxRepetition + 1;
  for (let definition = node.parentDefinition; definition <= leaf.maxDefinition; definition += 1) {
    for (let repetition = 0; repetition <= Math.min(node.repetition, leaf.maxRepetition); repetition += 1) {
      const entries = levels[definition * width + repetition] ?? 0;
      count += entries;
      if (definition < node.definition) nulls += entries;
    }
  }
  return { count, nulls };
}
