/** The data's structure is not the one that was expected: columns, types, nesting, date and time formats. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const schemaDrift = signaturesOf('schema_drift', [
  {
    id: 'column-not-found', confidence: 0.92,
    says: [
      'UNRESOLVED_COLUMN', 'UNRESOLVED_FIELD', 'FIELD_NOT_FOUND', 'cannot resolve … given input columns', 'Cannot resolve column name', 'cannot resolve \'', 'cannot resolve "', 'cannot resolve `', 'CANNOT_RESOLVE_DATAFRAME_COLUMN', 'Column … does not exist', 'column … not found', 'Column … cannot be resolved', 'No such struct field', 'COLUMN_NOT_FOUND', 'COLUMN_NOT_DEFINED', 'COLUMN_NOT_EXIST',
      'Unknown column', 'Invalid column name', 'invalid identifier', 'ORA-00904', 'No such column', 'Field … does not exist', 'Field … not found', 'columns are missing', '] not in index', 'are in the [columns]', 'are in the columns', 'not found in axis', 'Missing field', 'Unable to find column', 'does not have column', 'undefined column', 'UndefinedColumn', 'cannot find column', 'Cannot find field', 'Cannot find source column', 'FieldNotFound', 'has no column named', 'Usecols do not match', 'INCOMPATIBLE_COLUMN', 'not found in schema', 'No field named', 'column … is missing', 'SQLSTATE: 42703', 'SQLSTATE 42703', 'SQLState: 42S22', 'MISSING_COLUMN', 'is not a column', 'Could not find column', 'columns not found', 'field … is missing', 'column names … differ', 'expected columns', 'column mismatch', 'KeyError: "[',
      'KeyError: \'[', 'Partition column … not found', 'Length mismatch: Expected axis', 'NUM_COLUMNS_MISMATCH', 'NUM_TABLE_VALUE_ALIASES_MISMATCH', 'INSERT_COLUMN_ARITY_MISMATCH', 'not enough data columns', 'too many data columns', 'more target columns', 'more expressions than target', 'Found duplicate column', 'COLUMN_ALREADY_EXISTS', 'Number of partition values does not match',
    ],
    unless: ['found in group by'],
    match: ['pyspark.errors.exceptions.captured.AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `qty` cannot be resolved.'],
    noMatch: ['ERROR Table or view not found: sales'],
  },
  {
    id: 'type-mismatch', confidence: 0.9,
    says: [
      'Parquet column cannot be converted', 'PARQUET_COLUMN_DATA_TYPE_MISMATCH', 'CONVERT_PARQUET_COLUMN', 'SchemaColumnConvertNotSupportedException', 'Cannot up cast', 'CANNOT_UP_CAST_DATATYPE', 'DATATYPE_MISMATCH', 'data type mismatch', 'DatatypeMismatch', 'can not accept object', 'CANNOT_ACCEPT_OBJECT_IN_TYPE', 'CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE', 'Failed to merge incompatible', 'Failed to merge fields', 'Failed merging schema', 'CANNOT_MERGE_SCHEMA', 'CANNOT_MERGE_TYPE', 'Can not merge type', 'Unable to merge: Field', 'Schema at index',
      'HIVE_PARTITION_SCHEMA_MISMATCH', 'TYPE_MISMATCH', 'mismatch between the table and partition', 'incompatible types', 'Incompatible data type', 'INCOMPATIBLE_DATA', 'INCOMPATIBLE_TYPES', 'INCOMPATIBLE_TABLE', 'INCOMPATIBLE_VIEW', 'Cannot safely cast', 'Cannot write incompatible data', 'is of type … but expression is of type', 'AvroTypeException', 'IncompatibleSchema', 'AVRO_INCOMPATIBLE', 'field … in parquet', 'is incompatible with type', 'not compatible with type', 'incompatible Parquet schema', 'ORA-00932', 'inconsistent datatypes', 'operand type clash', 'ArrowTypeError', 'Unsupported cast from', 'type path of the target object', 'GroupColumnIO cannot be cast', 'PrimitiveColumnIO', 'cannot be cast to … jsonserde', '.io. … cannot be cast to', 'WritableImpl', 'hive.serde2 … cannot be cast', '.hadoop.io. … cannot be cast', 'UnsafeRow', 'unsafe.types.UTF8String', 'Parent builder is null', 'DELTA_FAILED_TO_MERGE', 'DELTA_MERGE_INCOMPATIBLE', 'PlainValuesDictionary', 'ParquetDictionary', 'OnHeapColumnVector', 'PlainIntegerDictionary', 'PlainLongDictionary', 'PlainBinaryDictionary', 'PlainDoubleDictionary', 'Could not convert … with type', 'tried to convert to', 'cannot cast type', 'Cannot cast … to', 'can\'t cast', 'is of unsupported data type', 'Unable to cast', 'UndetectedType', 'cached plan must not change result type', 'Cannot convert Avro', 'Cannot convert Protobuf', 'Cannot convert column type', 'Unsupported data type', 'Unsupported case of DataType', 'DynamicNode', 'Cannot change data type', 'Cannot change column type', 'key element does not match the schema', 'CANNOT_UPDATE_FIELD', 'incompatible with column type',
    ],
    unless: ['key from map', 'value from map', 'class java.lang.object'],
    match: ['Py4JJavaError: Unable to merge: Field price has incompatible types: double vs string'],
    noMatch: ['ERROR no column is left after the filter'],
  },
  {
    id: 'schema-mismatch', confidence: 0.92,
    says: ['schema mismatch', 'does not match the schema', 'doesn\'t match the schema', 'doesn\'t match to the schema', 'StateSchemaNotCompatible', 'schema … not compatible', 'schema is not compatible', 'DELTA_SCHEMA', 'SchemaCompatibilityException', 'SchemaIncompatib', 'MissingSchemaField', 'SchemaParseException', 'STATE_STORE_VALUE_SCHEMA', 'STATE_STORE_KEY_SCHEMA', 'schema has changed', 'schema change detected', 'Schemas do not match', 'UnresolvedUnionException', 'UnionException', 'Union can only be performed', 'found … expecting', 'To enable schema migration', 'table can only have one timestamp column', 'schema registry … incompatible', 'does not match table schema', 'does not match the table', 'doesn\'t match table', 'schema validation failed', 'Cannot write to … schema', 'Schema differs', 'ExpectedSchema', 'SchemaMismatch', 'SCHEMA_MISMATCH', 'Mismatched schema'],
    match: ['org.apache.spark.sql.AnalysisException: A schema mismatch detected when writing to the Delta table (Table ID: 4c).'],
    noMatch: ['ERROR the schema browser is closed'],
  },
  {
    id: 'datetime-format', confidence: 0.9,
    says: ['SparkUpgradeException', 'INCONSISTENT_BEHAVIOR_CROSS_VERSION', 'legacy.timeParserPolicy', 'datetimeRebaseMode', 'int96RebaseMode', 'DateTimeParseException', 'could not be parsed at index', 'Unparseable date', 'does not match format', 'unconverted data remains', 'Unknown string format', 'Unknown datetime string format', 'OutOfBoundsDatetime', 'CANNOT_PARSE_TIMESTAMP', 'doesn\'t match format', 'ORA-01843', 'ORA-01861', 'ORA-01830', 'ORA-01858', 'ORA-01847', 'Invalid datetime format', 'Illegal pattern character', 'date/time field value out of range', 'IllegalInstantException', 'Invalid Date Format', 'Invalid timestamp format', 'Incorrect datetime value', 'Incorrect date value', 'converting date and/or time', 'Timestamp format must be', 'invalid isoformat', 'DATETIME_PATTERN_RECOGNITION', 'Date … is not recognized', 'Timestamp … is not recognized', 'INVALID_DATETIME_PATTERN', 'unable to parse date', 'could not parse date', 'DateParseError'],
    match: ['ValueError: time data \'2024/01/31\' does not match format \'%Y-%m-%d\''],
    noMatch: ['ERROR the date column holds no value of yesterday'],
  },
  {
    id: 'sqlstate-structure', confidence: 0.8,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}(?:42703|42S22|42804|42825|42826|42846|42KD.|42K09|22KD3|21S01)",
    match: ['[SOME_CONDITION] The operands differ. SQLSTATE: 42K09'],
    noMatch: ['ERROR SQLSTATE: 57014'],
  },
  {
    id: 'some-schema-exception', confidence: 0.58,
    says: ['*SchemaException', '*SchemaError', '*SchemaMismatchException', '*ColumnNotFoundError', '*TypeMismatchException', '*IncompatibleException', 'Unable to resolve choice', 'ResolveChoice'],
    match: ['org.example.format.RowSchemaException: row 12'],
    noMatch: ['ERROR the browser shows no scheme'],
  },
  {
    id: 'some-structure-fault', confidence: 0.62,
    says: ['schema version', 'Avro schema', 'different schema', 'unexpected schema', 'expected schema', 'number of columns', 'number of fields', 'column count', 'required column', 'date format', 'unexpected column', 'wrong schema', 'schema changed', 'incompatible schema', 'is not compatible with', 'partition schema', 'illegal type', 'Invalid date', 'schema evolution', 'schema drift', 'duplicate column', 'missing column', 'missing columns'],
    unless: ['key from map', 'setting', 'option'],
    match: ['ERROR the feed has an unexpected column'],
    noMatch: ['ERROR the column of smoke rises'],
  },
]);
