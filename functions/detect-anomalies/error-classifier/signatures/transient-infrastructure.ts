/** Faults of the platform that pass by themselves: throttling, service errors, lost nodes, concurrent runs and commits. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const transientInfrastructure = signaturesOf('transient_infrastructure', [
  {
    id: 'glue-concurrent-runs', confidence: 0.97,
    says: ['ConcurrentRunsExceededException', 'Concurrent runs exceeded', 'Max concurrent runs exceeded', 'ConcurrentModificationException: Database … is being modified', 'ConcurrentModificationException … Service: AWSGlue'],
    match: ['ConcurrentRunsExceededException: Concurrent runs exceeded for nightly-orders (Service: AWSGlue; Status Code: 400)'],
    noMatch: ['ERROR concurrent map has no such entry'],
  },
  {
    id: 'aws-throttling', confidence: 0.95,
    says: [
      'ThrottlingException', 'Throttling: Rate exceeded', 'ThrottledException', 'RequestThrottled', 'RequestLimitExceeded', 'Rate exceeded', 'TooManyRequestsException', 'Too Many Requests',
      'Slow Down … 503', 'SlowDown', 'Please reduce your request rate', 'reduce your request rate', ': Slow down', 'error code: Throttling', 'code: Throttling', '(Throttling)', 'BandwidthLimitExceeded', 'PriorRequestNotComplete',
      'Request rate is too large', 'EC2ThrottledException', 'status code: 429', 'HTTP 429', '429 Too Many', 'LimitExceededException: Rate', 'throttled due to',
    ],
    match: ['botocore.exceptions.ClientError: An error occurred (ThrottlingException) when calling the GetTable operation (reached max retries: 4): Rate exceeded'],
    noMatch: ['ERROR the sampling rate of 429 rows is odd'],
  },
  {
    id: 'dynamodb-throughput', confidence: 0.93,
    says: ['ProvisionedThroughputExceeded', 'DynamoDB write exceeds max retry', 'exceeds max retry', 'exceeded the maximum allowed provisioned throughput', 'Throughput exceeds the current capacity'],
    match: ['An error occurred while calling o77.pyWriteDynamicFrame. DynamoDB write exceeds max retry 10'],
    noMatch: ['ERROR DynamoDB item exceeds the maximum size'],
  },
  {
    id: 'kinesis-limit', confidence: 0.9,
    says: ['KMSThrottlingException', 'Rate exceeded for shard', 'ExpiredIteratorException', 'KinesisException … Rate exceeded'],
    match: ['ERROR software.amazon.awssdk.services.kinesis.model.KMSThrottlingException: slow down'],
    noMatch: ['ERROR Kinesis stream has no shard'],
  },
  {
    id: 'aws-service-error', confidence: 0.9,
    says: [
      'InternalServiceException', 'InternalServiceError', 'InternalServerException', 'InternalServerError', 'InternalFailure', 'ServiceUnavailable', 'Service Unavailable', 'Status Code: 500', 'Status Code: 502', 'Status Code: 503',
      'Status Code: 504', 'We encountered an internal error. Please try again', 'Internal Server Error', 'Internal service error', 'internal service exception', 'Gateway Timeout', 'Bad Gateway', 'HTTP 503', 'HTTP 500', 'HTTP 502', 'HTTP 504', 'status code 503', 'status code 500', 'INTERNAL_SERVER_ERROR',
      'InternalError … Please try again', 'DataUnavailable', 'OperationTimeoutException', 'temporarily unavailable', 'AWSServiceIOException', 'AWSStatus500Exception', 'An internal error has occurred', 'INTERNAL_SERVICE_ERROR', 'Service is unavailable', 'try again later',
    ],
    unless: ['resource temporarily unavailable', 'status code: 5000'],
    match: ['com.amazonaws.services.glue.model.InternalServiceException: Internal service error (Service: AWSGlue; Status Code: 500)'],
    noMatch: ['ERROR the internal table has 503 rows too many'],
  },
  {
    id: 'glue-launch-failure', confidence: 0.9,
    says: ['LAUNCH ERROR', 'Failed to launch … job', 'Unable to start job … capacity', 'Unable to provision', 'ResourceNotReadyException', 'no capacity available', 'Insufficient capacity', 'InsufficientInstanceCapacity', 'insufficient instance capacity', 'Job run was preempted', 'flexible execution … interrupted', 'Resource unavailable'],
    match: ['LAUNCH ERROR | Error downloading the worker image, please retry the job run'],
    noMatch: ['ERROR rocket launch table is late'],
  },
  {
    id: 'node-lost', confidence: 0.93,
    says: ['Container released on a *lost* node', 'lost node', 'Exit status: -100', 'exitCode: -100', 'Node … became unhealthy', 'Host … is lost', 'ExecutorLostFailure … worker lost', 'Worker lost', 'spot instance … interruption', 'instance was terminated', 'Container preempted', 'preempted by scheduler', 'Exit status: -102', 'exit status: -102', 'was decommissioned', 'node decommission', 'Unhealthy Node', 'Container expired since it was unused', 'Exit status: -106', 'Slave lost', 'executor has been decommissioned'],
    match: ['ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Container from a bad node. Exit status: -100. Diagnostics: Container released on a *lost* node'],
    noMatch: ['ERROR XML node is missing its parent'],
  },
  {
    id: 'commit-conflict', confidence: 0.9,
    says: [
      'ConcurrentAppendException', 'ConcurrentDeleteReadException', 'ConcurrentDeleteDeleteException', 'ConcurrentWriteException', 'ConcurrentTransactionException', 'MetadataChangedException', 'ProtocolChangedException', 'CommitFailedException', 'CommitStateUnknownException', 'by a concurrent update',
      'DELTA_CONCURRENT', 'DELTA_METADATA_CHANGED', 'Cannot commit: stale table metadata', 'Found conflicting files', 'HoodieWriteConflictException', 'Cannot resolve conflicts for overlapping writes', 'ConcurrentModificationException: Cannot resolve conflicts', 'ValidationException: Found', 'branch main has changed', 'ICEBERG_COMMIT_ERROR', 'UPDATE_CONFLICT', 'has been updated by another', 'TransactionConflictException', 'TransactionConflict', 'TransactionInProgressException', 'ConditionalCheckFailed', 'HoodieLockException', 'Unable to acquire lock', 'Serializable isolation violation',
    ],
    match: ['org.apache.iceberg.exceptions.CommitFailedException: Cannot commit glue_catalog.db.t because Glue detected concurrent update'],
    noMatch: ['ERROR commit message is too long'],
  },
  {
    id: 'database-deadlock', confidence: 0.9,
    says: ['deadlock detected', 'Deadlock found when trying to get lock', 'was deadlocked on lock', 'Lock wait timeout exceeded', 'ORA-00060', 'could not serialize access', 'could not obtain lock', 'canceling statement due to lock timeout', 'lock request time out', 'deadlock victim', 'LockTimeout', 'ORA-00054', 'canceling statement due to conflict with recovery', 'ORA-08177'],
    match: ['com.mysql.cj.jdbc.exceptions.MySQLTransactionRollbackException: Deadlock found when trying to get lock; try restarting transaction'],
    noMatch: ['ERROR column deadlock_count is not numeric'],
  },
  {
    id: 'object-changed-while-read', confidence: 0.82,
    says: ['RemoteFileChangedException', 'Change reported by S3', 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 'Change detected … during', 'file may have been modified', 'the underlying files have been updated'],
    match: ['org.apache.hadoop.fs.s3a.RemoteFileChangedException: open `s3a://in/rates.csv`: Change reported by S3 during open at position 0'],
    noMatch: ['ERROR remote file name is empty'],
  },
  {
    id: 'reply-cut-off', confidence: 0.75,
    says: ['Failed to sanitize XML document', 'Premature end of Content-Length delimited message body', 'Premature EOF: no length prefix', 'Data read has a different length than the expected', 'Unable to verify integrity of data', 'Truncated chunk', 'The target server failed to respond', 'IncompleteRead', 'IncompleteReadError', 'ResponseStreamingError', 'IncompleteBody', 'RequestTimeout … not read from or written to', 'Your socket connection to the server was not read from', 'Premature end of chunk', 'ConnectionClosedException: Premature'],
    match: ['com.amazonaws.SdkClientException: Data read has a different length than the expected: dataLength=8192; expectedLength=12000'],
    noMatch: ['ERROR XML document has no root'],
  },
  {
    id: 'shuffle-fetch-failed', confidence: 0.72, symptom: true,
    says: ['FetchFailedException', 'MetadataFetchFailedException', 'Missing an output location for shuffle', 'FetchFailed(', 'BlockFetchException', 'Failed to fetch block', 'ShuffleBlockFetcherIterator: Failed to get block', 'has failed the maximum allowable number of times', 'Could not read data from block', 'Failed to connect to … shuffle', 'Failed to get broadcast_', 'MetadataFetchFailed', 'Error while fetching shuffle'],
    match: ['org.apache.spark.shuffle.FetchFailedException: Failed to connect to ip-10-0-0-9.ec2.internal/10.0.0.9:7337'],
    noMatch: ['ERROR fetch size must be positive'],
  },
  {
    id: 'executor-lost', confidence: 0.66, symptom: true,
    says: ['ExecutorLostFailure', 'Remote RPC client disassociated', 'Executor heartbeat timed out', 'Lost executor', 'Remote Rpc client disassociated', 'Exit status: 143', 'exit code 143', 'Exit code is 143', 'exitCode: 143', 'heartbeats … timed out', 'no recent heartbeats', 'has been quiet for', 'Assuming connection is dead', 'Master removed our application', 'Command exited with code 143', 'Connection from … closed', 'TransportResponseHandler: Still have … requests outstanding', 'SIGTERM', 'RECEIVED SIGNAL TERM', 'worker node is lost'],
    unless: ['memory limits', 'oom', 'outofmemory', 'exceeding physical'],
    match: ['ERROR YarnScheduler: Lost executor 5 on ip-10-0-0-3: Executor heartbeat timed out after 153251 ms'],
    noMatch: ['ERROR executor memory setting is malformed'],
  },
]);
