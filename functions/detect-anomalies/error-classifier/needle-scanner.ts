/** Finds many short needles in bytes in one pass: Aho–Corasick as a complete automaton, one table look-up a byte, ASCII case folded. */

const ROOT = 0;
/** Bytes in no needle share class 0; control characters, which no needle holds, have a class of their own. */
const OTHER_CLASS = 0;
const CONTROL_CLASS = 1;

export interface NeedleScanner {
  /** The first position from `from` on whose byte completes a needle or is a control character; `end` where there is none. */
  next(bytes: Uint8Array, from: number, end: number): number;
  /** Indices of the needles that end where `next` stopped; null where it stopped at a control character. */
  found(): readonly number[] | null;
  /** Forgets what was read, as at the start of a line. */
  reset(): void;
}

/**
 * Compiles once; each call of what it returns gives a scanner with a state of its own.
 * `needles`: printable ASCII in lower case, not empty. Tabs and line ends are no control characters here.
 */
export function needleScanner(needles: readonly string[]): () => NeedleScanner {
  const { classOf, classCount } = byteClasses(needles);
  const { table, outputs, firstStop } = completeAutomaton(plantTrie(needles, classOf, classCount), classCount);
  return () => startScanner(table, classOf, classCount, outputs, firstStop);
}

function startScanner(
  table: Int32Array,
  classOf: Uint8Array,
  classCount: number,
  outputs: readonly (readonly number[])[],
  firstStop: number,
): NeedleScanner {
  let state = ROOT;
  return {
    next(bytes, from, end) {
      let current = state;
      let at = from;
      for (; at < end; at += 1) {
        current = table[current + (classOf[bytes[at] ?? 0] ?? 0)] ?? ROOT;
        if (current >= firstStop) break;
      }
      state = current;
      return at;
    },
    found: () => outputs[(state - firstStop) / classCount] ?? null,
    reset: () => {
      state = ROOT;
    },
  };
}

function byteClasses(needles: readonly string[]): { classOf: Uint8Array; classCount: number } {
  const classOf = new Uint8Array(256).fill(OTHER_CLASS);
  for (let byte = 0; byte < 32; byte += 1) classOf[byte] = CONTROL_CLASS;
  classOf[127] = CONTROL_CLASS;
  for (const blank of [9, 10, 13]) classOf[blank] = OTHER_CLASS;
  let classCount = 2;
  for (const code of new Set([...needles.join('')].map((character) => character.charCodeAt(0)))) {
    classOf[code] = classCount;
    if (code >= 97 && code <= 122) classOf[code - 32] = classCount;
    classCount += 1;
  }
  return { classOf, classCount };
}

interface TrieNode {
  readonly children: Map<number, TrieNode>;
  /** Needles that end here; after `completeAutomaton` also those that are its suffixes. */
  needles: number[];
  /** The node of the longest proper suffix. */
  fallback: TrieNode | null;
  /** The row of the table, already multiplied by its width. */
  row: number;
}

function newNode(): TrieNode {
  return { children: new Map(), needles: [], fallback: null, row: ROOT };
}

function plantTrie(needles: readonly string[], classOf: Uint8Array, classCount: number): TrieNode {
  const root = newNode();
  for (const [index, needle] of needles.entries()) {
    let node = root;
    for (let at = 0; at < needle.length; at += 1) {
      const byteClass = classOf[needle.charCodeAt(at)] ?? classCount;
      const child = node.children.get(byteClass) ?? newNode();
      node.children.set(byteClass, child);
      node = child;
    }
    node.needles.push(index);
  }
  return root;
}

/** Rows of states that stop the scan come last, so that one comparison finds them; the very last is the control character's. */
function completeAutomaton(root: TrieNode, classCount: number) {
  const nodes = linkFallbacks(root);
  const running = nodes.filter((node) => node.needles.length === 0);
  const stopping = nodes.filter((node) => node.needles.length > 0);
  for (const [index, node] of [...running, ...stopping].entries()) node.row = index * classCount;
  const firstStop = running.length * classCount;
  const controlRow = nodes.length * classCount;
  const table = new Int32Array(controlRow + classCount);
  // In order of depth: a fallback's row is complete before it is copied.
  for (const node of nodes) {
    if (node.fallback) table.copyWithin(node.row, node.fallback.row, node.fallback.row + classCount);
    for (const [byteClass, child] of node.children) table[node.row + byteClass] = child.row;
    table[node.row + CONTROL_CLASS] = controlRow;
  }
  table.copyWithin(controlRow, root.row, root.row + classCount);
  return { table, firstStop, outputs: stopping.map((node): readonly number[] => node.needles) };
}

/** All nodes in order of depth, each with its fallback and the needles that end in it. */
function linkFallbacks(root: TrieNode): TrieNode[] {
  const nodes = [root];
  for (const node of nodes) {
    for (const [byteClass, child] of node.children) {
      let fallback = node.fallback;
      while (fallback && !fallback.children.has(byteClass)) fallback = fallback.fallback;
      child.fallback = fallback?.children.get(byteClass) ?? root;
      child.needles = [...child.needles, ...child.fallback.needles];
      nodes.push(child);
    }
  }
  return nodes;
}
