/** Reads one column chunk's pages into the statistics of its leaf. */
import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { InputError } from '../../../shared/errors.ts';
import type { ByteSource } from '../../table-sample.ts';
import { decompressPage, prepareCodec } from './decompress-page.ts';
import { HybridDecoder } from './hybrid-decoder.ts';
import { LeafSink } from './leaf-sink.ts';
import type { Leaf } from './profile-parquet.ts';
import { pagesOf } from './read-pages.ts';
import { deltaValues, hybridBooleans, type PageValues, plainValues, splitValues } from './value-readers.ts';

const BLOCK = 8192;
const definitions = new Int32Array(BLOCK);
const repetitions = new Int32Array(BLOCK);
const indices = new Int32Array(BLOCK);

interface Dictionary {
  readonly values: PageValues;
  readonly size: number;
  /** How often each value was referred to. */
  readonly counts: Float64Array;
}

/** What a data page holds, levels and values still encoded. */
interface DataPage {
  readonly count: number;
  readonly encoding: string;
  readonly repetitions: HybridDecoder | null;
  readonly definitions: HybridDecoder | null;
  readonly bytes: Uint8Array;
  readonly start: number;
  /** Known from the header of the second version, else null. */
  readonly nulls: number | null;
  readonly isSecond: boolean;
}

/** `budget.values`: entries that may still be read of this file. */
export async function profileChunk(source: ByteSource, column: ColumnMetaData, leaf: Leaf, budget: { values: number }): Promise<void> {
  await prepareCodec(column.codec);
  const sink = new LeafSink(leaf.node, leaf.statistics);
  const expected = Number(column.num_values);
  let dictionary: Dictionary | null = null;
  let seen = 0;
  for await (const { header, bytes } of pagesOf(source, column)) {
    if (seen >= expected) break;
    if (header.type === 'DICTIONARY_PAGE') {
      dictionary = readDictionary(header, decompressPage(column.codec, bytes, header.uncompressed_page_size), leaf);
      continue;
    }
    if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') continue;
    const page = header.type === 'DATA_PAGE' ? firstVersion(header, bytes, column, leaf) : secondVersion(header, bytes, column, leaf);
    seen += page.count;
    budget.values -= page.count;
    if (budget.values < 0)
      throw new InputError('E_SAMPLE_TOO_LARGE', `more values than a file of ${source.size} bytes is expected to hold`);
    readPage(page, leaf, dictionary, sink);
  }
  if (seen < expected) throw new RangeError(`${seen} values where ${expected} are announced`);
  if (dictionary !== null) {
    const { values, size, counts } = dictionary;
    for (let index = 0; index < size; index += 1) {
      const count = counts[index] as number;
      if (count > 0) values.add(sink, index, count);
    }
  }
}

function readDictionary(header: PageHeader, bytes: Uint8Array, { node }: Leaf): Dictionary {
  const size = header.dictionary_page_header?.num_values ?? 0;
  if (!(size >= 0 && size <= bytes.length * 8)) throw new RangeError(`a dictionary of ${size} values in ${bytes.length} bytes`);
  return { size, values: plainValues(physicalType(node), node.element.type_length ?? 0, bytes, 0, size), counts: new Float64Array(size) };
}

function firstVersion(header: PageHeader, stored: Uint8Array, { codec }: ColumnMetaData, { node }: Leaf): DataPage {
  const page = header.data_page_header;
  if (!page) throw new RangeError('a data page without its header');
  const bytes = decompressPage(codec, stored, header.uncompressed_page_size);
  let start = 0;
  const levels = (most: number, encoding: string): HybridDecoder | null => {
    if (most === 0) return null;
    if (encoding === 'BIT_PACKED') throw new RangeError('levels in an encoding that was given up (BIT_PACKED)');
    if (start + 4 > bytes.length) throw new RangeError('a page without its levels');
    const length = new DataView(bytes.buffer, bytes.byteOffset + start, 4).getUint32(0, true);
    const decoder = new HybridDecoder(bytes, start + 4, start + 4 + length, bitsFor(most));
    start += 4 + length;
    return decoder;
  };
  const repeated = levels(node.maxRepetition, page.repetition_level_encoding);
  const defined = levels(node.maxDefinition, page.definition_level_encoding);
  return {
    count: countOf(page.num_values),
    encoding: page.encoding,
    repetitions: repeated,
    definitions: defined,
    bytes,
    start,
    nulls: null,
    isSecond: false,
  };
}

function secondVersion(header: PageHeader, stored: Uint8Array, { codec }: ColumnMetaData, { node }: Leaf): DataPage {
  const page = header.data_page_header_v2;
  if (!page) throw new RangeError('a data page without its header');
  const { repetition_levels_byte_length: repeatedLength, definition_levels_byte_length: definedLength } = page;
  const levelsLength = repeatedLength + definedLength;
  if (!(repeatedLength >= 0 && definedLength >= 0 && levelsLength <= stored.length)) throw new RangeError('levels longer than their page');
  const inflated = header.uncompressed_page_size - levelsLength;
  const values = stored.subarray(levelsLength);
  const bytes = page.is_compressed === false || (values.length === 0 && inflated === 0) ? values : decompressPage(codec, values, inflated);
  return {
    count: countOf(page.num_values),
    encoding: page.encoding,
    repetitions: node.maxRepetition === 0 ? null : new HybridDecoder(stored, 0, repeatedLength, bitsFor(node.maxRepetition)),
    definitions: node.maxDefinition === 0 ? null : new HybridDecoder(stored, repeatedLength, levelsLength, bitsFor(node.maxDefinition)),
    bytes,
    start: 0,
    nulls: page.num_nulls,
    isSecond: true,
  };
}

function countOf(count: number): number {
  if (!(count >= 0)) throw new RangeError(`a page of ${count} values`);
  return count;
}

function readPage(page: DataPage, leaf: Leaf, dictionary: Dictionary | null, sink: LeafSink): void {
  const { count, encoding } = page;
  const isIndexed = encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY';
  if (isIndexed) {
    if (!dictionary) throw new RangeError('values of a dictionary that is missing');
    const { bytes, start } = page;
    // a page of nulls only may end before the width
    const decoder = start < bytes.length ? new HybridDecoder(bytes, start + 1, bytes.length, bytes[start] as number) : null;
    eachBlock(page, leaf, (present) => countIndices(decoder, dictionary, present));
    return;
  }
  if (leaf.node.maxDefinition === 0) {
    const values = valuesOf(page, leaf, count);
    eachBlock(page, leaf, (present, before) => values.feed(sink, before, before + present));
    return;
  }
  // how many values there are is known only from the levels: they are read first, the values after them
  let total = 0;
  eachBlock(page, leaf, (present) => {
    total += present;
  });
  valuesOf(page, leaf, total).feed(sink, 0, total);
}

function countIndices(decoder: HybridDecoder | null, { counts, size }: Dictionary, present: number): void {
  if (present === 0) return;
  if (decoder === null) throw new RangeError('a page without its values');
  decoder.read(indices, present);
  for (let at = 0; at < present; at += 1) {
    const index = indices[at] as number;
    if (index < 0 || index >= size) throw new RangeError(`value ${index} of a dictionary of ${size}`);
    counts[index] = (counts[index] as number) + 1;
  }
}

/** Counts the levels block by block; `take` is told how many values a block has and how many came before. */
function eachBlock(page: DataPage, { node, levels }: Leaf, take: (present: number, before: number) => void): void {
  const width = node.maxRepetition + 1;
  const most = node.maxDefinition;
  let before = 0;
  for (let done = 0; done < page.count; done += BLOCK) {
    const size = Math.min(BLOCK, page.count - done);
    if (page.definitions === null) definitions.fill(0, 0, size);
    else page.definitions.read(definitions, size);
    if (page.repetitions === null) repetitions.fill(0, 0, size);
    else page.repetitions.read(repetitions, size);
    let present = 0;
    for (let at = 0; at < size; at += 1) {
      const definition = definitions[at] as number;
      const repetition = repetitions[at] as number;
      if (definition > most || repetition >= width)
        throw new RangeError(`levels ${definition}, ${repetition} beyond ${most}, ${width - 1}`);
      const slot = definition * width + repetition;
      levels[slot] = (levels[slot] as number) + 1;
      if (definition === most) present += 1;
    }
    take(present, before);
    before += present;
  }
}

function valuesOf({ encoding, bytes, start, isSecond }: DataPage, { node }: Leaf, count: number): PageValues {
  const type = physicalType(node);
  const width = node.element.type_length ?? 0;
  switch (encoding) {
    case 'PLAIN':
      return plainValues(type, width, bytes, start, count);
    case 'RLE':
      if (type !== 'BOOLEAN') throw new RangeError(`run-length encoded values of ${type}`);
      return hybridBooleans(bytes, start, count);
    case 'BYTE_STREAM_SPLIT':
      return splitValues(type, width, bytes, start, count);
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_BYTE_ARRAY':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return deltaValues(encoding, type, bytes, start, count);
    default:
      throw new RangeError(`encoding ${encoding} of ${isSecond ? 'a second' : 'a first'} version page is not read`);
  }
}

function physicalType(node: Leaf['node']) {
  const { type } = node.element;
  if (!type) throw new RangeError('a column without a type');
  return type;
}

const bitsFor = (most: number) => 32 - Math.clz32(most);
