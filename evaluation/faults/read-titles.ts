/** The titles of all tests, read from their sources: a title that begins with ids claims those rows of the matrices. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseSync } from '@swc/core';

export interface TestTitle {
  /** Below the folder that was read, with `/`. */
  readonly file: string;
  /** The titles of the describes around it, and its own; a row of its table is filled in where that begins with ids. */
  readonly path: readonly string[];
  /** Rows and requirements that the test, a describe around it, or its row in a table begins with. */
  readonly ids: readonly string[];
}

const LEADING_IDS = /^(?:[BFR]\d{1,2}(?:[:,]? +|:|$))+/;
const ID = /[BFR]\d{1,2}/g;

/** The ids at the beginning of a title: `R36 F9: …`. */
export function idsOf(title: string): string[] {
  return LEADING_IDS.exec(title)?.[0].match(ID) ?? [];
}

export function readTitlesIn(folder: string): TestTitle[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.split(sep).join('/'))
    .sort()
    .flatMap((file) => readTitles(file, readFileSync(join(folder, file), 'utf8')));
}

/** Tests that are skipped or only announced are none. */
export function readTitles(file: string, source: string): TestTitle[] {
  const found: TestTitle[] = [];
  visit(parseSync(source, { syntax: 'typescript', target: 'es2024' }), []);
  return found;

  function visit(node: unknown, around: readonly string[]): void {
    if (Array.isArray(node)) for (const each of node) visit(each, around);
    else if (isNode(node)) {
      const test = node.type === 'CallExpression' ? testOf(node) : undefined;
      if (!test) for (const child of Object.values(node)) visit(child, around);
      else if (test.kind === 'describe') visit(test.body, [...around, test.title]);
      else if (test.kind === 'it') found.push(...titlesOf(test, around));
    }
  }

  function titlesOf({ title, rows }: Test, around: readonly string[]): TestTitle[] {
    const claiming = title.includes('%s') ? rows.filter((row) => idsOf(row).length > 0) : [];
    const pieces = claiming.length > 0 ? claiming : [''];
    return pieces.map((row) => ({
      file,
      path: [...around, row === '' ? title : title.replace('%s', row)],
      ids: [...new Set([...around, title, row].flatMap(idsOf))],
    }));
  }
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}
interface Test {
  readonly kind: 'describe' | 'it' | 'none';
  readonly title: string;
  /** The first cell of each row of its table, where that is a text. */
  readonly rows: readonly string[];
  readonly body: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** `it(title, …)`, `describe(title, …)`, and both with `.each(table)`, `.skip` or `.todo`. */
function testOf({ callee, arguments: given }: Node): Test | undefined {
  const [called, table] = isCall(callee) ? [callee['callee'], textsOf(argumentsOf(callee['arguments'])[0])] : [callee, []];
  const [name, ...modifiers] = wordsOf(called);
  if (name !== 'describe' && name !== 'it' && name !== 'test') return undefined;
  const [title, body] = argumentsOf(given);
  if (modifiers.includes('each') && !isCall(callee)) return undefined;
  const isLeftOut = modifiers.some((modifier) => modifier === 'skip' || modifier === 'todo');
  const kind = isLeftOut ? 'none' : name === 'describe' ? 'describe' : 'it';
  return { kind, title: textOf(title) ?? '', rows: table, body: kind === 'describe' ? argumentsOf(given).slice(1) : body };
}

function isCall(value: unknown): value is Node {
  return isNode(value) && value.type === 'CallExpression';
}

/** `it.each` → it, each. */
function wordsOf(value: unknown): string[] {
  if (!isNode(value)) return [];
  if (value.type === 'Identifier') return [String(value['value'])];
  return value.type === 'MemberExpression' ? [...wordsOf(value['object']), ...wordsOf(value['property'])] : [];
}

function argumentsOf(given: unknown): unknown[] {
  return Array.isArray(given) ? given.map((each: { expression: unknown }) => each.expression) : [];
}

function textsOf(table: unknown): string[] {
  const elements = elementsOf(table);
  return elements.flatMap((element) => textOf(element) ?? textOf(elementsOf(element)[0]) ?? []);
}

function elementsOf(value: unknown): unknown[] {
  const inner = isNode(value) && value.type.startsWith('Ts') ? value['expression'] : value;
  return isNode(inner) && inner.type === 'ArrayExpression'
    ? argumentsOf((inner['elements'] as unknown[]).filter((each) => each !== null))
    : [];
}

function textOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'StringLiteral') return String(value['value']);
  if (value.type !== 'TemplateLiteral') return undefined;
  const parts = value['quasis'] as { cooked?: string }[];
  return parts.map((part) => part.cooked ?? '').join('…');
}
