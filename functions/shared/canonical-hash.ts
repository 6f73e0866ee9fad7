/** SHA-256 over canonical JSON (RFC 8785): the same content has the same hash, whatever the order of its keys. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { wellFormed } from './well-formed.ts';

export function canonicalJson(value: unknown): string {
  const text = canonicalize(wellFormed(value));
  if (text === undefined) throw new TypeError('only JSON values have a canonical form');
  return text;
}

/** 64 hex digits. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
