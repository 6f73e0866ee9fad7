/** What DynamoDB accepts as an item, checked before it is asked: the same rules for the table on AWS, on dynalite and in memory. */
import { MedicError, quoteForMessage } from '../errors.ts';
import type { ItemAttributes, ItemKey } from '../ports.ts';

/** The item would be larger than DynamoDB keeps. */
export class ItemSizeError extends MedicError {}

/** A key or value that DynamoDB would refuse, or give back as something else. */
export class ItemValueError extends MedicError {}

export interface QueryOptions {
  readonly prefix?: string;
  readonly limit?: number;
  readonly after?: string;
  readonly descending?: boolean;
}

/** Bytes. */
export const ITEM_LIMIT_BYTES = 400 * 1024;
/** Bytes after which DynamoDB ends a page of a query. */
export const PAGE_LIMIT_BYTES = 1024 * 1024;

/** DynamoDB nests 32 levels; the map that holds the attributes is one of them. */
const DEPTH_LIMIT = 31;
const KEY_LIMIT_BYTES = { pk: 2048, sk: 1024 } as const;
const SMALLEST_NUMBER = 1e-130;
const LARGEST_NUMBER = 9.9e125;

/** Errors: ItemValueError, ItemSizeError. Returns the item's size in bytes, as DynamoDB counts it. */
export function checkItem(key: ItemKey, attributes: ItemAttributes): number {
  checkKey(key);
  const bytes = itemBytes(key, attributes);
  if (bytes > ITEM_LIMIT_BYTES) {
    throw new ItemSizeError(
      'E_ITEM_SIZE',
      `${quoteForMessage(key.pk)}/${quoteForMessage(key.sk)} would be ${bytes} bytes, more than ${ITEM_LIMIT_BYTES}; large content belongs in an artefact`,
    );
  }
  return bytes;
}

/** Errors: ItemValueError. */
export function checkKey(key: ItemKey): void {
  for (const name of ['pk', 'sk'] as const) {
    const text = key[name];
    checkText(text, name);
    const bytes = Buffer.byteLength(text);
    if (bytes === 0 || bytes > KEY_LIMIT_BYTES[name]) {
      throw new ItemValueError('E_ITEM_KEY', `${name} has ${bytes} bytes, expected 1 to ${KEY_LIMIT_BYTES[name]}`);
    }
  }
}

/** Errors: ItemValueError, also for an `after` that no page with this prefix can have returned. */
export function checkQuery(pk: string, { prefix = '', limit, after }: QueryOptions): void {
  checkKey({ pk, sk: after ?? '-' });
  checkText(prefix, 'prefix');
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new ItemValueError('E_ITEM_QUERY', `limit is ${limit}, expected a whole number from 1`);
  }
  if (after !== undefined && !after.startsWith(prefix)) {
    throw new ItemValueError(
      'E_ITEM_QUERY',
      `after ${quoteForMessage(after)} lies outside prefix ${quoteForMessage(prefix)}; pass what the page before returned as next`,
    );
  }
}

function itemBytes(key: ItemKey, attributes: ItemAttributes): number {
  const keys = 'pk'.length + Buffer.byteLength(key.pk) + 'sk'.length + Buffer.byteLength(key.sk);
  const revision = 'revision'.length + 9;
  return keys + revision + 'attributes'.length + valueBytes(attributes, 'attributes', 1);
}

function valueBytes(value: unknown, path: string, depth: number): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') {
    checkText(value, path);
    return Buffer.byteLength(value);
  }
  if (typeof value === 'number') return numberBytes(value, path);
  if (depth > DEPTH_LIMIT) throw new ItemValueError('E_ITEM_VALUE', `${shorten(path)} is nested deeper than ${DEPTH_LIMIT} levels`);
  if (Array.isArray(value)) {
    // Not `reduce`: it would pass over the holes of a sparse array.
    let bytes = 3;
    for (const [index, element] of value.entries()) bytes += 1 + valueBytes(element, `${path}[${index}]`, depth + 1);
    return bytes;
  }
  if (isPlainObject(value)) {
    let bytes = 3;
    for (const [name, element] of Object.entries(value)) {
      checkName(name, path);
      bytes += 1 + Buffer.byteLength(name) + valueBytes(element, `${path}.${name}`, depth + 1);
    }
    return bytes;
  }
  throw new ItemValueError('E_ITEM_VALUE', `${shorten(path)} is ${describe(value)}, expected a JSON value`);
}

/** DynamoDB keeps up to 38 digits, two in a byte; a double never needs more than 17, but 1e21 is written out. */
function numberBytes(value: number, path: string): number {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new ItemValueError('E_ITEM_VALUE', `${shorten(path)} is ${value}, expected a finite number whose digits are kept`);
  }
  if (size !== 0 && (size < SMALLEST_NUMBER || size > LARGEST_NUMBER)) {
    throw new ItemValueError('E_ITEM_VALUE', `${shorten(path)} is ${value}, outside the range of DynamoDB's numbers`);
  }
  return 1 + Math.ceil(String(size).length / 2) + (value < 0 ? 1 : 0);
}

function checkText(text: string, path: string): void {
  if (typeof text !== 'string') throw new ItemValueError('E_ITEM_VALUE', `${shorten(path)} is ${describe(text)}, expected text`);
  if (!text.isWellFormed())
    throw new ItemValueError('E_ITEM_VALUE', `${shorten(path)} holds half a surrogate pair, which UTF-8 cannot carry`);
}

/** `__proto__` would come back as the object's prototype. */
function checkName(name: string, path: string): void {
  checkText(name, path);
  if (name === '' || name === '__proto__') {
    throw new ItemValueError('E_ITEM_VALUE', `${shorten(path)} has an attribute named ${quoteForMessage(name)}, which cannot be kept`);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' ? `a ${value?.constructor.name ?? 'null'}` : typeof value;
}

function shorten(path: string): string {
  return quoteForMessage(path, 120);
}
