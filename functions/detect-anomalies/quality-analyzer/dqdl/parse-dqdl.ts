/** Parses rulesets in DQDL, the language of AWS Glue Data Quality, by recursive descent. */
import { InputError, quoteForMessage } from '../../../shared/errors.ts';
import { type Condition, type Operand, RULE_TYPES, type Rule, type RuleNode, type Ruleset, type RuleType } from './ruleset.ts';
import { dqdlError, type Token, tokenizeDqdl } from './tokenize-dqdl.ts';

const ALL_TYPES: ReadonlySet<string> = new Set([...RULE_TYPES.evaluated, ...RULE_TYPES.notEvaluated]);
const WITHOUT_PARAMETERS: ReadonlySet<string> = new Set(['RowCount', 'ColumnCount']);
const NEEDS_CONDITION: ReadonlySet<string> = new Set([
  ...['RowCount', 'ColumnCount', 'Completeness', 'Uniqueness', 'UniqueValueRatio', 'DistinctValuesCount', 'Entropy', 'Mean', 'Sum'],
  ...['StandardDeviation', 'ColumnCorrelation', 'ColumnDataType', 'ColumnLength', 'ColumnValues', 'DataFreshness'],
]);
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const DURATIONS: Readonly<Record<string, number>> = { days: DAY, day: DAY, hours: HOUR, hour: HOUR, minutes: MINUTE, minute: MINUTE };
const SIZES: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };
const DEEPEST = 50;

/** Throws InputError `E_DQDL` with line:column, what was seen and what was expected. */
export function parseDqdl(source: string): Ruleset {
  return new Parser(source).ruleset();
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #variables = new Map<string, Operand[]>();
  #position = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenizeDqdl(source);
  }

  ruleset(): Ruleset {
    let rules: RuleNode[] | undefined;
    while (this.#token.kind !== 'end') {
      const name = this.#expectWord('Rules');
      this.#expect('=');
      if (name === 'Rules') rules = this.#list(() => this.#composite());
      else if (this.#is('{')) this.#skipBracketed('{', '}');
      else if (name === 'Analyzers' || name === 'DefaultLabels') this.#skipBracketed('[', ']');
      else this.#variables.set(name, this.#is('[') ? this.#list(() => this.#operand()) : [this.#operand()]);
    }
    if (!rules) throw this.#unexpected('Rules = [ … ]');
    return { rules };
  }

  #composite(): RuleNode {
    const start = this.#token.start;
    if (++this.#depth > DEEPEST) throw this.#unexpected(`at most ${DEEPEST} nested parentheses`);
    // `and` binds closer than `or`.
    const alternatives = [this.#conjunction()];
    while (this.#acceptWord('or')) alternatives.push(this.#conjunction());
    this.#depth--;
    const [only] = alternatives;
    return only && alternatives.length === 1 ? only : { kind: 'or', parts: alternatives, text: this.#textFrom(start) };
  }

  #conjunction(): RuleNode {
    const start = this.#token.start;
    const parts = [this.#part()];
    while (this.#acceptWord('and')) parts.push(this.#part());
    const [only] = parts;
    return only && parts.length === 1 ? only : { kind: 'and', parts, text: this.#textFrom(start) };
  }

  #part(): RuleNode {
    if (!this.#accept('(')) return this.#rule();
    const inner = this.#composite();
    this.#expect(')');
    return inner;
  }

  #rule(): Rule {
    const start = this.#token.start;
    const type = this.#ruleType();
    const parameters = this.#parameters();
    if (parameters.length === 0 && !WITHOUT_PARAMETERS.has(type) && !type.startsWith('File'))
      throw this.#unexpected(`the "column" of ${type}`);
    const condition = this.#condition();
    if (!condition && NEEDS_CONDITION.has(type)) throw this.#unexpected(`a condition for ${type}, such as > 0.9`);
    const where = this.#acceptWord('where') ? this.#expectString() : undefined;
    let threshold: Condition | undefined;
    while (this.#acceptWord('with')) {
      const tag = this.#expectWord('threshold');
      const tagged = this.#condition();
      if (!tagged) throw this.#unexpected(`a condition after "with ${tag}", such as > 0.9`);
      if (tag === 'threshold') threshold = tagged;
    }
    if (this.#acceptWord('labels')) {
      this.#expect('=');
      this.#skipBracketed('[', ']');
    }
    return {
      kind: 'rule',
      type,
      parameters,
      ...(condition && { condition }),
      ...(threshold && { threshold }),
      ...(where !== undefined && { where }),
      text: this.#textFrom(start),
    };
  }

  #ruleType(): RuleType {
    const token = this.#token;
    if (token.kind !== 'word' || !isRuleType(token.text)) throw this.#unexpected(`a rule type (${[...ALL_TYPES].join(', ')})`);
    this.#position++;
    return token.text;
  }

  /** `"a" "b"`, also with the connectors of `"a" of "b"` and `"a" and "b"`. */
  #parameters(): string[] {
    const parameters: string[] = [];
    for (;;) {
      const next = this.#tokens[this.#position + 1];
      if (parameters.length > 0 && this.#isWord('of', 'and') && next?.kind === 'string') this.#position++;
      if (this.#token.kind !== 'string') return parameters;
      parameters.push(this.#expectString());
    }
  }

  #condition(): Condition | undefined {
    const negated = this.#acceptWord('not') || this.#accept('!');
    if (this.#acceptWord('between')) {
      const lowest = this.#operand();
      if (!this.#acceptWord('and')) throw this.#unexpected('"and" and the upper bound');
      return { operator: 'between', negated, operands: [lowest, this.#operand()] };
    }
    if (this.#acceptWord('in'))
      return { operator: 'in', negated, operands: this.#is('$') ? this.#variable() : this.#list(() => this.#operand()) };
    if (this.#acceptWord('matches')) return { operator: 'matches', negated, operands: [{ kind: 'string', value: this.#expectString() }] };
    for (const operator of ['=', '>=', '<=', '>', '<'] as const) {
      if (this.#accept(operator)) return { operator, negated, operands: this.#is('$') ? this.#variable() : [this.#operand()] };
    }
    if (negated) throw this.#unexpected('=, in, between or matches after a negation');
    return undefined;
  }

  #variable(): Operand[] {
    this.#expect('$');
    const position = this.#token.start;
    const name = this.#expectWord('a variable');
    const operands = this.#variables.get(name);
    if (!operands) throw dqdlError(this.#source, position, `$${quoteForMessage(name)}`, 'a variable that was given a value before');
    return operands;
  }

  #operand(): Operand {
    const [variable] = this.#is('$') ? this.#variable() : [];
    if (variable) return variable;
    if (this.#token.kind === 'string') return { kind: 'string', value: this.#expectString() };
    for (const kind of ['null', 'empty', 'whitespaces_only'] as const) if (this.#acceptWord(kind)) return { kind };
    return this.#sum();
  }

  #sum(): Operand {
    let left = this.#product();
    while (this.#is('+', '-')) left = this.#combine(left, this.#take().text, this.#product());
    return left;
  }

  #product(): Operand {
    let left = this.#atom();
    while (this.#is('*', '/')) left = this.#combine(left, this.#take().text, this.#atom());
    return left;
  }

  #combine(left: Operand, operator: string, right: Operand): Operand {
    if (left.kind === 'dynamic' || right.kind === 'dynamic') return { kind: 'dynamic' };
    if (left.kind === 'now' && right.kind === 'duration' && (operator === '+' || operator === '-')) {
      return { kind: 'now', offsetMilliseconds: left.offsetMilliseconds + (operator === '+' ? 1 : -1) * right.milliseconds };
    }
    if (left.kind !== 'number' || right.kind !== 'number') throw this.#unexpected('numbers on both sides, or now() and a duration');
    const [a, b] = [left.value, right.value];
    return { kind: 'number', value: operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a / b };
  }

  #atom(): Operand {
    if (this.#accept('(')) {
      if (++this.#depth > DEEPEST) throw this.#unexpected(`at most ${DEEPEST} nested parentheses`);
      const inner = this.#operand();
      this.#depth--;
      this.#expect(')');
      return inner;
    }
    const negative = this.#accept('-');
    if (this.#token.kind === 'number') return this.#withUnit((negative ? -1 : 1) * Number(this.#take().text));
    if (this.#token.kind === 'word' && this.#tokens[this.#position + 1]?.text === '(') {
      const name = this.#take().text;
      this.#skipBracketed('(', ')');
      return name === 'now' ? { kind: 'now', offsetMilliseconds: 0 } : { kind: 'dynamic' };
    }
    throw this.#unexpected('a number, a "string", NULL, EMPTY, WHITESPACES_ONLY or now()');
  }

  #withUnit(value: number): Operand {
    const unit = this.#token.kind === 'word' ? this.#token.text : '';
    const [milliseconds, bytes] = [DURATIONS[unit], SIZES[unit]];
    if (milliseconds === undefined && bytes === undefined) return { kind: 'number', value };
    this.#position++;
    return milliseconds === undefined
      ? { kind: 'size', bytes: value * (bytes ?? 1) }
      : { kind: 'duration', milliseconds: value * milliseconds };
  }

  #list<T>(item: () => T): T[] {
    this.#expect('[');
    const items: T[] = [];
    if (this.#accept(']')) return items;
    do items.push(item());
    while (this.#accept(','));
    if (!this.#is(']')) throw this.#unexpected('"," or "]"');
    this.#position++;
    return items;
  }

  #skipBracketed(open: string, close: string): void {
    this.#expect(open);
    for (let depth = 1; depth > 0; this.#position++) {
      if (this.#token.kind === 'end') throw this.#unexpected(`"${close}"`);
      if (this.#is(open)) depth++;
      if (this.#is(close)) depth--;
    }
  }

  get #token(): Token {
    const token = this.#tokens[Math.min(this.#position, this.#tokens.length - 1)];
    if (!token) throw new InputError('E_DQDL', 'the ruleset is empty; expected Rules = [ … ]');
    return token;
  }

  #take(): Token {
    const token = this.#token;
    this.#position++;
    return token;
  }

  #is(...symbols: string[]): boolean {
    return this.#token.kind === 'symbol' && symbols.includes(this.#token.text);
  }

  /** Keywords are written in lower or in upper case. */
  #isWord(...words: string[]): boolean {
    return this.#token.kind === 'word' && words.some((word) => this.#token.text === word || this.#token.text === word.toUpperCase());
  }

  #accept(symbol: string): boolean {
    if (!this.#is(symbol)) return false;
    this.#position++;
    return true;
  }

  #acceptWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#position++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) throw this.#unexpected(`"${symbol}"`);
  }

  #expectWord(expected: string): string {
    if (this.#token.kind !== 'word') throw this.#unexpected(expected);
    return this.#take().text;
  }

  #expectString(): string {
    if (this.#token.kind !== 'string') throw this.#unexpected('a "string"');
    return this.#take().text;
  }

  #textFrom(start: number): string {
    const end = this.#tokens[this.#position - 1]?.end ?? start;
    return this.#source.slice(start, end).replace(/\s+/g, ' ');
  }

  #unexpected(expected: string): InputError {
    const token = this.#token;
    return dqdlError(this.#source, token.start, token.kind === 'end' ? token.text : quoteForMessage(token.text), expected);
  }
}

function isRuleType(text: string): text is RuleType {
  return ALL_TYPES.has(text);
}
