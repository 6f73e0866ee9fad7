/** What the run should read is not there: path, object, table, database, partition, or there is nothing in it. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const missingInput = signaturesOf('missing_input', [
  {
    id: 'path-not-found', confidence: 0.9,
    says: ['Path does not exist', 'PATH_NOT_FOUND', 'Input path does not exist', 'No such file or directory', 'FileNotFoundException', 'FileNotFoundError', 'Input Pattern … matches 0 files', 'InvalidInputException: Input', 'File does not exist', 'file … does not exist', 'No files found', 'No such path', 'cannot find the path', 'path … not found', 'FAILED_READ_FILE.FILE_NOT_EXIST', 'no objects found', 'prefix … does not exist'],
    match: ['org.apache.spark.sql.AnalysisException: Path does not exist: s3://lake/in/2024-02-30'],
    noMatch: ['ERROR the path setting has a blank'],
  },
  {
    id: 's3-key-not-found', confidence: 0.92,
    says: ['NoSuchKey', 'The specified key does not exist', 'NoSuchBucket', 'The specified bucket does not exist', 'bucket does not exist', 'Bucket … does not exist', 'when calling the HeadObject operation: Not Found', 'Status Code: 404', 'NoSuchVersion', 'NoSuchUpload'],
    match: ['botocore.errorfactory.NoSuchKey: An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.'],
    noMatch: ['ERROR the key column holds blanks'],
  },
  {
    id: 'table-not-found', confidence: 0.9,
    says: ['Table or view not found', 'TABLE_OR_VIEW_NOT_FOUND', 'EntityNotFoundException', 'NoSuchTableException', 'NoSuchDatabaseException', 'SCHEMA_NOT_FOUND', 'TABLE_NOT_FOUND', 'Table not found', 'Table … not found', 'Table … doesn\'t exist', 'Table … does not exist', 'relation … does not exist', 'Invalid object name', 'ORA-00942', 'table or view does not exist', 'Database … not found', 'Unknown database', 'Object … does not exist', 'NoSuchObjectException', 'NoSuchNamespaceException', 'is not a Delta table', 'DELTA_TABLE_NOT_FOUND', 'DELTA_MISSING_DELTA_TABLE', 'TableNotFoundException', 'NoSuchPartitionException', 'PARTITIONS_NOT_FOUND', 'Partition not found', 'schema … does not exist', 'UnknownTopicOrPartition', 'SQLSTATE: 42P01', 'database … does not exist', 'ResourceNotFoundException', 'UndefinedTable', 'Cannot find … in catalog', 'ORA-04043'],
    unless: ['secret', 'connection'],
    match: ['com.amazonaws.services.glue.model.EntityNotFoundException: Entity Not Found (Service: AWSGlue; Status Code: 400)'],
    noMatch: ['ERROR table sales has no owner'],
  },
  {
    id: 'empty-input', confidence: 0.82,
    says: ['Unable to infer schema for', 'UNABLE_TO_INFER_SCHEMA', 'empty collection', 'No columns to parse from file', 'EmptyDataError', 'can not infer schema from empty dataset', 'CANNOT_INFER_EMPTY_SCHEMA', 'RDD is empty', 'no data found', 'DataFrame is empty', 'input is empty', 'No input files', 'No rows found', 'The input … is empty', 'EMPTY_SCHEMA', 'empty schema', 'No such element … empty', 'next on empty iterator', 'zero records', 'no new files', 'Datasource does not support writing empty'],
    match: ['ValueError: can not infer schema from empty dataset'],
    noMatch: ['ERROR the argument is empty'],
  },
]);
