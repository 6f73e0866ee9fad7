/** Opens the pages of a column chunk: levels and values, still encoded, with everything checked that could lead astray. */
import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { decompressPage } from './decompress-page.ts';
import { HybridDecoder } from './hybrid-decoder.ts';
import type { SchemaNode } from './schema-tree.ts';
import { deltaValues, hybridBooleans, type PageValues, plainValues, splitValues } from './value-readers.ts';

/** What a data page holds, levels and values still encoded. */
export interface DataPage {
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

/** A data page of either version. @throws RangeError where the header does not fit the bytes. */
export function openDataPage(header: PageHeader, stored: Uint8Array, column: ColumnMetaData, node: SchemaNode): DataPage {
  return header.type === 'DATA_PAGE' ? firstVersion(header, stored, column, node) : secondVersion(header, stored, column, node);
}

/** The values of a dictionary page, and how many they are. */
export function openDictionary(header: PageHeader, bytes: Uint8Array, node: SchemaNode): { values: PageValues; size: number } {
  const size = header.dictionary_page_header?.num_values ?? 0;
  if (!(size >= 0 && size <= bytes.length * 8)) throw new RangeError(`a dictionary of ${size} values in ${bytes.length} bytes`);
  return { size, values: plainValues(physicalType(node), node.element.type_length ?? 0, bytes, 0, size) };
}

function firstVersion(header: PageHeader, stored: Uint8Array, { codec }: ColumnMetaData, node: SchemaNode): DataPage {
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

function secondVersion(header: PageHeader, stored: Uint8Array, { codec }: ColumnMetaData, node: SchemaNode): DataPage {
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

/** `count` values of a page that has no dictionary. */
export function valuesOf({ encoding, bytes, start, isSecond }: DataPage, node: SchemaNode, count: number): PageValues {
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

function physicalType(node: SchemaNode) {
  const { type } = node.element;
  if (!type) throw new RangeError('a column without a type');
  return type;
}

const bitsFor = (most: number) => 32 - Math.clz32(most);
