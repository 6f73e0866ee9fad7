/** Takes keys out of an event that reach for an object's prototype: no event of AWS has them, and nothing here may ever read them. */

const RESERVED = ['__proto__', 'constructor', 'prototype'];
/** Nothing is read below this depth, and a hostile nesting must not exhaust the stack. */
const MOST_LEVELS = 32;
const MOST_NAMED = 5;

export interface Cleaned {
  readonly event: unknown;
  /** Where they stood, e.g. `detail.__proto__`, at most five. */
  readonly dropped: readonly string[];
}

/** Total: what is nested deeper than is ever read is left out. The event itself is not changed. */
export function withoutReservedKeys(event: unknown): Cleaned {
  const dropped: string[] = [];
  return { event: clean(event, '', 0, dropped), dropped: dropped.slice(0, MOST_NAMED) };
}

function clean(value: unknown, path: string, level: number, dropped: string[]): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (level >= MOST_LEVELS) return null;
  if (Array.isArray(value)) return value.map((member) => clean(member, `${path}[]`, level + 1, dropped));
  const kept = Object.entries(value).filter(([key]) => {
    if (!RESERVED.includes(key)) return true;
    dropped.push(`${path === '' ? '' : `${path}.`}${key}`.slice(-80));
    return false;
  });
  return Object.fromEntries(kept.map(([key, member]) => [key, clean(member, path === '' ? key : `${path}.${key}`, level + 1, dropped)]));
}
