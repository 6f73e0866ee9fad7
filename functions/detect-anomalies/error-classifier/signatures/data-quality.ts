/** Records or files that are not what they claim to be: malformed, damaged, duplicated, out of range, wrongly encoded, refused by a rule. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const dataQuality = signaturesOf('data_quality', [
  {
    id: 'malformed-record', confidence: 0.92,
    says: ['Malformed records are detected', 'MALFORMED_RECORD', 'BadRecordException', 'malformed record', 'malformed JSON', 'malformed CSV', 'Malformed row', 'malformed line', 'MALFORMED_CSV', 'Unable to parse file', 'JsonParseException', 'JsonEOFException', 'MismatchedInputException', 'JSONDecodeError', 'Row is not a valid JSON', 'Error tokenizing data', 'ParserError', 'TextParsingException', 'Error parsing … record', 'Error parsing field value', 'HIVE_BAD_DATA', 'CSVException', 'CsvMalformedLineException', 'XMLStreamException', 'SAXParseException', 'ParseError: not well-formed', 'not well-formed (invalid token)', 'Delimiter not found', 'Extra column(s) found', 'Extra data: line', 'Expecting value: line', 'Unterminated string', 'Invalid digit', 'MalformedInputException', 'Missing newline', 'value missing end quote', 'Invalid quote formatting', 'unterminated quoted', 'Unclosed quote', 'end of quoted string', 'Missing data for', 'Expected object or value', 'Trailing data', 'field larger than field limit', 'Expected … fields in line', 'bad record', 'corrupt record', '_corrupt_record', 'CORRUPT_RECORD', 'Unexpected character (', 'Unexpected end-of-input', 'Unrecognized token', 'Invalid null byte', 'malformed input', 'malformed file', 'malformed data', 'malformed XML'],
    unless: ['url', 'policy document', 'authorization header'],
    match: ['org.apache.spark.SparkException: Malformed records are detected in record parsing. Parse Mode: FAILFAST.'],
    noMatch: ['ERROR malformed URL in the settings'],
  },
  {
    id: 'value-not-parsable', confidence: 0.82,
    says: ['NumberFormatException', 'For input string:', 'could not convert string to', 'invalid literal for int()', 'CAST_INVALID_INPUT', 'Cannot parse … as', 'Failed to parse value', 'Fail to parse … as', 'invalid input syntax for', 'Incorrect integer value', 'Incorrect decimal value', 'Incorrect double value', 'Conversion failed when converting', 'Error converting data type', 'CANNOT_PARSE', 'InvalidOperation', 'ConversionSyntax', 'ORA-01722', 'Numeric value … is not recognized', 'Boolean value … is not recognized', 'NUMERIC_VALUE_OUT_OF_RANGE', 'NumericValueOutOfRange', 'ARITHMETIC_OVERFLOW', 'value out of range', 'out of range for', 'Out of range value', 'arithmetic overflow', 'Value exceeds MAX', 'Value is out of range', 'numeric field overflow', 'integer out of range', 'ORA-01438', 'ORA-01426', 'InvalidTextRepresentation', 'cannot convert float NaN', 'Cannot convert non-finite', 'has NA values', 'IntCastingNaNError', 'Overflow for NUMERIC', 'NUMERIC_OUT_OF_SUPPORTED_RANGE', 'cannot be represented as Decimal', 'Decimal precision … exceeds', 'exceeds max precision', 'BINARY_ARITHMETIC_OVERFLOW', 'CAST_OVERFLOW', 'Invalid exponent', 'INVALID_ARRAY_INDEX', 'is not a valid UUID', '*int out of range', 'can not be represented as', 'cannot be represented as', 'is not a number', 'Integer column has NA'],
    unless: ['invalid value for', 'setting', 'option', 'parameter', 'argument ', 'sqlstate: 22kd', 'spark.', 'config'],
    match: ['java.lang.NumberFormatException: For input string: "n/a"'],
    noMatch: ['ERROR number of workers is odd'],
  },
  {
    id: 'damaged-file', confidence: 0.92,
    says: ['is not a Parquet file', 'expected magic number', 'Parquet magic bytes not found', 'Could not read footer', 'CANNOT_READ_FILE_FOOTER', 'Malformed ORC file', 'not a valid Parquet', 'Not a data file', 'Not an Avro data file', 'ZipException', 'incorrect header check', 'Error -3 while decompressing', 'invalid stored block lengths', 'invalid distance', 'invalid block type', 'Unexpected end of input stream', 'Unexpected end of ZLIB', 'not in gzip format', 'not a gzip', 'BadGzipFile', 'CRC check failed', 'ChecksumException', 'Checksum error', 'crc mismatch', 'FAILED_TO_UNCOMPRESS', 'Can not read value at', 'Invalid sync', 'ParquetDecodingException', 'BadZipFile', 'File is too small', 'File is not a zip', 'Compressed file ended before', 'invalid version number', 'Invalid Postscript', 'Protobuf … truncated', 'InvalidProtocolBufferException', 'Couldn\'t deserialize thrift', 'Corrupt snappy', 'Excel file format cannot be determined', 'Unsupported format, or corrupt file', 'NotOfficeXmlFile', 'premature end of file', 'EOFException: Unexpected', 'not a SequenceFile', 'stream ended unexpectedly', 'lz4 … invalid', 'Stream is corrupted', 'zstd … corrupt', 'Data corruption detected', 'FAILED_READ_FILE'],
    unless: ['data truncation', 'would be truncated', 'truncated chunk', 'file_not_exist', 'truncated the string', 'parquet_column'],
    match: ['java.lang.RuntimeException: s3://b/part-0.parquet is not a Parquet file. Expected magic number at tail, but found [49, 48, 50, 10]'],
    noMatch: ['ERROR the file has no header row'],
  },
  {
    id: 'encoding', confidence: 0.92,
    says: ['UnicodeDecodeError', 'UnicodeEncodeError', 'codec can\'t decode', 'codec can\'t encode', 'invalid byte sequence for encoding', 'Incorrect string value', 'Invalid UTF-8', 'invalid or unsupported UTF', 'Bad UTF-8', 'invalid start byte', 'invalid continuation byte', 'Multibyte character not supported', 'Input length = 1', 'UnmappableCharacterException', 'has no equivalent in encoding', 'CharConversionException', 'surrogates not allowed', 'Invalid char:', 'illegal byte sequence', 'UntranslatableCharacter', 'unsupported Unicode escape', 'invalid unicode', 'line contains NUL', 'MALFORMED_CHARACTER_CODING', 'not valid UTF-8'],
    match: ['UnicodeDecodeError: \'utf-8\' codec can\'t decode byte 0xe9 in position 15: invalid continuation byte'],
    noMatch: ['ERROR the encoding setting is empty'],
  },
  {
    id: 'constraint-violated', confidence: 0.93,
    says: ['duplicate key value violates', 'Duplicate entry', 'unique constraint', 'Violation of UNIQUE KEY', 'Violation of PRIMARY KEY', 'violates not-null', 'violates check constraint', 'violates foreign key', 'Cannot insert the value NULL', 'column does not allow nulls', 'cannot be null', 'Cannot insert duplicate key', 'ORA-00001', 'ORA-01400', 'ORA-02291', 'ORA-02290', 'ORA-01407', 'IntegrityError', 'IntegrityConstraintViolation', 'NOT NULL constraint', 'NOT_NULL_CONSTRAINT', 'CHECK constraint', 'VIOLATE_CONSTRAINT', 'InvariantViolationException', 'foreign key constraint', 'MULTIPLE_SOURCE_ROW_MATCHING', 'multiple source rows', 'MERGE_CARDINALITY_VIOLATION', 'matched a single row from the target', 'Null value appeared in non-nullable field', 'NOT_NULL_ASSERT_VIOLATION', 'NOT_NULL_VIOLATION', 'NotNullViolation', 'UniqueViolation', 'CheckViolation', 'ForeignKeyViolation', 'DUPLICATED_MAP_KEY', 'Duplicate map key', 'More than one row returned by a subquery', 'SCALAR_SUBQUERY_TOO_MANY_ROWS', 'duplicate rows', 'duplicates found', 'duplicate labels', 'HoodieKeyException', 'recordKey value', 'recordKey values', 'null in field', 'NULL result in a non-nullable column', 'is null for key', 'One of the required keys was not given a value', 'Missing the key', 'keys contains duplicates', 'contains duplicates', 'multiple rows matched', 'Duplicate row detected'],
    match: ['org.postgresql.util.PSQLException: ERROR: duplicate key value violates unique constraint "orders_pkey"'],
    noMatch: ['ERROR the key file is not unique on this host'],
  },
  {
    id: 'value-too-long', confidence: 0.93,
    says: ['value too long for', 'Data too long for column', 'Data truncation', 'String or binary data would be truncated', 'StringDataRightTruncation', 'ORA-12899', 'ORA-01401', 'value too large for column', 'value larger than specified precision', 'String length exceeds', 'larger than maximum supported size', 'exceeds DDL length', 'Item size has exceeded', 'exceeds char/varchar', 'EXCEED_LIMIT_LENGTH', 'EXCEED_CHAR_TYPE_LENGTH', 'exceeds maximum length', 'is too long and would be truncated', 'String … is too long', 'exceeds the max length', 'Length of parsed input', 'maxCharsPerColumn', 'record is too large', 'RecordTooLargeException', 'row size … exceeds', 'Row size too large'],
    match: ['com.amazon.redshift.util.RedshiftException: ERROR: value too long for type character varying(64)'],
    noMatch: ['ERROR the run takes too long'],
  },
  {
    id: 'sqlstate-data', confidence: 0.8,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}(?:22(?:0|P|00)|23)",
    match: ['Statement refused. SQLSTATE: 22012'],
    noMatch: ['ERROR SQLSTATE: 42601'],
  },
  {
    id: 'quality-rule-failed', confidence: 0.92,
    says: ['data quality … fail', 'data quality … below', 'Data quality … violated', 'quality check failed', 'quality checks failed', 'quality … threshold', 'Data Quality rule', 'EvaluateDataQuality', 'DataQuality', 'expectation … failed', 'expectations failed', 'Expectation suite', 'rows failed validation', 'records failed validation', 'validation failed for', 'quality gate', '"pass": false', 'ruleset … failed', 'DQ rule', 'DQ check', 'DQDL', 'VerificationResult', 'Constraint … Failure', 'row count … below', 'Row count mismatch', 'rowcount mismatch', 'too many null', 'null check failed', 'stl_load_error', 'USER_RAISED_EXCEPTION', 'reject threshold', 'Maximum error count', 'rejected rows', 'invalid rows', 'invalid records', 'error threshold', 'ERROR_THRESHOLD', 'records rejected', 'rows rejected', 'SchemaErrors'],
    match: ['Exception: Data quality checks failed: 3 of 12 rules'],
    noMatch: ['ERROR the rule engine has no port'],
  },
  {
    id: 'some-parsing-exception', confidence: 0.58,
    says: ['*ParsingException', '*DeserializationException', '*DecodingException', '*DecodeError', '*DecodeException', '*DataException', '*CorruptException', '*CorruptionException', '*MalformedException', '*DataFormatException', '*DataError', 'deserialization error', 'failed to deserialize', 'unable to deserialize', 'error deserializing', 'failed to decode'],
    match: ['org.example.format.RowParsingException: row 12'],
    noMatch: ['ERROR the parsing settings are blank'],
  },
  {
    id: 'some-data-fault', confidence: 0.62,
    says: ['Truncated', 'corrupt', 'Invalid value', 'unexpected value', 'negative value', 'must be positive value', 'not a valid value', 'reconciliation', 'outlier', 'failed validation', 'checksum mismatch', 'error records', 'bad rows', 'bad records', 'duplicate key', 'duplicate values', 'duplicate record', 'null values found', 'count mismatch', 'null character', 'max error count', 'non-nullable', 'is malformed', 'invalid number', 'not a valid JSON', 'invalid JSON'],
    unless: ['invalid value for', 'setting', 'option', 'parameter', 'config', 'truncated chunk', 'data truncation', 'would be truncated', 'url', 'policy document', 'authorization header', 'fail to parse', 'spark.'],
    match: ['ERROR 12 rows hold an unexpected value in column qty'],
    noMatch: ['ERROR the value column is blank'],
  },
]);
