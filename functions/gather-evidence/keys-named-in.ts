/** Which object keys a log names: that is where a failed read says which file it was. */

const KEYS = 1000;
const KEY_LIMIT = 1024;
/** What ends a key in a log line. */
const END = /[\s"'`<>()[\]{},;|]/;

/** Keys below `prefix`, as written and percent-decoded; at most a thousand, the last ones. Linear in the log. Pure. */
export function keysNamedIn(log: string, prefix: string): Set<string> {
  const keys = new Set<string>();
  for (let at = log.lastIndexOf(prefix); at >= 0 && keys.size < KEYS; at = at === 0 ? -1 : log.lastIndexOf(prefix, at - 1)) {
    const candidate = log.slice(at, at + KEY_LIMIT);
    const end = candidate.search(END);
    const key = (end < 0 ? candidate : candidate.slice(0, end)).replace(/[.:]{1,3}$/, '');
    keys.add(key);
    keys.add(decoded(key));
  }
  return keys;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
