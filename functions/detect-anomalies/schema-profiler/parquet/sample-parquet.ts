/** Reads some rows of a Parquet file, nested values and all, from no more pages than they need. */
import type { ColumnMetaData, FileMetaData, RowGroup } from 'hyparquet';
import { parquetRead } from 'hyparquet/src/read.js';
import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import type { ByteSource, Cell, TableSample } from '../../table-sample.ts';
import { decompressPage, prepareCodec } from './decompress-page.ts';
import { chunkStart, readFooter } from './read-footer.ts';
import { pagesOf } from './read-pages.ts';
import { type SchemaNode, schemaColumns } from './schema-tree.ts';

export interface ParquetSampleLimits {
  readonly maxRows: number;
  /** Compressed bytes of pages. */
  readonly maxBytes: number;
  readonly evenly: boolean;
}

/** Row groups that are looked into where the rows are to come from all over the file. */
const MOST_PLACES = 8;
/** Values that may be assembled per byte of pages. */
const VALUES_PER_BYTE = 2000;
const FREE_VALUES = 4_000_000;

/** @throws InputError `E_PARQUET_FOOTER`, `E_PARQUET_PAGE`, `E_SAMPLE_TOO_LARGE`. */
export async function sampleParquet(source: ByteSource, limits: ParquetSampleLimits): Promise<TableSample> {
  const metadata = await readFooter(source);
  const nodes = schemaColumns(metadata);
  const total = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  const filled = metadata.row_groups.filter((group) => group.num_rows > 0n);
  const places = limits.evenly ? evenly(filled, MOST_PLACES) : filled;
  const values: Cell[][] = nodes.map(() => []);
  let bytesLeft = limits.maxBytes;
  let rowCount = 0;
  for (const [index, group] of places.entries()) {
    const wanted = limits.evenly ? Math.ceil((limits.maxRows - rowCount) / (places.length - index)) : limits.maxRows - rowCount;
    const rows = Math.min(wanted, Number(group.num_rows));
    if (rows <= 0 || (rowCount > 0 && bytesLeft <= 0)) break;
    const cut = await cutToRows(source, group, rows, limits.evenly ? bytesLeft / (places.length - index) : bytesLeft);
    bytesLeft -= cut.bytes;
    rowCount += await readRows(source, metadata, cut, nodes, values);
  }
  return {
    format: 'parquet',
    columns: nodes.map((node, index) => ({ name: node.element.name, type: node.type, values: values[index] ?? [] })),
    rowCount,
    totalRows: total,
    malformedRows: 0,
  };
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]).filter((item) => item !== undefined);
}

interface Cut {
  readonly group: RowGroup;
  /** Rows that the pages of `group` are enough for. */
  readonly rows: number;
  readonly bytes: number;
}

/** The row group with every column cut behind the pages that hold the first `rows` rows, fewer where they take too many bytes. */
async function cutToRows(source: ByteSource, group: RowGroup, rows: number, maxBytes: number): Promise<Cut> {
  let bytes = 0;
  let enough = rows;
  let budget = FREE_VALUES;
  const share = Math.max(maxBytes / Math.max(group.columns.length, 1), 64 * 1024);
  const columns: RowGroup['columns'] = [];
  for (const chunk of group.columns) {
    const column = chunk.meta_data as ColumnMetaData;
    await prepareCodec(column.codec);
    if (column.num_values === 0n)
      throw new InputError('E_PARQUET_FOOTER', `${Number(group.num_rows)} rows without a value in ${quoteForMessage(source.name)}`);
    const perRow = Number(column.num_values) / Number(group.num_rows);
    const start = chunkStart(column);
    let end = start;
    let seen = 0;
    try {
      for await (const page of pagesOf(source, column)) {
        end = page.end;
        seen += page.header.data_page_header?.num_values ?? page.header.data_page_header_v2?.num_values ?? 0;
        // without repetition a value is a row; lists are longer here and shorter there
        if (seen >= rows * perRow * (perRow === 1 ? 1 : 2) || end - start > share) break;
      }
    } catch (error) {
      throw pageError(source, column.path_in_schema.join('.'), error);
    }
    budget += (end - start) * VALUES_PER_BYTE;
    budget -= seen;
    if (budget < 0)
      throw new InputError('E_SAMPLE_TOO_LARGE', `more values in ${quoteForMessage(source.name)} than its bytes are expected to hold`);
    if (seen < Number(column.num_values)) enough = Math.min(enough, Math.floor(seen / perRow));
    bytes += end - start;
    columns.push({ ...chunk, meta_data: { ...column, total_compressed_size: BigInt(end - start) } });
  }
  return { group: { ...group, columns, num_rows: BigInt(Math.max(enough, 1)) }, rows: Math.max(enough, 1), bytes };
}

/** Appends the rows of one cut to `values`; returns how many. */
async function readRows(
  source: ByteSource,
  metadata: FileMetaData,
  { group, rows }: Cut,
  nodes: readonly SchemaNode[],
  values: Cell[][],
): Promise<number> {
  const columns = new Map<string, unknown[]>(nodes.map((node) => [node.element.name, []]));
  try {
    await parquetRead({
      file: {
        byteLength: source.size,
        slice: async (start, end = source.size) => {
          const bytes = await source.read(start, end);
          return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
        },
      },
      metadata: { ...metadata, num_rows: group.num_rows, row_groups: [group] },
      rowEnd: rows,
      compressors: COMPRESSORS,
      parsers: PARSERS,
      geoparquet: false,
      onChunk: ({ columnName, columnData }) => {
        const column = columns.get(columnName);
        for (const value of columnData) column?.push(value);
      },
    });
  } catch (error) {
    throw pageError(source, '', error);
  }
  const read = Math.min(rows, ...[...columns.values()].map((column) => column.length));
  nodes.forEach((node, index) => {
    const scale = /^decimal\(\d+,(\d+)\)$/.exec(node.type)?.[1];
    const column = columns.get(node.element.name) ?? [];
    for (let row = 0; row < read; row += 1) values[index]?.push(cellOf(column[row], scale === undefined ? null : Number(scale)));
  });
  return read;
}

function pageError(source: ByteSource, column: string, error: unknown): unknown {
  if (error instanceof InputError || (error instanceof Error && ('syscall' in error || '$metadata' in error))) return error;
  const where = `${column === '' ? 'a column' : `column ${quoteForMessage(column)}`} of ${quoteForMessage(source.name)}`;
  return new InputError('E_PARQUET_PAGE', `${where} cannot be read (${quoteForMessage(error instanceof Error ? error.message : error)})`, {
    cause: error,
  });
}

const inflate = (codec: ColumnMetaData['codec']) => (input: Uint8Array, length: number) => decompressPage(codec, input, length);
const COMPRESSORS = {
  SNAPPY: inflate('SNAPPY'),
  GZIP: inflate('GZIP'),
  BROTLI: inflate('BROTLI'),
  ZSTD: inflate('ZSTD'),
  LZ4: inflate('LZ4'),
  LZ4_RAW: inflate('LZ4_RAW'),
};

/** Dates and timestamps as ISO text: a cell is JSON. */
const isoOf = (milliseconds: number) => {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString().slice(0, -1);
};
const PARSERS = {
  timestampFromMilliseconds: (value: bigint) => isoOf(Number(value)).replace(/\.000$/, ''),
  timestampFromMicroseconds: (value: bigint) => isoOf(Number(value / 1000n)).replace(/\.000$/, ''),
  timestampFromNanoseconds: (value: bigint) => isoOf(Number(value / 1_000_000n)).replace(/\.000$/, ''),
  dateFromDays: (days: number) => isoOf(days * 86_400_000).slice(0, -13),
};

function cellOf(value: unknown, scale: number | null): Cell {
  if (value === undefined || value === null) return null;
  // a product of a decimal's digits and a power of ten is off in its last place
  if (scale !== null && typeof value === 'number') return Number(value.toFixed(scale));
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date) return isoOf(value.getTime());
  if (Array.isArray(value)) return value.map((element) => cellOf(element, null));
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, cellOf(field, null)]));
  return value as Cell;
}
