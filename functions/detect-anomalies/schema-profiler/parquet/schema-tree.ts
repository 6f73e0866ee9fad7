/** A Parquet schema as the paths of a profile: names, Glue types, and the levels at which each is there. */
import type { FileMetaData, SchemaElement } from 'hyparquet';
import { InputError } from '../../../shared/errors.ts';
import { quoteName } from '../statistics/quote-name.ts';

export interface SchemaNode {
  /** `a.b`, `a[]`, `a{key}` */
  readonly path: string;
  readonly element: SchemaElement;
  /** Glue type syntax. */
  readonly type: string;
  /** Definition level from which on this node is not null. */
  readonly definition: number;
  /** Definition level from which on it could have been there. */
  readonly parentDefinition: number;
  /** Repetition level of its instances. */
  readonly repetition: number;
  readonly children: readonly SchemaNode[];
  /** Number of the leaf column; of the first one below for a nested node. */
  readonly leaf: number;
  readonly isLeaf: boolean;
  /** For a leaf: the levels of its column. */
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

const DEEPEST = 100;
const MOST_ELEMENTS = 50_000;

interface Raw {
  readonly element: SchemaElement;
  readonly children: readonly Raw[];
}

/** The top-level columns. @throws InputError `E_PARQUET_FOOTER` where the schema is no tree. */
export function schemaColumns({ schema }: FileMetaData): SchemaNode[] {
  if (schema.length > MOST_ELEMENTS) throw wrong(`${schema.length} elements; at most ${MOST_ELEMENTS} are expected`);
  let next = 0;
  const read = (depth: number): Raw => {
    const element = schema[next++];
    if (!element || depth > DEEPEST) throw wrong(depth > DEEPEST ? `deeper than ${DEEPEST} levels` : 'an element is missing');
    const count = element.num_children ?? 0;
    if (count < 0 || count > schema.length) throw wrong(`an element with ${count} children`);
    return { element, children: Array.from({ length: count }, () => read(depth + 1)) };
  };
  const root = read(0);
  if (next !== schema.length) throw wrong('elements that no one refers to');
  const leaves = { count: 0 };
  return root.children.map((child) => build(child, child.element.name, 0, 0, leaves));
}

/** The leaves below a node, or the node itself. */
export const leavesOf = (node: SchemaNode): SchemaNode[] => (node.isLeaf ? [node] : node.children.flatMap(leavesOf));

function build(raw: Raw, path: string, parentDefinition: number, parentRepetition: number, leaves: { count: number }): SchemaNode {
  const { element } = raw;
  if (element.repetition_type === 'REPEATED') return repeatedOutsideList(raw, path, parentDefinition, parentRepetition, leaves);
  const definition = parentDefinition + (element.repetition_type === 'REQUIRED' ? 0 : 1);
  return present(raw, path, { parentDefinition, definition, repetition: parentRepetition }, leaves);
}

interface Levels {
  readonly parentDefinition: number;
  readonly definition: number;
  readonly repetition: number;
}

/** What the node holds, its own levels given. */
function present(raw: Raw, path: string, levels: Levels, leaves: { count: number }): SchemaNode {
  const { element, children } = raw;
  const leaf = leaves.count;
  const base = { path, element, leaf, ...levels, maxDefinition: levels.definition, maxRepetition: levels.repetition };
  if (children.length === 0) {
    if (!element.type) return { ...base, type: 'struct<>', children: [], isLeaf: false };
    leaves.count += 1;
    return { ...base, type: leafType(element), children: [], isLeaf: true };
  }
  const inner = children[0];
  const annotation = element.converted_type ?? element.logical_type?.type;
  const isRepeatedGroup = children.length === 1 && inner?.element.repetition_type === 'REPEATED';
  const definition = levels.definition + 1;
  const repetition = levels.repetition + 1;
  if (isRepeatedGroup && (annotation === 'MAP' || annotation === 'MAP_KEY_VALUE') && inner.children.length === 2) {
    const [key, value] = inner.children.map((child, index) =>
      build(child, `${path}${index === 0 ? '{key}' : '{value}'}`, definition, repetition, leaves),
    );
    if (key && value) return { ...base, type: `map<${key.type},${value.type}>`, children: [key, value], isLeaf: false };
  }
  if (isRepeatedGroup && annotation === 'LIST') {
    const levelsOfElement = { parentDefinition: definition, definition, repetition };
    const only = inner.children[0];
    const isThreeLevel =
      inner.children.length === 1 &&
      only &&
      only.element.repetition_type !== 'REPEATED' &&
      !isLegacyElement(inner.element.name, element.name);
    const item = isThreeLevel
      ? build(only, `${path}[]`, definition, repetition, leaves)
      : present(inner, `${path}[]`, levelsOfElement, leaves);
    return { ...base, type: `array<${item.type}>`, children: [item], isLeaf: false };
  }
  const fields = children.map((child) => build(child, `${path}.${child.element.name}`, levels.definition, levels.repetition, leaves));
  const type = `struct<${fields.map((field, index) => `${quoteName(children[index]?.element.name ?? '')}:${field.type}`).join(',')}>`;
  return { ...base, type, children: fields, isLeaf: false };
}

/** A repeated field without a list around it is a list that is never null. */
function repeatedOutsideList(
  raw: Raw,
  path: string,
  parentDefinition: number,
  parentRepetition: number,
  leaves: { count: number },
): SchemaNode {
  const leaf = leaves.count;
  const definition = parentDefinition + 1;
  const item = present(raw, `${path}[]`, { parentDefinition: definition, definition, repetition: parentRepetition + 1 }, leaves);
  return {
    path,
    element: raw.element,
    type: `array<${item.type}>`,
    definition: parentDefinition,
    parentDefinition,
    repetition: parentRepetition,
    children: [item],
    leaf,
    isLeaf: false,
    maxDefinition: parentDefinition,
    maxRepetition: parentRepetition,
  };
}

/** The rules of the Parquet format for lists of two levels: the repeated group is the element itself. */
const isLegacyElement = (inner: string, list: string) => inner === 'array' || inner === `${list}_tuple`;

const INTEGER_TYPES: Readonly<Record<string, string>> = {
  INT_8: 'tinyint',
  INT_16: 'smallint',
  INT_32: 'int',
  INT_64: 'bigint',
  UINT_8: 'smallint',
  UINT_16: 'int',
  UINT_32: 'bigint',
  UINT_64: 'decimal(20,0)',
};

function leafType({ type, converted_type: converted, logical_type: logical, precision, scale }: SchemaElement): string {
  if (converted && INTEGER_TYPES[converted]) return INTEGER_TYPES[converted];
  if (logical?.type === 'INTEGER') return INTEGER_TYPES[`${logical.isSigned ? '' : 'U'}INT_${logical.bitWidth}`] ?? 'bigint';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const digits = (logical?.type === 'DECIMAL' ? logical.precision : precision) ?? 38;
    const behind = (logical?.type === 'DECIMAL' ? logical.scale : scale) ?? 0;
    return `decimal(${Math.min(Math.max(digits, 1), 38)},${Math.min(Math.max(behind, 0), digits)})`;
  }
  switch (converted ?? logical?.type) {
    case 'DATE':
      return 'date';
    case 'TIMESTAMP':
    case 'TIMESTAMP_MILLIS':
    case 'TIMESTAMP_MICROS':
      return 'timestamp';
    case 'TIME':
    case 'TIME_MILLIS':
    case 'TIME_MICROS':
      return 'time';
    case 'UTF8':
    case 'STRING':
    case 'ENUM':
    case 'JSON':
      return 'string';
    case 'UUID':
      return 'uuid';
    case 'FLOAT16':
      return 'float';
    case 'INTERVAL':
      return 'interval';
    case 'NULL':
      return 'void';
  }
  switch (type) {
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
      return 'int';
    case 'INT64':
      return 'bigint';
    case 'INT96':
      return 'timestamp';
    case 'FLOAT':
      return 'float';
    case 'DOUBLE':
      return 'double';
    default:
      return 'binary';
  }
}

const wrong = (what: string) => new InputError('E_PARQUET_FOOTER', `the schema is wrong: ${what}; write the file again or quarantine it`);
