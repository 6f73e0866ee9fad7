/** Which type changes each engine allows, as its own documentation publishes them: one small table per engine. */
import type { GlueType, PrimitiveName } from './parse-glue-type.ts';

export const ENGINES = ['merged', 'glue', 'spark', 'iceberg', 'avro', 'delta'] as const;
export type Engine = (typeof ENGINES)[number];

/** A type without parts: what a table of promotions speaks about. */
export type Atom = Exclude<GlueType, { kind: 'array' | 'map' | 'struct' | 'uniontype' }>;

export interface EngineRules {
  /** Where the table is published. */
  readonly source: string;
  /** True where the engine's table speaks about this type: outside of it the engine has no opinion. */
  knows(type: Atom): boolean;
  /** True where data of type `from` may be read as `to`. Never asked for equal types. */
  allows(from: Atom, to: Atom): boolean;
  /** True where every type admits null, so that the all-null type `void` is part of each of them. */
  readonly everyTypeAdmitsNull: boolean;
}

const INTEGERS = ['tinyint', 'smallint', 'int', 'bigint'] as const;
type IntegerName = (typeof INTEGERS)[number];

/** Decimal digits that hold every value. */
const DIGITS: Readonly<Record<IntegerName, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 19 };
/** Delta's smallest integral part of a decimal that an integer may become: `decimal(10,0)` up to int, `decimal(20,0)` for bigint. */
const DELTA_DIGITS: Readonly<Record<IntegerName, number>> = { tinyint: 10, smallint: 10, int: 10, bigint: 20 };

export function isInteger(type: Atom): type is Atom & { kind: IntegerName } {
  return (INTEGERS as readonly string[]).includes(type.kind);
}

/** Integer digits of a decimal. */
const integral = (type: { precision: number; scale: number }) => type.precision - type.scale;

/** Every value of `part`, null aside, is exactly a value of `whole`: arithmetic, not an engine's opinion. */
export function isSubset(part: Atom, whole: Atom): boolean {
  if (isInteger(part)) {
    if (isInteger(whole)) return INTEGERS.indexOf(part.kind) <= INTEGERS.indexOf(whole.kind);
    if (whole.kind === 'decimal') return DIGITS[part.kind] <= integral(whole);
    // 24 and 53 bits of mantissa
    if (whole.kind === 'float') return part.kind === 'tinyint' || part.kind === 'smallint';
    return whole.kind === 'double' && part.kind !== 'bigint';
  }
  if (part.kind === 'decimal') {
    if (whole.kind === 'decimal') return integral(part) <= integral(whole) && part.scale <= whole.scale;
    if (part.scale > 0) return false;
    // one digit less than the largest integer has: all its numbers fit
    if (isInteger(whole)) return part.precision < DIGITS[whole.kind];
    return (whole.kind === 'double' && part.precision <= 15) || (whole.kind === 'float' && part.precision <= 7);
  }
  if (part.kind === 'varchar') return whole.kind === 'string' || (whole.kind === 'varchar' && part.length <= whole.length);
  if (part.kind === 'char' || part.kind === 'fixed') return whole.kind === part.kind && part.length === whole.length;
  if (part.kind === whole.kind) return true;
  if (part.kind === 'float') return whole.kind === 'double';
  if (part.kind === 'date') return whole.kind === 'timestamp' || whole.kind === 'timestamp_ntz';
  return false;
}

type Promotions = Readonly<Partial<Record<PrimitiveName, readonly PrimitiveName[]>>>;
const lists = (table: Promotions, from: Atom, to: Atom) =>
  ((table as Readonly<Record<string, readonly string[] | undefined>>)[from.kind] ?? []).includes(to.kind);

const isText = (type: Atom) => type.kind === 'string' || type.kind === 'char' || type.kind === 'varchar';
/** char and varchar are strings of bounded length: they may become longer ones. */
const isLongerText = (from: Atom, to: Atom) =>
  isText(from) &&
  isText(to) &&
  from.kind !== 'string' &&
  (to.kind === 'string' || ('length' in from && 'length' in to && to.length >= from.length));

const growsAtSameScale = (from: Atom, to: Atom) =>
  from.kind === 'decimal' && to.kind === 'decimal' && from.scale === to.scale && to.precision > from.precision;

const glue: EngineRules = {
  source:
    'Amazon Athena User Guide, "Handling schema updates": updates by data format, compatible data types; Hive for char, varchar and decimal',
  everyTypeAdmitsNull: true,
  knows: (type) => [...INTEGERS, 'float', 'double', 'string', 'char', 'varchar'].includes(type.kind),
  allows: (from, to) => lists(GLUE, from, to) || isLongerText(from, to) || growsAtSameScale(from, to),
};
const GLUE: Promotions = {
  tinyint: ['smallint', 'int', 'bigint'],
  smallint: ['int', 'bigint'],
  int: ['bigint'],
  float: ['double'],
  // documented, but holds only where every value parses
  string: ['tinyint', 'smallint', 'int', 'bigint'],
};

const spark: EngineRules = {
  source: 'Apache Spark, "ANSI Compliance": type promotion and precedence',
  everyTypeAdmitsNull: true,
  knows: (type) => !['time', 'uuid', 'fixed'].includes(type.kind),
  allows: (from, to) =>
    from.kind === 'void' ||
    lists(SPARK, from, to) ||
    isLongerText(from, to) ||
    (to.kind === 'decimal' && (isInteger(from) || from.kind === 'decimal') && isSubset(from, to)) ||
    (from.kind === 'decimal' && (to.kind === 'float' || to.kind === 'double')),
};
const SPARK: Promotions = {
  tinyint: ['smallint', 'int', 'bigint', 'float', 'double'],
  smallint: ['int', 'bigint', 'float', 'double'],
  int: ['bigint', 'float', 'double'],
  bigint: ['float', 'double'],
  float: ['double'],
  date: ['timestamp_ntz', 'timestamp', 'timestamptz'],
  timestamp_ntz: ['timestamp', 'timestamptz'],
};

const iceberg: EngineRules = {
  source:
    'Apache Iceberg table specification, "Schema evolution": valid type promotions (format version 2; void, called unknown, from version 3)',
  everyTypeAdmitsNull: true,
  knows: (type) => !['tinyint', 'smallint', 'char', 'varchar', 'interval'].includes(type.kind),
  allows: (from, to) => from.kind === 'void' || lists({ int: ['bigint'], float: ['double'] }, from, to) || growsAtSameScale(from, to),
};

const avro: EngineRules = {
  source: 'Apache Avro specification, "Schema Resolution"',
  everyTypeAdmitsNull: false,
  knows: (type) => ['boolean', 'int', 'bigint', 'float', 'double', 'string', 'binary', 'void'].includes(type.kind),
  allows: (from, to) => lists(AVRO, from, to),
};
const AVRO: Promotions = {
  int: ['bigint', 'float', 'double'],
  bigint: ['float', 'double'],
  float: ['double'],
  string: ['binary'],
  binary: ['string'],
};

const delta: EngineRules = {
  source: 'Delta Lake documentation, "Type widening": supported type changes',
  everyTypeAdmitsNull: true,
  knows: (type) => [...INTEGERS, 'float', 'double', 'decimal', 'date', 'timestamp', 'timestamp_ntz'].includes(type.kind),
  allows: (from, to) =>
    lists(DELTA, from, to) ||
    (to.kind === 'decimal' &&
      ((isInteger(from) && DELTA_DIGITS[from.kind] <= integral(to)) || (from.kind === 'decimal' && isSubset(from, to)))),
};
const DELTA: Promotions = {
  tinyint: ['smallint', 'int', 'bigint', 'double'],
  smallint: ['int', 'bigint', 'double'],
  int: ['bigint', 'double'],
  float: ['double'],
  // Hive's timestamp has no zone: it is what Delta calls timestampNTZ
  date: ['timestamp', 'timestamp_ntz'],
};

export const ENGINE_RULES: Readonly<Record<Exclude<Engine, 'merged'>, EngineRules>> = { glue, spark, iceberg, avro, delta };

/** Integer digits beyond Delta's minimum up to which a decimal still counts as made for the integer. */
const SPARE_DIGITS = 2;

/**
 * The one place where merging does not listen to an engine. Iceberg's list of promotions passes over integer → decimal in silence, Delta and
 * Spark promise it without loss: it counts as promised for a decimal that is made for the integer, and as a re-typing for a much larger one.
 */
export function abstains(rules: EngineRules, from: Atom, to: Atom): boolean {
  if (!rules.knows(from) || !rules.knows(to)) return true;
  return (
    rules === iceberg &&
    isInteger(from) &&
    to.kind === 'decimal' &&
    delta.allows(from, to) &&
    integral(to) - DELTA_DIGITS[from.kind] <= SPARE_DIGITS
  );
}
