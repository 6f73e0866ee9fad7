/** Error messages as Spark 3.5, the JVM, EMRFS and botocore word them, for what has really happened in a job. */
import { AnalysisFailure, DriverFailure, type JavaError, type JobFailure, PythonFailure, TaskFailure } from './failures.ts';

const ANSI_HINT = 'If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.';
const TASK_FRAMES = [
  'org.apache.spark.sql.catalyst.expressions.GeneratedClass$GeneratedIteratorForCodegenStage1.processNext(Unknown Source)',
  'org.apache.spark.sql.execution.BufferedRowIterator.hasNext(BufferedRowIterator.java:43)',
  'org.apache.spark.sql.execution.WholeStageCodegenEvaluatorFactory$WholeStageCodegenPartitionEvaluator$$anon$1.hasNext(WholeStageCodegenEvaluatorFactory.scala:43)',
  'org.apache.spark.scheduler.ResultTask.runTask(ResultTask.scala:93)',
  'org.apache.spark.scheduler.Task.run(Task.scala:152)',
  'org.apache.spark.executor.Executor$TaskRunner.run(Executor.scala:632)',
];
const SCAN_FRAMES = [
  'org.apache.spark.sql.execution.datasources.FileScanRDD$$anon$1.nextIterator(FileScanRDD.scala:287)',
  'org.apache.spark.sql.execution.datasources.FileScanRDD$$anon$1.hasNext(FileScanRDD.scala:131)',
  ...TASK_FRAMES,
];

/** `value` as text, cast under ANSI rules. */
export function castInvalidInput(value: string, to: string): TaskFailure {
  const type = /^(DATE|TIMESTAMP)/.test(to) ? 'org.apache.spark.SparkDateTimeException' : 'org.apache.spark.SparkNumberFormatException';
  const error = {
    type: to === 'BOOLEAN' ? 'org.apache.spark.SparkRuntimeException' : type,
    message: `[CAST_INVALID_INPUT] The value '${value}' of the type "STRING" cannot be cast to "${to}" because it is malformed. Correct the value as per the syntax, or change its target type. Use \`try_cast\` to tolerate malformed input and return NULL instead. ${ANSI_HINT}`,
    frames: [
      'org.apache.spark.sql.errors.QueryExecutionErrors$.invalidInputInCastToNumberError(QueryExecutionErrors.scala:145)',
      'org.apache.spark.sql.catalyst.util.UTF8StringUtils$.withException(UTF8StringUtils.scala:51)',
      ...TASK_FRAMES,
    ],
  };
  return new TaskFailure('UNCLASSIFIED_ERROR', error);
}

/** `value` as Spark writes a literal of type `from`: a BIGINT ends in L. */
export function castOverflow(value: string, from: string, to: string): TaskFailure {
  return new TaskFailure('UNCLASSIFIED_ERROR', {
    type: 'org.apache.spark.SparkArithmeticException',
    message: `[CAST_OVERFLOW] The value ${value} of the type "${from}" cannot be cast to "${to}" due to an overflow. Use \`try_cast\` to tolerate overflow and return NULL instead. ${ANSI_HINT}`,
    frames: ['org.apache.spark.sql.errors.QueryExecutionErrors$.castingCauseOverflowError(QueryExecutionErrors.scala:84)', ...TASK_FRAMES],
  });
}

/** A text that does not have the pattern's form; `index` is where it stops doing so. */
export function cannotParseTimestamp(text: string, index: number): TaskFailure {
  const cause = {
    type: 'java.time.format.DateTimeParseException',
    message: `Text '${text}' could not be parsed at index ${index}`,
    frames: [
      'java.base/java.time.format.DateTimeFormatter.parseResolved0(DateTimeFormatter.java:2052)',
      'java.base/java.time.format.DateTimeFormatter.parse(DateTimeFormatter.java:1880)',
      'org.apache.spark.sql.catalyst.util.Iso8601TimestampFormatter.parse(TimestampFormatter.scala:193)',
    ],
  };
  return new TaskFailure('UNCLASSIFIED_ERROR', {
    type: 'org.apache.spark.SparkDateTimeException',
    message: `[CANNOT_PARSE_TIMESTAMP] Text '${text}' could not be parsed at index ${index}. ${ANSI_HINT}`,
    frames: ['org.apache.spark.sql.errors.QueryExecutionErrors$.ansiDateTimeParseError(QueryExecutionErrors.scala:271)', ...TASK_FRAMES],
    cause,
  });
}

/** At most five of the columns, the most similar first. */
export function unresolvedColumn(name: string, columns: readonly string[]): AnalysisFailure {
  const suggestions = columns
    .map((column) => ({ column, distance: editDistance(column.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ column }) => `\`${column}\``);
  const plan = `'Project ['${name}]\n+- Relation [${columns.map((column, index) => `${column}#${index + 12}`).join(',')}]`;
  return new AnalysisFailure(
    'QUERY_ERROR',
    suggestions.length === 0
      ? `[UNRESOLVED_COLUMN.WITHOUT_SUGGESTION] A column, variable, or function parameter with name \`${name}\` cannot be resolved.;\n${plan}`
      : `[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name \`${name}\` cannot be resolved. Did you mean one of the following? [${suggestions.join(', ')}].;\n${plan}`,
  );
}

export function pathNotFound(path: string): AnalysisFailure {
  return new AnalysisFailure('RESOURCE_NOT_FOUND_ERROR', `[PATH_NOT_FOUND] Path does not exist: ${path}.`);
}

export function tableNotFound(database: string, table: string): AnalysisFailure {
  return new AnalysisFailure(
    'QUERY_ERROR',
    `[TABLE_OR_VIEW_NOT_FOUND] The table or view \`${database}\`.\`${table}\` cannot be found. Verify the spelling and correctness of the schema and catalog.`,
  );
}

function failedToRead(path: string, cause: JavaError): TaskFailure {
  return new TaskFailure('UNCLASSIFIED_ERROR', {
    type: 'org.apache.spark.SparkException',
    message: `Encountered error while reading file ${path}. Details:`,
    frames: ['org.apache.spark.sql.errors.QueryExecutionErrors$.cannotReadFilesError(QueryExecutionErrors.scala:851)', ...SCAN_FRAMES],
    cause,
  });
}

/** `magic`: the last four bytes of the object. */
export function notParquet(path: string, magic: readonly number[]): TaskFailure {
  return failedToRead(path, {
    type: 'java.lang.RuntimeException',
    message: `${path} is not a Parquet file. Expected magic number at tail, but found [${magic.join(', ')}]`,
    frames: [
      'org.apache.parquet.hadoop.ParquetFileReader.readFooter(ParquetFileReader.java:565)',
      'org.apache.parquet.hadoop.ParquetFileReader.<init>(ParquetFileReader.java:799)',
      'org.apache.parquet.hadoop.ParquetFileReader.open(ParquetFileReader.java:666)',
    ],
  });
}

export function brokenParquet(path: string, detail: string): TaskFailure {
  return failedToRead(path, {
    type: 'org.apache.parquet.io.ParquetDecodingException',
    message: `Can not read value at 0 in block -1 in file ${path}: ${detail}`,
    frames: ['org.apache.parquet.hadoop.InternalParquetRecordReader.nextKeyValue(InternalParquetRecordReader.java:264)'],
  });
}

/** The stream ends before the data does, or is no gzip at all. */
export function brokenGzip(path: string, kind: 'truncated' | 'not-gzip' | 'damaged', detail: string): TaskFailure {
  const frames = ['org.apache.hadoop.io.compress.zlib.BuiltInGzipDecompressor.decompress(BuiltInGzipDecompressor.java:197)'];
  if (kind === 'truncated') {
    return failedToRead(path, {
      type: 'java.io.EOFException',
      message: 'Unexpected end of input stream',
      frames: ['org.apache.hadoop.io.compress.DecompressorStream.decompress(DecompressorStream.java:165)'],
    });
  }
  if (kind === 'not-gzip') return failedToRead(path, { type: 'java.io.IOException', message: 'not a gzip file', frames });
  return failedToRead(path, { type: 'java.util.zip.ZipException', message: detail, frames });
}

/** The column of a Parquet file that cannot be read as the table says. */
export function parquetColumnMismatch(path: string, column: string, expected: string, found: string): TaskFailure {
  const message = `Parquet column cannot be converted in file ${path}. Column: [${column}], Expected: ${expected}, Found: ${found}`;
  const error = {
    type: 'org.apache.spark.SparkException',
    message,
    frames: [
      'org.apache.spark.sql.errors.QueryExecutionErrors$.unsupportedSchemaColumnConvertError(QueryExecutionErrors.scala:786)',
      ...SCAN_FRAMES,
    ],
    cause: {
      type: 'org.apache.spark.sql.execution.datasources.SchemaColumnConvertNotSupportedException',
      message: `column: [${column}], physicalType: ${found}, logicalType: ${expected}`,
      frames: [
        'org.apache.spark.sql.execution.datasources.parquet.ParquetVectorUpdaterFactory.constructConvertNotSupportedException(ParquetVectorUpdaterFactory.java:1136)',
      ],
    },
  };
  return new TaskFailure('UNCLASSIFIED_ERROR', error, { shown: message });
}

export function malformedRecord(record: string): TaskFailure {
  return new TaskFailure('UNCLASSIFIED_ERROR', {
    type: 'org.apache.spark.SparkException',
    message: `[MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION] Malformed records are detected in record parsing: ${record}.\nParse Mode: FAILFAST. To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'.`,
    frames: [
      'org.apache.spark.sql.errors.QueryExecutionErrors$.malformedRecordsDetectedInRecordParsingError(QueryExecutionErrors.scala:1610)',
      ...SCAN_FRAMES,
    ],
  });
}

const S3 = 'com.amazon.ws.emr.hadoop.fs.shaded.com.amazonaws.services.s3.model.AmazonS3Exception';

/** As EMRFS, which reads S3 in Glue, words an answer of S3. */
export function s3Refused(reason: { text: string; status: number; code: string }, requestId: string, onExecutor: boolean): JobFailure {
  const extended = Buffer.from(requestId.repeat(3)).toString('base64').slice(0, 60);
  const error = {
    type: S3,
    message: `${reason.text} (Service: Amazon S3; Status Code: ${reason.status}; Error Code: ${reason.code}; Request ID: ${requestId}; S3 Extended Request ID: ${extended}; Proxy: null), S3 Extended Request ID: ${extended}`,
    frames: [
      'com.amazon.ws.emr.hadoop.fs.shaded.com.amazonaws.http.AmazonHttpClient$RequestExecutor.handleErrorResponse(AmazonHttpClient.java:1879)',
      'com.amazon.ws.emr.hadoop.fs.shaded.com.amazonaws.services.s3.AmazonS3Client.getObject(AmazonS3Client.java:1524)',
      'com.amazon.ws.emr.hadoop.fs.s3.lite.AmazonS3LiteClient.getObject(AmazonS3LiteClient.java:99)',
    ],
  };
  const category = reason.status === 403 ? 'PERMISSION_ERROR' : reason.status === 503 ? 'THROTTLING_ERROR' : 'RESOURCE_NOT_FOUND_ERROR';
  return onExecutor ? new TaskFailure(category, error) : new DriverFailure(category, error);
}

/** An executor's process is killed when it needs more memory than its worker has. */
export function executorOutOfMemory(executor: number): TaskFailure {
  const reason = `(executor ${executor} exited caused by one of the running tasks) Reason: Command exited with code 137`;
  const error = {
    type: 'ExecutorLostFailure',
    message: reason,
    frames: [],
    cause: {
      type: 'java.lang.OutOfMemoryError',
      message: 'Java heap space',
      frames: [
        'org.apache.spark.unsafe.memory.HeapMemoryAllocator.allocate(HeapMemoryAllocator.java:64)',
        'org.apache.spark.memory.TaskMemoryManager.allocatePage(TaskMemoryManager.java:348)',
        'org.apache.spark.sql.execution.joins.LongToUnsafeRowMap.grow(HashedRelation.scala:664)',
      ],
    },
  };
  return new TaskFailure('OUT_OF_MEMORY_ERROR', error, { executorLost: true, shown: `ExecutorLostFailure ${reason}` });
}

export function driverOutOfMemory(): DriverFailure {
  return new DriverFailure('OUT_OF_MEMORY_ERROR', {
    type: 'java.lang.OutOfMemoryError',
    message: 'Java heap space',
    frames: [
      'org.apache.spark.sql.execution.SparkPlan.$anonfun$executeCollect$1(SparkPlan.scala:456)',
      'org.apache.spark.sql.Dataset.collectToPython(Dataset.scala:3998)',
    ],
  });
}

/** botocore gives up after its retries. */
export function clientError(code: string, operation: string, text: string, retries: number): PythonFailure {
  const tried = retries > 0 ? ` (reached max retries: ${retries})` : '';
  return new PythonFailure(
    'botocore.exceptions.ClientError',
    `An error occurred (${code}) when calling the ${operation} operation${tried}: ${text}`,
    {
      category: /Throttl|Throughput|SlowDown/.test(code) ? 'THROTTLING_ERROR' : 'UNCLASSIFIED_ERROR',
      frames: [
        'File "/usr/local/lib/python3.11/site-packages/botocore/client.py", line 569, in _api_call\n    return self._make_api_call(operation_name, kwargs)',
        'File "/usr/local/lib/python3.11/site-packages/botocore/client.py", line 1023, in _make_api_call\n    raise error_class(parsed_response, operation_name)',
      ],
    },
  );
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
