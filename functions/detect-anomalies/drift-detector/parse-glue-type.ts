/** Reads a type in Glue/Hive syntax (`struct<a:int,b:array<decimal(10,2)>>`) into a tree and prints it back. */
import { InputError, quoteForMessage } from '../../shared/errors.ts';

export type PrimitiveName =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'timestamp_ntz'
  | 'interval'
  | 'uuid'
  | 'void';

export interface StructField {
  /** As written: engines differ in whether case matters. */
  readonly name: string;
  readonly type: GlueType;
}

export type GlueType =
  | { readonly kind: PrimitiveName }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'char' | 'varchar' | 'fixed'; readonly length: number }
  | { readonly kind: 'array'; readonly element: GlueType }
  | { readonly kind: 'map'; readonly key: GlueType; readonly value: GlueType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }
  | { readonly kind: 'uniontype'; readonly members: readonly GlueType[] };

/** The Glue Data Catalog's own limit for a column's type, in characters. */
export const MAX_TYPE_LENGTH = 131_072;
/** Nesting allowed; real tables stay below ten, the parser recurses once per level. */
export const MAX_TYPE_DEPTH = 100;

/** Every spelling that is understood: Hive's names, then the aliases of Spark, Iceberg, Avro, Athena DDL and Parquet readers. */
const PRIMITIVES: ReadonlyMap<string, PrimitiveName> = new Map<string, PrimitiveName>([
  ...(
    [
      'boolean',
      'tinyint',
      'smallint',
      'int',
      'bigint',
      'float',
      'double',
      'string',
      'binary',
      'date',
      'time',
      'timestamp',
      'timestamptz',
      'timestamp_ntz',
      'interval',
      'uuid',
      'void',
    ] as const
  ).map((name) => [name, name] as const),
  ['bool', 'boolean'],
  ['byte', 'tinyint'],
  ['short', 'smallint'],
  ['integer', 'int'],
  ['long', 'bigint'],
  ['real', 'float'],
  ['double precision', 'double'],
  ['bytes', 'binary'],
  ['varbinary', 'binary'],
  ['timestamp with local time zone', 'timestamptz'],
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp_ltz', 'timestamptz'],
  ['timestamp without time zone', 'timestamp_ntz'],
  ['null', 'void'],
  ['unknown', 'void'],
]);

/**
 * Reads one type; keywords and white space are free, field names keep their case.
 * @throws InputError `E_TYPE` naming the place, for anything that is not one whole type within the bounds.
 */
export function parseGlueType(text: string): GlueType {
  if (text.length > MAX_TYPE_LENGTH) {
    throw new InputError('E_TYPE', `type of ${text.length} characters; at most ${MAX_TYPE_LENGTH} are expected`);
  }
  const reader = new TypeReader(text);
  const type = reader.type(0);
  reader.end();
  return type;
}

/** The canonical spelling: lower-case keywords, no white space, field names as they are (in backquotes where they must be). */
export function printGlueType(type: GlueType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'char':
    case 'varchar':
    case 'fixed':
      return `${type.kind}(${type.length})`;
    case 'array':
      return `array<${printGlueType(type.element)}>`;
    case 'map':
      return `map<${printGlueType(type.key)},${printGlueType(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(({ name, type: of }) => `${printName(name)}:${printGlueType(of)}`).join(',')}>`;
    case 'uniontype':
      return `uniontype<${type.members.map(printGlueType).join(',')}>`;
    default:
      return type.kind;
  }
}

function printName(name: string): string {
  return /^[^\s`:,<>()]+(?: [^\s`:,<>()]+)*$/u.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

/** A recursive-descent reader over one type string; every step moves forward, so it is linear in the text. */
class TypeReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  type(depth: number): GlueType {
    if (depth > MAX_TYPE_DEPTH) throw this.error(`nesting of at most ${MAX_TYPE_DEPTH} levels`);
    const keyword = this.keyword();
    switch (keyword) {
      case 'array': {
        this.take('<');
        const element = this.type(depth + 1);
        this.take('>');
        return { kind: 'array', element };
      }
      case 'map': {
        this.take('<');
        const key = this.type(depth + 1);
        this.take(',');
        const value = this.type(depth + 1);
        this.take('>');
        return { kind: 'map', key, value };
      }
      case 'struct':
        return { kind: 'struct', fields: this.listed(() => this.field(depth + 1)) };
      case 'uniontype': {
        const members = this.listed(() => this.type(depth + 1));
        if (members.length === 0) throw this.error('at least one member');
        return { kind: 'uniontype', members };
      }
      case 'decimal':
      case 'numeric':
      case 'dec':
        return this.decimal();
      case 'char':
      case 'character':
        return { kind: 'char', length: this.length(255) };
      case 'varchar':
        return { kind: 'varchar', length: this.length(65_535) };
      case 'fixed':
        return { kind: 'fixed', length: this.length(2_147_483_647) };
      default: {
        const kind = PRIMITIVES.get(keyword);
        if (!kind) throw this.error('a Glue type', keyword);
        return { kind };
      }
    }
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.error('the end of the type');
  }

  private listed<T>(item: () => T): T[] {
    const items: T[] = [];
    this.take('<');
    if (this.skip('>')) return items;
    do items.push(item());
    while (this.skip(','));
    this.take('>');
    return items;
  }

  private field(depth: number): StructField {
    const name = this.fieldName();
    this.take(':');
    const type = this.type(depth);
    this.comment();
    return { name, type };
  }

  private fieldName(): string {
    this.space();
    const quoted = /`((?:[^`]|``)+)`/uy;
    const bare = /[^\s`:,<>()][^`:,<>]*/uy;
    const pattern = this.text[this.at] === '`' ? quoted : bare;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) throw this.error('a field name');
    this.at = pattern.lastIndex;
    return match[1] === undefined ? match[0].trimEnd() : match[1].replaceAll('``', '`');
  }

  /** Athena DDL allows `a:int COMMENT 'text'` within a struct. */
  private comment(): void {
    const pattern = /\s*comment\s*'(?:[^'\\]|\\.|'')*'/isuy;
    pattern.lastIndex = this.at;
    if (pattern.test(this.text)) this.at = pattern.lastIndex;
  }

  private decimal(): GlueType {
    // Hive's default for a bare decimal
    if (!this.skip('(')) return { kind: 'decimal', precision: 10, scale: 0 };
    const precision = this.number(1, 38);
    const scale = this.skip(',') ? this.number(0, precision) : 0;
    this.take(')');
    return { kind: 'decimal', precision, scale };
  }

  private length(most: number): number {
    this.take(this.peek() === '[' ? '[' : '(');
    const close = this.text[this.at - 1] === '[' ? ']' : ')';
    const length = this.number(1, most);
    this.take(close);
    return length;
  }

  private number(least: number, most: number): number {
    this.space();
    const pattern = /\d{1,10}(?!\d)/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    const value = match ? Number(match[0]) : Number.NaN;
    if (!(value >= least && value <= most)) throw this.error(`a number from ${least} to ${most}`);
    this.at = pattern.lastIndex;
    return value;
  }

  /** One word, or several for names such as `timestamp with time zone`. */
  private keyword(): string {
    this.space();
    const pattern = /timestamp\s+with(?:out)?(?:\s+local)?\s+time\s+zone\b|double\s+precision\b|[a-z_][a-z_0-9]*/iy;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) throw this.error('a Glue type');
    this.at = pattern.lastIndex;
    return match[0].toLowerCase().replace(/\s+/g, ' ');
  }

  private peek(): string | undefined {
    this.space();
    return this.text[this.at];
  }

  private skip(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.at += 1;
    return true;
  }

  private take(sign: string): void {
    if (!this.skip(sign)) throw this.error(`"${sign}"`);
  }

  private space(): void {
    const pattern = /\s*/y;
    pattern.lastIndex = this.at;
    pattern.exec(this.text);
    this.at = pattern.lastIndex;
  }

  private error(expected: string, seen?: string): InputError {
    const found = seen ?? this.text.slice(this.at, this.at + 20);
    const where = found === '' ? 'the end' : quoteForMessage(found, 20);
    return new InputError('E_TYPE', `${quoteForMessage(this.text)} at character ${this.at}: found ${where}, expected ${expected}`);
  }
}
