/** The words of DQDL, the language of AWS Glue Data Quality, with where they stand. */
import { InputError, quoteForMessage } from '../../../shared/errors.ts';

export interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'symbol' | 'end';
  /** For a string, its content without quotes and escapes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const MOST_CHARACTERS = 200_000;
const WORD = /[A-Za-z_][A-Za-z0-9_.]*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const SYMBOL = /[<>]=?|[=!,()[\]{}:$+\-*/]/y;
const BLANK = /(?:[\s\ufeff]|#[^\n]*)+/y;

/** Linear. Throws InputError `E_DQDL` with line and column. */
export function tokenizeDqdl(source: string): Token[] {
  if (source.length > MOST_CHARACTERS) {
    throw new InputError('E_DQDL', `a ruleset of ${source.length} characters; at most ${MOST_CHARACTERS} are read`);
  }
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(source)?.[0];
  };
  while (position < source.length) {
    const blank = match(BLANK);
    if (blank !== undefined) {
      position += blank.length;
      continue;
    }
    const start = position;
    if (source[start] === '"') {
      const { text, end } = readString(source, start);
      tokens.push({ kind: 'string', text, start, end });
      position = end;
      continue;
    }
    const [kind, text] = ((): [Token['kind'], string | undefined] => {
      const word = match(WORD);
      if (word !== undefined) return ['word', word];
      const number = match(NUMBER);
      return number === undefined ? ['symbol', match(SYMBOL)] : ['number', number];
    })();
    if (text === undefined)
      throw dqdlError(source, start, quoteForMessage(source[start]), 'a rule type, a "string", a number or one of < > = ! , ( ) [ ]');
    position += text.length;
    tokens.push({ kind, text, start, end: position });
  }
  tokens.push({ kind: 'end', text: 'the end of the ruleset', start: source.length, end: source.length });
  return tokens;
}

/** Only `\"` and `\\` are escapes, so that regular expressions can be written as they are. */
function readString(source: string, start: number): { text: string; end: number } {
  let text = '';
  for (let position = start + 1; position < source.length; position++) {
    const character = source[position];
    if (character === '"') return { text, end: position + 1 };
    const next = source[position + 1];
    if (character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      position++;
    } else text += character;
  }
  throw dqdlError(source, start, 'a string without end', 'a closing "');
}

export function dqdlError(source: string, position: number, seen: string, expected: string): InputError {
  const before = source.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return new InputError('E_DQDL', `line ${line}:${column}: seen ${seen}; expected ${expected}`);
}
