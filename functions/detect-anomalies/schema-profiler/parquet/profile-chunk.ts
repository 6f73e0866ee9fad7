/** Reads one column chunk's pages into the statistics of its leaf. */
import type { ColumnMetaData } from 'hyparquet';
import { InputError } from '../../../shared/errors.ts';
import type { ByteSource } from '../../table-sample.ts';
import { type DataPage, openDataPage, openDictionary, valuesOf } from './data-page.ts';
import { decompressPage, prepareCodec } from './decompress-page.ts';
import { HybridDecoder } from './hybrid-decoder.ts';
import { LeafSink } from './leaf-sink.ts';
import type { Leaf } from './profile-parquet.ts';
import { pagesOf } from './read-pages.ts';
import type { PageValues } from './value-readers.ts';

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
      const opened = openDictionary(header, decompressPage(column.codec, bytes, header.uncompressed_page_size), leaf.node);
      dictionary = { ...opened, counts: new Float64Array(opened.size) };
      continue;
    }
    if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') continue;
    const page = openDataPage(header, bytes, column, leaf.node);
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
    const values = valuesOf(page, leaf.node, count);
    eachBlock(page, leaf, (present, before) => values.feed(sink, before, before + present));
    return;
  }
  // how many values there are is known only from the levels: they are read first, the values after them
  let total = 0;
  eachBlock(page, leaf, (present) => {
    total += present;
  });
  valuesOf(page, leaf.node, total).feed(sink, 0, total);
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
