/** Records or files that are not what they claim to be: malformed, damaged, duplicated, out of range, wrongly encoded, refused by a rule. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const dataQuality = signaturesOf('data_quality', [
  {
    id: 'malformed-record', confidence: 0.9,
    says: ['Malformed records are detected', 'MALFORMED_RECORD', 'BadRecordException', 'malformed record', 'malformed JSON', 'malformed CSV', 'Malformed row', 'Unable to parse file', 'JsonParseException', 'JSONDecodeError', 'HIVE_BAD_DATA', 'HIVE_CURSOR_ERROR: Row is not a valid JSON', 'Row is not a valid JSON', 'Error tokenizing data', 'ParserError', 'TextParsingException', 'Error parsing … record', 'CSVException', 'XMLStreamException', 'SAXParseException', 'Delimiter not found', 'Extra column(s) found', 'Invalid digit', 'MalformedInputException', 'malformed'],
    unless: ['url', 'policy document', 'hive_bad_data: field'],
    match: ['org.apache.spark.SparkException: Malformed records are detected in record parsing. Parse Mode: FAILFAST.'],
    noMatch: ['ERROR malformed URL in the settings'],
  },
  {
    id: 'value-not-parsable', confidence: 0.8,
    says: ['NumberFormatException', 'could not convert string to float', 'invalid literal for int()', 'CAST_INVALID_INPUT', 'Cannot parse … as', 'invalid input syntax for', 'Incorrect … value: … for column', 'Conversion failed when converting', 'Error converting data type', 'INVALID_CAST_ARGUMENT', 'CANNOT_PARSE', 'decimal.InvalidOperation', 'ORA-01722', 'invalid number', 'Numeric value … is not recognized', 'is not a valid', 'NUMERIC_VALUE_OUT_OF_RANGE', 'ARITHMETIC_OVERFLOW', 'value out of range', 'out of range for', 'Out of range value', 'arithmetic overflow'],
    unless: ['is not a valid identifier', 'is not a valid dfs filename', 'is not a valid url'],
    match: ['java.lang.NumberFormatException: For input string: "n/a"'],
    noMatch: ['ERROR number of workers is odd'],
  },
  {
    id: 'damaged-file', confidence: 0.9,
    says: ['is not a Parquet file', 'expected magic number', 'Could not read footer', 'CANNOT_READ_FILE_FOOTER', 'Malformed ORC file', 'not a valid Parquet', 'Not a data file', 'ZipException', 'incorrect header check', 'invalid stored block lengths', 'Unexpected end of input stream', 'Unexpected end of ZLIB', 'not in gzip format', 'BadGzipFile', 'CRC check failed', 'ChecksumException', 'Checksum error', 'corrupt', 'FAILED_TO_UNCOMPRESS', 'Can not read value at', 'Invalid sync', 'ArrowInvalid', 'ParquetDecodingException', 'HIVE_INVALID_METADATA', 'BadZipFile', 'File is too small'],
    match: ['java.lang.RuntimeException: s3://b/part-0.parquet is not a Parquet file. Expected magic number at tail, but found [49, 48, 50, 10]'],
    noMatch: ['ERROR the file has no header row'],
  },
  {
    id: 'encoding', confidence: 0.9,
    says: ['UnicodeDecodeError', 'UnicodeEncodeError', 'codec can\'t decode', 'codec can\'t encode', 'invalid byte sequence for encoding', 'Incorrect string value', 'Invalid UTF-8', 'invalid or unsupported UTF-8', 'Bad UTF-8', 'Multibyte character not supported', 'MalformedInputException: Input length', 'UnmappableCharacterException', 'Illegal character', 'character … has no equivalent in encoding', 'INVALID_CHARACTER', 'CharConversionException', 'null character'],
    unless: ['illegal character in'],
    match: ['UnicodeDecodeError: \'utf-8\' codec can\'t decode byte 0xe9 in position 15: invalid continuation byte'],
    noMatch: ['ERROR the encoding setting is empty'],
  },
  {
    id: 'constraint-violated', confidence: 0.9,
    says: ['duplicate key value violates', 'Duplicate entry', 'unique constraint', 'Violation of UNIQUE KEY', 'Violation of PRIMARY KEY', 'violates not-null', 'violates check constraint', 'violates foreign key', 'Cannot insert the value NULL', 'cannot be null', 'Cannot insert duplicate key', 'ORA-00001', 'ORA-01400', 'ORA-02291', 'IntegrityError', 'SQLIntegrityConstraintViolationException', 'NOT NULL constraint', 'DELTA_NOT_NULL_CONSTRAINT', 'CHECK constraint', 'DELTA_VIOLATE_CONSTRAINT', 'InvariantViolationException', 'foreign key constraint', 'DELTA_MULTIPLE_SOURCE_ROW_MATCHING', 'multiple source rows matched', 'matched multiple source rows', 'MERGE_CARDINALITY_VIOLATION', 'Null value appeared in non-nullable field', 'NOT_NULL_ASSERT_VIOLATION', 'NullPointerException: Null value appeared', 'DUPLICATED_MAP_KEY', 'Duplicate map key', 'multiple rows returned by a subquery', 'More than one row returned by a subquery', 'SCALAR_SUBQUERY_TOO_MANY_ROWS'],
    match: ['org.postgresql.util.PSQLException: ERROR: duplicate key value violates unique constraint "orders_pkey"'],
    noMatch: ['ERROR the key file is not unique on this host'],
  },
  {
    id: 'value-too-long', confidence: 0.9,
    says: ['value too long for type', 'Data too long for column', 'String or binary data would be truncated', 'ORA-12899', 'value too large for column', 'String length exceeds', 'larger than maximum supported size', 'exceeds DDL length', 'Item size has exceeded', 'exceeds char/varchar', 'EXCEED_LIMIT_LENGTH', 'EXCEED_CHAR_TYPE_LENGTH', 'Value … exceeds maximum length'],
    match: ['com.amazon.redshift.util.RedshiftException: ERROR: value too long for type character varying(64)'],
    noMatch: ['ERROR the run takes too long'],
  },
  {
    id: 'quality-rule-failed', confidence: 0.9,
    says: ['data quality … failed', 'quality check failed', 'Data Quality rule', 'EvaluateDataQuality', 'DataQualityException', 'expectation … failed', 'Expectation suite', 'rows failed validation', 'validation failed for', 'quality gate', '"pass": false', 'ruleset … failed', 'DQ rule', 'Check failed', 'DQ check', 'Constraint … Failure', 'row count … below', 'too many null', 'duplicates found', 'null check failed', 'stl_load_errors', 'stl_load_error'],
    match: ['Exception: Data quality checks failed: 3 of 12 rules'],
    noMatch: ['ERROR the rule engine has no port'],
  },
]);
