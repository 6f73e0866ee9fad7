/** Reads the first rows of one column chunk: its levels, and the values that are there as cells. */
import type { ColumnMetaData } from 'hyparquet';
import { InputError } from '../../../shared/errors.ts';
import type { ByteSource, Cell } from '../../table-sample.ts';
import { openDataPage, openDictionary, valuesOf } from './data-page.ts';
import { decompressPage, prepareCodec } from './decompress-page.ts';
import { HybridDecoder } from './hybrid-decoder.ts';
import { LeafCells } from './leaf-cells.ts';
import { pagesOf } from './read-pages.ts';
import type { SchemaNode } from './schema-tree.ts';
import type { PageValues } from './value-readers.ts';

export interface LeafEntries {
  readonly definitions: number[];
  readonly repetitions: number[];
  /** One per entry whose definition level says that it is there. */
  readonly cells: readonly Cell[];
  /** Rows that are whole in the entries. */
  readonly rows: number;
  /** Compressed bytes of the pages that were read. */
  readonly bytes: number;
}

const BLOCK = 4096;
/** Entries of lists are many to a row; more than these are not laid out. */
const MOST_ENTRIES = 4_000_000;
const definitions = new Int32Array(BLOCK);
const repetitions = new Int32Array(BLOCK);
const indices = new Int32Array(BLOCK);

/** Reads until `rows` rows are whole, or `maxBytes` have been read, or the chunk ends. */
export async function sampleChunk(
  source: ByteSource,
  column: ColumnMetaData,
  node: SchemaNode,
  rows: number,
  maxBytes: number,
): Promise<LeafEntries> {
  await prepareCodec(column.codec);
  const sink = new LeafCells(node);
  const entries = { definitions: [] as number[], repetitions: [] as number[] };
  const expected = Number(column.num_values);
  let dictionary: { values: PageValues; size: number } | null = null;
  let started = 0;
  let bytes = 0;
  let isEnough = false;
  for await (const page of pagesOf(source, column)) {
    const { header } = page;
    bytes += page.bytes.length;
    if (header.type === 'DICTIONARY_PAGE') {
      dictionary = openDictionary(header, decompressPage(column.codec, page.bytes, header.uncompressed_page_size), node);
      continue;
    }
    if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') continue;
    const data = openDataPage(header, page.bytes, column, node);
    const isIndexed = data.encoding === 'PLAIN_DICTIONARY' || data.encoding === 'RLE_DICTIONARY';
    if (isIndexed && !dictionary) throw new RangeError('values of a dictionary that is missing');
    let present = 0;
    for (let done = 0; done < data.count && !isEnough; done += BLOCK) {
      const size = Math.min(BLOCK, data.count - done);
      definitions.fill(0, 0, size);
      repetitions.fill(0, 0, size);
      data.definitions?.read(definitions, size);
      data.repetitions?.read(repetitions, size);
      for (let at = 0; at < size; at += 1) {
        const definition = definitions[at] as number;
        const repetition = repetitions[at] as number;
        if (definition > node.maxDefinition || repetition > node.maxRepetition) throw new RangeError(`levels ${definition}, ${repetition}`);
        if (repetition === 0) started += 1;
        // the first entry of the row behind the last one wanted
        if (started > rows) {
          isEnough = true;
          break;
        }
        entries.definitions.push(definition);
        entries.repetitions.push(repetition);
        if (definition === node.maxDefinition) present += 1;
      }
      if (entries.definitions.length > MOST_ENTRIES)
        throw new InputError('E_SAMPLE_TOO_LARGE', `more than ${MOST_ENTRIES} entries for ${rows} rows`);
    }
    if (isIndexed && dictionary) readIndexed(data.bytes, data.start, present, dictionary, sink);
    else valuesOf(data, node, node.maxDefinition === 0 ? data.count : present).feed(sink, 0, present);
    if (isEnough || entries.definitions.length >= expected || bytes >= maxBytes) break;
  }
  const isWhole = isEnough || entries.definitions.length >= expected;
  if (!isWhole && bytes < maxBytes) throw new RangeError(`${entries.definitions.length} values where ${expected} are announced`);
  // where reading stopped for the bytes, the last row of a list may go on
  const whole = isWhole || node.maxRepetition === 0 ? started : started - 1;
  return { ...entries, cells: sink.cells, rows: Math.min(whole, rows), bytes };
}

function readIndexed(
  bytes: Uint8Array,
  start: number,
  count: number,
  dictionary: { values: PageValues; size: number },
  sink: LeafCells,
): void {
  if (count === 0) return;
  if (start >= bytes.length) throw new RangeError('a page without its values');
  const decoder = new HybridDecoder(bytes, start + 1, bytes.length, bytes[start] as number);
  for (let done = 0; done < count; done += BLOCK) {
    const size = Math.min(BLOCK, count - done);
    decoder.read(indices, size);
    for (let at = 0; at < size; at += 1) {
      const index = indices[at] as number;
      if (index < 0 || index >= dictionary.size) throw new RangeError(`value ${index} of a dictionary of ${dictionary.size}`);
      dictionary.values.add(sink, index, 1);
    }
  }
}
