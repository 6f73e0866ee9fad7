/** Reads some rows of a Parquet file, nested values and all, from no more pages than they need. */
import type { RowGroup } from 'hyparquet';
import { InputError, MedicError, quoteForMessage } from '../../../shared/errors.ts';
import type { ByteSource, Cell, TableSample } from '../../table-sample.ts';
import { isSystemError, messageOf } from '../bytes/system-code.ts';
import { assembleRows } from './assemble-rows.ts';
import { readFooter } from './read-footer.ts';
import { type LeafEntries, sampleChunk } from './sample-chunk.ts';
import { leavesOf, type SchemaNode, schemaColumns } from './schema-tree.ts';

export interface ParquetSampleLimits {
  readonly maxRows: number;
  /** Compressed bytes of pages. */
  readonly maxBytes: number;
  readonly evenly: boolean;
}

/** Row groups that are looked into where the rows are to come from all over the file. */
const MOST_PLACES = 8;
/** Bytes that a column may take however many columns there are: one page. */
const LEAST_BYTES = 64 * 1024;

/** @throws InputError `E_PARQUET_FOOTER`, `E_PARQUET_PAGE`, `E_SAMPLE_TOO_LARGE`. */
export async function sampleParquet(source: ByteSource, limits: ParquetSampleLimits): Promise<TableSample> {
  const metadata = await readFooter(source);
  const nodes = schemaColumns(metadata);
  const leaves = nodes.flatMap(leavesOf);
  const filled = metadata.row_groups.filter((group) => group.num_rows > 0n);
  const places = limits.evenly ? evenly(filled, MOST_PLACES) : filled;
  const values: Cell[][] = nodes.map(() => []);
  let bytesLeft = limits.maxBytes;
  let rowCount = 0;
  for (const [index, group] of places.entries()) {
    const isShared = limits.evenly ? places.length - index : 1;
    const wanted = Math.min(Math.ceil((limits.maxRows - rowCount) / isShared), Number(group.num_rows));
    if (wanted <= 0 || (rowCount > 0 && bytesLeft <= 0)) break;
    const entries = await readLeaves(source, group, leaves, wanted, bytesLeft / isShared);
    bytesLeft -= entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const rows = Math.min(wanted, ...entries.map((leaf) => leaf.rows));
    for (const [column, node] of nodes.entries()) {
      const cells = await inColumn(source, node, async () => assembleRows(node, entries, rows));
      for (const cell of cells) values[column]?.push(cell);
    }
    rowCount += rows;
  }
  return {
    format: 'parquet',
    columns: nodes.map((node, index) => ({ name: node.element.name, type: node.type, values: values[index] ?? [] })),
    rowCount,
    totalRows: metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0),
    malformedRows: 0,
  };
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]).filter((item) => item !== undefined);
}

async function readLeaves(
  source: ByteSource,
  { columns }: RowGroup,
  leaves: readonly SchemaNode[],
  rows: number,
  maxBytes: number,
): Promise<LeafEntries[]> {
  if (columns.length !== leaves.length) {
    throw new InputError(
      'E_PARQUET_FOOTER',
      `a row group of ${quoteForMessage(source.name)} has ${columns.length} columns, the schema ${leaves.length}`,
    );
  }
  const share = Math.max(maxBytes / leaves.length, LEAST_BYTES);
  const entries: LeafEntries[] = [];
  for (const [index, node] of leaves.entries()) {
    entries.push(
      await inColumn(source, node, async () => {
        const column = columns[index]?.meta_data;
        if (!column || column.type !== node.element.type)
          throw new RangeError(`the pages hold ${column?.type}, the schema says ${node.element.type}`);
        return sampleChunk(source, column, node, rows, share);
      }),
    );
  }
  return entries;
}

async function inColumn<T>(source: ByteSource, node: SchemaNode, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const where = `column ${quoteForMessage(node.path)} of ${quoteForMessage(source.name)}`;
    if (error instanceof InputError)
      throw new InputError(error.code, `${error.message.slice(error.code.length + 2)} (${where})`, { cause: error });
    if (error instanceof MedicError || isSystemError(error)) throw error;
    throw new InputError('E_PARQUET_PAGE', `${where} cannot be read (${quoteForMessage(messageOf(error))})`, { cause: error });
  }
}
