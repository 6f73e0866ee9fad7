/** The values of one page, laid out so that the one at an index can be handed to a sink: whatever their encoding. */
import type { ParquetType } from 'hyparquet';
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { InputError } from '../../../shared/errors.ts';
import { HybridDecoder } from './hybrid-decoder.ts';
import type { ValueSink } from './value-sink.ts';

export interface PageValues {
  /** Hands on the values [from, to), each counted once. @throws RangeError where there are fewer. */
  feed(sink: ValueSink, from: number, to: number): void;
  /** Hands on one value, counted `weight` times. */
  add(sink: ValueSink, index: number, weight: number): void;
}

/** Values of one page that are laid out in memory at once. */
const MOST_VALUES = 4 * 1024 * 1024;

/** `count` values of plain encoding from `start` on; `width`: bytes of a fixed-length value. */
export function plainValues(type: ParquetType, width: number, bytes: Uint8Array, start: number, count: number): PageValues {
  switch (type) {
    case 'BOOLEAN':
      checkRoom(bytes, start, Math.ceil(count / 8));
      return each((sink, index, weight) => sink.bool((((bytes[start + (index >>> 3)] as number) >>> (index & 7)) & 1) === 1, weight));
    case 'INT32':
      return new Int32Values(new Int32Array(aligned(bytes, start, count * 4)));
    case 'INT64':
      return new Int64Values(new Int32Array(aligned(bytes, start, count * 8)));
    case 'INT96': {
      const words = new Int32Array(aligned(bytes, start, count * 12));
      return each((sink, index, weight) =>
        sink.int96(words[index * 3] as number, words[index * 3 + 1] as number, words[index * 3 + 2] as number, weight),
      );
    }
    case 'FLOAT':
      return new RealValues(new Float32Array(aligned(bytes, start, count * 4)));
    case 'DOUBLE':
      return new RealValues(new Float64Array(aligned(bytes, start, count * 8)));
    case 'FIXED_LEN_BYTE_ARRAY':
      checkRoom(bytes, start, count * width);
      return each((sink, index, weight) => sink.bytes(bytes, start + index * width, start + (index + 1) * width, weight));
    default:
      return byteArrays(bytes, start, count);
  }
}

class Int32Values implements PageValues {
  private readonly values: Int32Array;

  constructor(values: Int32Array) {
    this.values = values;
  }

  feed(sink: ValueSink, from: number, to: number): void {
    for (let index = from; index < to; index += 1) sink.int32(this.values[index] as number, 1);
  }

  add(sink: ValueSink, index: number, weight: number): void {
    sink.int32(this.values[index] as number, weight);
  }
}

/** Two words per value: a number holds most of them, and a BigInt each would cost an allocation. */
class Int64Values implements PageValues {
  private readonly words: Int32Array;

  constructor(words: Int32Array) {
    this.words = words;
  }

  feed(sink: ValueSink, from: number, to: number): void {
    for (let index = from; index < to; index += 1) this.add(sink, index, 1);
  }

  add(sink: ValueSink, index: number, weight: number): void {
    sink.int64(this.words[index * 2] as number, this.words[index * 2 + 1] as number, weight);
  }
}

class RealValues implements PageValues {
  private readonly values: Float32Array | Float64Array;

  constructor(values: Float32Array | Float64Array) {
    this.values = values;
  }

  feed(sink: ValueSink, from: number, to: number): void {
    for (let index = from; index < to; index += 1) sink.real(this.values[index] as number, 1);
  }

  add(sink: ValueSink, index: number, weight: number): void {
    sink.real(this.values[index] as number, weight);
  }
}

/** Texts by their places in the page. */
class ByteArrays implements PageValues {
  private readonly bytes: Uint8Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;

  constructor(bytes: Uint8Array, starts: Int32Array, ends: Int32Array) {
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
  }

  feed(sink: ValueSink, from: number, to: number): void {
    for (let index = from; index < to; index += 1) this.add(sink, index, 1);
  }

  add(sink: ValueSink, index: number, weight: number): void {
    sink.bytes(this.bytes, this.starts[index] as number, this.ends[index] as number, weight);
  }
}

function byteArrays(bytes: Uint8Array, start: number, count: number): PageValues {
  checkRoom(bytes, start, count * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const length = view.getUint32(at, true);
    at += 4;
    starts[index] = at;
    at += length;
    if (at > bytes.length) throw new RangeError(`a value of ${length} bytes at the end of a page`);
    ends[index] = at;
  }
  return new ByteArrays(bytes, starts, ends);
}

/** Values that stand in an array already. */
export function deltaValues(encoding: string, type: ParquetType, bytes: Uint8Array, start: number, count: number): PageValues {
  checkCount(count);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: start };
  if (encoding === 'DELTA_BINARY_PACKED') {
    const values = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
    if (count > 0) deltaBinaryUnpack(reader, count, values);
    return values instanceof Int32Array ? new Int32Values(values) : new Int64Values(new Int32Array(values.buffer));
  }
  const values: Uint8Array[] = new Array(count);
  if (count > 0) (encoding === 'DELTA_BYTE_ARRAY' ? deltaByteArray : deltaLengthByteArray)(reader, count, values);
  return each((sink, index, weight) => {
    const value = values[index];
    if (!value) throw new RangeError('fewer values than announced');
    sink.bytes(value, 0, value.length, weight);
  });
}

/** The bytes of all values by their place within a value: turned back, they are plain. */
export function splitValues(type: ParquetType, width: number, bytes: Uint8Array, start: number, count: number): PageValues {
  const size = type === 'INT32' || type === 'FLOAT' ? 4 : type === 'INT64' || type === 'DOUBLE' ? 8 : width;
  checkRoom(bytes, start, count * size);
  const plain = new Uint8Array(count * size);
  for (let place = 0; place < size; place += 1) {
    const stream = start + place * count;
    for (let index = 0; index < count; index += 1) plain[index * size + place] = bytes[stream + index] as number;
  }
  return plainValues(type, width, plain, 0, count);
}

/** Run-length encoded booleans, behind the length of their bytes. */
export function hybridBooleans(bytes: Uint8Array, start: number, count: number): PageValues {
  checkCount(count);
  checkRoom(bytes, start, 4);
  const length = new DataView(bytes.buffer, bytes.byteOffset + start, 4).getUint32(0, true);
  const values = new Int32Array(count);
  new HybridDecoder(bytes, start + 4, Math.min(start + 4 + length, bytes.length), 1).read(values, count);
  return each((sink, index, weight) => sink.bool(values[index] === 1, weight));
}

function each(add: (sink: ValueSink, index: number, weight: number) => void): PageValues {
  return {
    add,
    feed(sink, from, to) {
      for (let index = from; index < to; index += 1) add(sink, index, 1);
    },
  };
}

/** The bytes at a place of their own, where typed arrays can lie over them. */
function aligned(bytes: Uint8Array, start: number, length: number): ArrayBuffer {
  checkRoom(bytes, start, length);
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(start, start + length));
  return copy.buffer;
}

function checkRoom(bytes: Uint8Array, start: number, length: number): void {
  if (!(length >= 0) || start + length > bytes.length)
    throw new RangeError(`${length} bytes of values in a page with ${bytes.length - start} left`);
}

function checkCount(count: number): void {
  if (count > MOST_VALUES)
    throw new InputError('E_SAMPLE_TOO_LARGE', `${count} values in one page; at most ${MOST_VALUES} are laid out at once`);
}
