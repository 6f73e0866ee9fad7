/** What the run should read is not there: path, object, table, database, partition, or there is nothing in it. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const missingInput = signaturesOf('missing_input', [
  {
    id: 'path-not-found', confidence: 0.91,
    says: ['Path does not exist', 'PATH_NOT_FOUND', 'Input path does not exist', 'No such file or directory', 'FileNotFoundException', 'FileNotFoundError', 'FileNotFound', 'Input Pattern … matches 0 files', 'InvalidInputException: Input', 'File does not exist', 'file … does not exist', 'file … not found', 'No files found', 'NoFilesFound', 'No file found', 'No such path', 'cannot find the path', 'path … not found', 'path … does not exist', 'directory … does not exist', 'FILE_NOT_EXIST', 'No objects found', 'prefix … does not exist', 'prefix … not found', 'Location does not exist', 'location … does not exist', 'NotFoundException: Location', 'NoSuchFileException', 'Partitions missing from filesystem', 'Missing file', 'missing files', 'files are missing', 'no data files', 'CANNOT_LOAD_CHECKPOINT', 'OffsetOutOfRange', 'Some data may have been lost', 'failOnDataLoss', 'VersionNotFoundException', '_delta_log', 'snapshot … not found', 'could not find file', 'unable to find file', 'Cannot find snapshot', 'Worksheet named', 'STREAM_FAILED … does not exist', 'object not found', 'HIVE_FILESYSTEM_ERROR', 'HIVE_FILE_NOT_FOUND'],
    unless: ['module', 'hive_filesystem_error: incorrect', 'cannot run program', 'class not found', 'script', 'jar:', '.jar', '.so:', '.so.', 'access denied', 'permission denied', 'winutils'],
    match: ['org.apache.spark.sql.AnalysisException: Path does not exist: s3://lake/in/2024-02-30'],
    noMatch: ['ERROR the path setting has a blank'],
  },
  {
    id: 's3-key-not-found', confidence: 0.93,
    says: ['NoSuchKey', 'The specified key does not exist', 'NoSuchBucket', 'The specified bucket does not exist', 'UnknownStoreException', 'Bucket … does not exist', 'HeadObject operation: Not Found', '(404)', 'Status Code: 404', 'status code 404', 'HTTP 404', '404 Not Found', '404 Client Error', 'NoSuchVersion', 'NoSuchUpload', 'The specified upload does not exist'],
    match: ['botocore.errorfactory.NoSuchKey: An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.'],
    noMatch: ['ERROR the key column holds blanks'],
  },
  {
    id: 'table-not-found', confidence: 0.91,
    says: ['Table or view not found', 'TABLE_OR_VIEW_NOT_FOUND', 'VIEW_NOT_FOUND', 'EntityNotFoundException', 'Entity Not Found', '*NoSuchTableException', 'NoSuchIcebergTableException', 'NoSuchViewException', 'NoSuchDatabaseException', 'NoSuchNamespaceException', 'SCHEMA_NOT_FOUND', 'DATABASE_NOT_FOUND', 'TABLE_NOT_FOUND', 'Table not found', 'Table … not found', 'Table … doesn\'t exist', 'Table … does not exist', 'relation … does not exist', 'view … does not exist', 'view … not found', 'Invalid object name', 'ORA-00942', 'ORA-04043', 'Database … not found', 'Database … does not exist', 'Unknown database', 'Object \'… does not exist', 'NoSuchObjectException', 'is not a Delta table', 'DELTA_MISSING_DELTA_TABLE', '*TableNotFoundException', 'NoSuchPartitionException', 'PARTITIONS_NOT_FOUND', 'Partition not found', 'partition … does not exist', 'No partitions found', 'schema … does not exist', 'UnknownTopicOrPartition', 'Topic … does not exist', 'topic … not present in metadata', '*ResourceNotFoundException', 'Requested resource not found', 'UndefinedTable', 'Unable to fetch table', 'table … is missing', 'no such table', 'no such index', 'index_not_found', 'NamespaceNotFound', 'collection … not found', 'stream … not found', 'database … is missing', 'Invalid table alias', 'could not find table'],
    unless: ['secret', 'connection', 'role', 'function'],
    match: ['com.amazonaws.services.glue.model.EntityNotFoundException: Entity Not Found (Service: AWSGlue; Status Code: 400)'],
    noMatch: ['ERROR table sales has no owner'],
  },
  {
    id: 'sqlstate-missing', confidence: 0.8,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}(?:42P01|42S02|3D000|3F000|42K03)",
    match: ['Statement refused. SQLSTATE: 3D000'],
    noMatch: ['ERROR SQLSTATE: 42601'],
  },
  {
    id: 'empty-input', confidence: 0.84,
    says: ['Unable to infer schema for', 'UNABLE_TO_INFER_SCHEMA', 'empty collection', 'No columns to parse from file', 'EmptyDataError', 'can not infer schema from empty dataset', 'CANNOT_INFER_EMPTY_SCHEMA', 'CANNOT_INFER_SCHEMA', 'RDD is empty', 'no data found', 'no data to', 'DataFrame is empty', 'EmptyDataFrame', 'input is empty', 'is empty, nothing', 'No input files', 'No input paths', 'No rows found', 'No records found', 'The input … is empty', 'source is empty', 'dataset is empty', 'file is empty', 'empty file', 'EMPTY_SCHEMA', 'EMPTY_SCHEMA_NOT_SUPPORTED', 'next on empty iterator', 'zero records', '0 records', 'no new files', 'No tables found', 'does not support writing empty', 'Cannot infer schema', 'head of empty', 'reduce() of empty', 'empty sequence', 'arg is an empty sequence', 'No objects to concatenate', 'empty dataset', 'returned no rows', 'no rows returned', 'no messages'],
    match: ['ValueError: can not infer schema from empty dataset'],
    noMatch: ['ERROR the argument is empty'],
  },
  {
    id: 'something-not-found', confidence: 0.55,
    says: ['*NotFoundException', '*NotFoundError', '*DoesNotExistException', '*DoesNotExist', '*MissingException'],
    unless: ['class', 'module', 'method', 'driver', 'template', 'command', 'credentials', 'dataset', 'application'],
    match: ['org.example.source.FeedNotFoundException: feed 12'],
    noMatch: ['java.lang.ClassNotFoundException: org.example.Feed'],
  },
]);
