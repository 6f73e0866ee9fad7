/** Cells as text, and which texts mean "no value". */
import type { Cell } from '../table-sample.ts';

/** Longer cells are compared by their beginning and their length. */
const LONGEST_TEXT = 400;

/** How people write "no value" (lower case, trimmed), from the defaults of pandas, R, Excel, Hive and hand-made exports. */
const MISSING_SPELLINGS: ReadonlySet<string> = new Set(
  [
    ['', '\\n', 'null', '(null)', '<null>', '[null]', 'none', 'nil', 'nan', '-nan', 'nat', 'n/a', 'n.a.', 'n.a', 'n\\a', 'na', '<na>'],
    ['#n/a', '#na', '#null!', '#value!', '#ref!', '#div/0!', '#name?', '#num!', 'undefined', 'missing', 'unknown', 'unk'],
    [
      'not available',
      'not applicable',
      'no data',
      'nodata',
      'tbd',
      '-',
      '--',
      '---',
      '—',
      '–',
      '?',
      '??',
      '???',
      '.',
      '..',
      '...',
      '*',
      '_',
    ],
  ].flat(),
);

/** Whether a cell's text says that there is no value. */
export function isMissing(text: string): boolean {
  return text.length <= 16 && MISSING_SPELLINGS.has(text.trim().toLowerCase());
}

/** A cell as the text that the analyzer compares; a nested value as its structure, since its leaves are columns of their own. */
export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell.length > LONGEST_TEXT ? `${cell.slice(0, LONGEST_TEXT)}…${cell.length}` : cell;
  if (typeof cell === 'object') return structureOf(cell);
  return String(cell);
}

function structureOf(cell: object): string {
  if (Array.isArray(cell)) return cell.length === 0 ? '[]' : `[${[...new Set(cell.slice(0, 20).map(kindOf))].sort().join('|')}]`;
  return `{${Object.entries(cell)
    .slice(0, 50)
    .map(([key, value]) => `${key}:${kindOf(value)}`)
    .sort()
    .join(',')}}`.slice(0, LONGEST_TEXT);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
