/** Where two JSON values part, for a person: the first place in the order of the keys, and what stands there on either side. */
import { canonicalJson } from '../../functions/shared/canonical-hash.ts';

const SHOWN = 200;

export interface Difference {
  /** As in `ranking[0].plan.delaySeconds`; empty for the whole value. */
  readonly path: string;
  /** Canonical JSON, shortened; `absent` where there is nothing. */
  readonly recorded: string;
  readonly replayed: string;
}

/** Null where both are the same bytes as canonical JSON. */
export function firstDifference(recorded: unknown, replayed: unknown, path = ''): Difference | null {
  if (textOf(recorded) === textOf(replayed)) return null;
  if (isBranch(recorded) && isBranch(replayed) && Array.isArray(recorded) === Array.isArray(replayed)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(replayed)])];
    for (const key of Array.isArray(recorded) ? keys : keys.toSorted()) {
      const below = Array.isArray(recorded) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      const difference = firstDifference(recorded[key], replayed[key], below);
      if (difference) return difference;
    }
  }
  return { path, recorded: shown(recorded), replayed: shown(replayed) };
}

type Branch = Readonly<Record<string, unknown>>;

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null;
}

/** Undefined is an absent member, as in JSON. */
function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function shown(value: unknown): string {
  const text = textOf(value) ?? 'absent';
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text;
}
