/** The data's structure is not the one that was expected: columns, types, nesting, date and time formats. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const schemaDrift = signaturesOf('schema_drift', [
  {
    id: 'column-not-found', confidence: 0.9,
    says: [
      'UNRESOLVED_COLUMN', 'UNRESOLVED_FIELD', 'FIELD_NOT_FOUND', 'cannot resolve … given input columns', 'Cannot resolve column name', 'cannot resolve \'', 'CANNOT_RESOLVE', 'Column … does not exist', 'column … not found', 'Column … cannot be resolved', 'No such struct field', 'COLUMN_NOT_FOUND', 'COLUMN_NOT_DEFINED',
      'Unknown column', 'Invalid column name', 'invalid identifier', 'No such column', 'Field … does not exist', 'missing column', 'columns are missing', 'are in the [columns]', 'are in the columns', 'not in index', 'Missing field', 'Unable to find column', 'does not have column', 'undefined column', 'UndefinedColumn', 'cannot find column', 'can\'t find column', 'FieldNotFound', 'Column not found', 'has no column named', 'Usecols do not match', 'INCOMPATIBLE_COLUMN', 'RESOLVED_ATTRIBUTE', 'not found in schema', 'No field named', 'column … missing', 'unexpected column', 'new column', 'SQLSTATE: 42703', 'SQLSTATE 42703',
    ],
    match: ['pyspark.errors.exceptions.captured.AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `qty` cannot be resolved.'],
    noMatch: ['ERROR Table or view not found: sales'],
  },
  {
    id: 'type-mismatch', confidence: 0.88,
    says: [
      'Parquet column cannot be converted', 'PARQUET_COLUMN_DATA_TYPE_MISMATCH', 'CONVERT_PARQUET_COLUMN', 'FAILED_READ_FILE.PARQUET_COLUMN', 'SchemaColumnConvertNotSupportedException', 'Cannot up cast', 'CANNOT_UP_CAST_DATATYPE', 'DATATYPE_MISMATCH', 'data type mismatch', 'can not accept object', 'CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE', 'Failed to merge incompatible', 'Failed to merge fields', 'CANNOT_MERGE_SCHEMAS', 'CANNOT_MERGE_TYPE', 'Can not merge type',
      'HIVE_PARTITION_SCHEMA_MISMATCH', 'TYPE_MISMATCH', 'mismatch between the table and partition schemas', 'incompatible types', 'IncompatibleSchema', 'Incompatible data type', 'INCOMPATIBLE_DATA', 'Cannot safely cast', 'Cannot write incompatible data', 'Found: … Expected:', 'Expected: … Found:', 'unsupported type … NullType', 'is of type … but expression is of type', 'AvroTypeException', 'AvroIncompatibleTypes', 'AVRO_INCOMPATIBLE', 'HIVE_BAD_DATA: Field', 'field … type … in parquet … incompatible', 'is incompatible with type', 'not match the type', 'Unable to cast', 'type mismatch', 'ORA-00932', 'inconsistent datatypes', 'operand type clash', 'Operand type clash', 'cannot be cast to', 'ArrowTypeError', 'ArrowInvalid: Schema', 'Cannot cast',
      'schema mismatch', 'Schema mismatch', 'does not match the schema', 'doesn\'t match to the schema', 'StateSchemaNotCompatible', 'schema … not compatible', 'DELTA_SCHEMA', 'DELTA_FAILED_TO_MERGE', 'SchemaCompatibilityException', 'HoodieSchema', 'MissingSchemaField', 'Incompatible schema', 'SchemaParseException', 'SCHEMA_NOT_COMPATIBLE', 'STATE_STORE_VALUE_SCHEMA', 'schema has changed', 'Schema change detected', 'DELTA_MERGE_INCOMPATIBLE', 'Unable to merge', 'INSERT_COLUMN_ARITY_MISMATCH', 'requires that the data to be inserted have the same number of columns', 'not enough data columns', 'too many data columns', 'number of columns … match', 'more target columns', 'more expressions than target', 'table can only have one timestamp column', 'Unsupported data type', 'schema evolution', 'Schemas do not match', 'Unable to resolve … union', 'UnionException', 'INCOMPATIBLE_VIEW_SCHEMA', 'found … expecting',
    ],
    unless: ['class [', 'java.lang.'],
    match: ['org.apache.spark.sql.AnalysisException: A schema mismatch detected when writing to the Delta table (Table ID: 4c).'],
    noMatch: ['ERROR no column is left after the filter'],
  },
  {
    id: 'datetime-format', confidence: 0.88,
    says: ['SparkUpgradeException', 'INCONSISTENT_BEHAVIOR_CROSS_VERSION', 'legacy.timeParserPolicy', 'spark.sql.legacy.parquet', 'DateTimeParseException', 'Text … could not be parsed at index', 'Unparseable date', 'does not match format', 'unconverted data remains', 'Unknown string format', 'OutOfBoundsDatetime', 'CANNOT_PARSE_TIMESTAMP', 'time data … doesn\'t match format', 'doesn\'t match format', 'ORA-01843', 'ORA-01861', 'ORA-01830', 'Invalid datetime format', 'illegal pattern character', 'date/time field value out of range', 'DateTimeException', 'IllegalInstantException'],
    match: ['ValueError: time data \'2024/01/31\' does not match format \'%Y-%m-%d\''],
    noMatch: ['ERROR the date column holds no value of yesterday'],
  },
]);
