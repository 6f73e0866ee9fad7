/** Faults of the platform that pass by themselves: throttling, service errors, lost nodes, concurrent runs and commits. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const transientInfrastructure = signaturesOf('transient_infrastructure', [
  {
    id: 'glue-concurrent-runs', confidence: 0.97,
    says: ['ConcurrentRunsExceededException', 'Concurrent runs exceeded', 'Max concurrent runs exceeded', 'ConcurrentModificationException … Service: AWSGlue', 'ConcurrentModificationException … Service: Glue', '(ConcurrentModificationException)'],
    match: ['ConcurrentRunsExceededException: Concurrent runs exceeded for nightly-orders (Service: AWSGlue; Status Code: 400)'],
    noMatch: ['ERROR concurrent map has no such entry'],
  },
  {
    id: 'aws-throttling', confidence: 0.95,
    says: [
      '*ThrottlingException', '*ThrottledException', 'Throttling: Rate', '(Throttling)', 'Error Code: Throttling', 'RequestThrottled', 'RequestLimitExceeded', 'Rate exceeded', 'TooManyRequests', 'Too Many Requests', '(SlowDown)', 'Error Code: SlowDown',
      'Slow Down (Service', 'Slow Down (', ': Slow Down', '503 Slow Down', 'reduce your request rate', 'BandwidthLimitExceeded', 'PriorRequestNotComplete', 'Request rate is too large', 'Status Code: 429', 'status code 429', 'HTTP 429', '429 Client Error',
      'Error 429', 'Access throttled', 'being throttled', 'request was throttled', 'throttled by', 'throttling error', 'due to throttling', 'due to AWS Glue throttling', 'AWSServiceThrottledException', 'LimitExceededException: Rate', 'KMSThrottling', 'request limit exceeded', 'QueryThrottled', 'TOO_MANY_REQUESTS', 'Too many concurrent', 'TooManyRequestsException',
    ],
    match: ['botocore.exceptions.ClientError: An error occurred (ThrottlingException) when calling the GetTable operation (reached max retries: 4): Rate exceeded'],
    noMatch: ['ERROR the sampling rate of 429 rows is odd'],
  },
  {
    id: 'dynamodb-throughput', confidence: 0.93,
    says: ['ProvisionedThroughputExceeded', 'DynamoDB write exceeds max retry', 'exceeded the maximum allowed provisioned throughput', 'Throughput exceeds the current', 'configured provisioned throughput'],
    match: ['An error occurred while calling o77.pyWriteDynamicFrame. DynamoDB write exceeds max retry 10'],
    noMatch: ['ERROR DynamoDB item exceeds the maximum size'],
  },
  {
    id: 'aws-service-error', confidence: 0.9,
    says: [
      'InternalServiceException', 'InternalServiceError', 'InternalServerException', 'InternalServerError', 'InternalFailure', 'ServiceUnavailable', 'Service Unavailable', 'Status Code: 500', 'Status Code: 502', 'Status Code: 503', 'Status Code: 504', '*ServiceUnavailableException',
      'encountered an internal error', 'Internal Server Error', 'Internal service error', 'internal service exception', 'Gateway Timeout', 'Gateway Time-out', 'Bad Gateway', 'HTTP 500', 'HTTP 502', 'HTTP 503', 'HTTP 504', 'status code 500', 'status code 502', 'status code 503', 'status code 504', 'Server Error: ', '500 Server Error', '503 Server Error',
      'INTERNAL_SERVER_ERROR', 'DataUnavailable', 'OperationTimeoutException', 'AWSServiceIOException', 'AWSStatus500Exception', 'An internal error has occurred', 'INTERNAL_SERVICE_ERROR', 'Service is unavailable', 'service is temporarily unavailable', 'is temporarily unavailable', 'currently unavailable', 'Query engine had an internal error', 'database system is starting up', 'database system is shutting down', 'database system is in recovery mode', 'FederationSourceRetryable', 'Reduce your rate',
    ],
    unless: ['resource temporarily unavailable', 'status code: 5000', 'bytes: '],
    match: ['com.amazonaws.services.glue.model.InternalServiceException: Internal service error (Service: AWSGlue; Status Code: 500)'],
    noMatch: ['ERROR the internal table has 503 rows too many'],
  },
  {
    id: 'try-again', confidence: 0.66,
    says: ['try again later', 'Please retry', 'Please try again', 'please retry your', 'retry your request', 'try the operation again', 'Retries exceeded'],
    unless: ['and try again', 'check'],
    match: ['ERROR: The operation could not be done now. Please try again.'],
    noMatch: ['ERROR retried records have no key'],
  },
  {
    id: 'no-capacity', confidence: 0.9,
    says: ['no capacity available', 'Insufficient capacity', 'InsufficientInstanceCapacity', 'INSUFFICIENT_CAPACITY', 'Job run was preempted', 'Unable to provision', 'do not have sufficient capacity', 'capacity is not available', 'InsufficientCapacityException', 'Glue is unable to provision'],
    match: ['The job run was not started: Insufficient capacity in the Availability Zone'],
    noMatch: ['ERROR rocket launch table is late'],
  },
  {
    id: 'node-lost', confidence: 0.93,
    says: ['Container released on a *lost* node', 'on a lost node', 'Exit status: -100', 'exitCode: -100', 'Node … became unhealthy', 'worker lost', 'Slave lost', 'spot instance interruption', 'Spot instance … terminat', 'instance was terminated', 'Container preempted', 'Preempted by', 'preempted by scheduler', 'Exit status: -102', 'decommissioned executor', 'executor decommission', 'executor is decommissioned', 'Unhealthy Node', 'Container expired since it was unused', 'Exit status: -106', 'host was lost', 'worker node is lost', 'Timed out node', 'NODE_LOST', 'spot instances were', 'SPOT_INSTANCE_TERMINATION', 'Host … lost', 'Node … has been lost', 'container lost'],
    match: ['ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Container from a bad node. Exit status: -100. Diagnostics: Container released on a *lost* node'],
    noMatch: ['ERROR XML node is missing its parent'],
  },
  {
    id: 'commit-conflict', confidence: 0.92,
    says: [
      'ConcurrentAppendException', 'ConcurrentDeleteReadException', 'ConcurrentDeleteDeleteException', 'ConcurrentWriteException', 'ConcurrentTransactionException', 'MetadataChangedException', 'ProtocolChangedException', 'CommitFailedException', 'CommitStateUnknownException', 'by a concurrent update', 'by a concurrent',
      'DELTA_CONCURRENT', 'DELTA_METADATA_CHANGED', 'DELTA_PROTOCOL_CHANGED', 'stale table metadata', 'Found conflicting files', 'HoodieWriteConflictException', 'Cannot resolve conflicts for overlapping writes', 'ICEBERG_COMMIT_ERROR', 'TransactionConflict', 'TransactionInProgressException', 'TransactionCanceledException', 'ConditionalCheckFailed', '*LockException', 'Unable to acquire lock', 'Serializable isolation violation', 'another transaction', 'another concurrent', 'concurrent transaction', 'concurrent modification', 'detected concurrent update', 'Requirement failed: branch', 'WaitingForLockException', 'conflicting concurrent', 'OptimisticLock', 'ResourceConcurrentModification',
    ],
    unless: ['java.util.concurrentmodificationexception'],
    match: ['org.apache.iceberg.exceptions.CommitFailedException: Cannot commit glue_catalog.db.t because Glue detected concurrent update'],
    noMatch: ['ERROR commit message is too long'],
  },
  {
    id: 'database-deadlock', confidence: 0.92,
    says: ['deadlock detected', 'Deadlock found when trying to get lock', 'was deadlocked on', 'Lock wait timeout exceeded', 'ORA-00060', 'could not serialize access', 'could not obtain lock', 'due to lock timeout', 'lock request time out', 'deadlock victim', 'ORA-00054', 'due to conflict with recovery', 'ORA-08177', 'DeadlockDetected', 'SerializationFailure', 'LockNotAvailable', 'AdminShutdown', 'terminating connection due to administrator command'],
    match: ['com.mysql.cj.jdbc.exceptions.MySQLTransactionRollbackException: Deadlock found when trying to get lock; try restarting transaction'],
    noMatch: ['ERROR column deadlock_count is not numeric'],
  },
  {
    id: 'sqlstate-rollback', confidence: 0.85,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}(?:40|57P0[123])",
    match: ['Statement refused. SQLSTATE: 40001'],
    noMatch: ['ERROR SQLSTATE: 42601'],
  },
  {
    id: 'object-changed-while-read', confidence: 0.85,
    says: ['RemoteFileChangedException', 'Change reported by S3', 'PreconditionFailed', 'pre-conditions you specified did not hold', 'Incorrect fileSize', 'InvalidRange', 'requested range is not satisfiable', 'ConditionalRequestConflict', 'OperationAborted', 'A conflicting conditional operation'],
    match: ['org.apache.hadoop.fs.s3a.RemoteFileChangedException: open `s3a://in/rates.csv`: Change reported by S3 during open at position 0'],
    noMatch: ['ERROR remote file name is empty'],
  },
  {
    id: 'reply-cut-off', confidence: 0.8,
    says: ['Failed to sanitize XML document', 'Failed to parse XML document with handler class', 'Premature end of Content-Length delimited message body', 'Premature EOF', 'Data read has a different length than the expected', 'Unable to verify integrity of data', 'Truncated chunk', 'IncompleteRead', 'ResponseStreamingError', 'IncompleteBody', 'Your socket connection to the server was not read from', 'Premature end of chunk', 'ConnectionClosedException: Premature', 'BadDigest', 'did not match the checksum'],
    match: ['com.amazonaws.SdkClientException: Data read has a different length than the expected: dataLength=8192; expectedLength=12000'],
    noMatch: ['ERROR XML document has no root'],
  },
  {
    id: 'hdfs-unavailable', confidence: 0.78,
    says: ['SafeModeException', 'Name node is in safe mode', 'StandbyException', 'BlockMissingException', 'Could not obtain block', 'RetriableException', 'LeaseExpiredException', 'AlreadyBeingCreatedException', 'NotReplicatedYetException', 'RegionTooBusyException', 'NotServingRegionException', 'NoServerForRegionException', 'NotLeaderForPartition', 'NotEnoughReplicas', 'LeaderNotAvailable', 'CoordinatorNotAvailable'],
    match: ['org.apache.hadoop.hdfs.server.namenode.SafeModeException: Cannot create file /x. Name node is in safe mode.'],
    noMatch: ['ERROR block size must be positive'],
  },
  {
    id: 'shuffle-fetch-failed', confidence: 0.72, symptom: true,
    says: ['FetchFailedException', 'MetadataFetchFailedException', 'Missing an output location for shuffle', 'FetchFailed(', 'BlockFetchException', 'Failed to fetch block', 'Failed to get block', 'has failed the maximum allowable number of times', 'Could not read data from block', 'Failed to get broadcast_', 'Error while fetching shuffle', 'Too many fetch-failures', 'Too many fetch failures', 'Error reading task output', 'Shuffle$ShuffleError', 'error in shuffle in fetcher', 'Exceeded MAX_FAILED_UNIQUE_FETCHES', 'Failed to send RPC', 'BlockSavedOnDecommissionedBlockManager', 'CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND', 'Block … not found in block manager'],
    match: ['org.apache.spark.shuffle.FetchFailedException: Failed to connect to ip-10-0-0-9.ec2.internal/10.0.0.9:7337'],
    noMatch: ['ERROR fetch size must be positive'],
  },
  {
    id: 'executor-lost', confidence: 0.68, symptom: true,
    says: ['ExecutorLostFailure', 'Remote RPC client disassociated', 'Executor heartbeat timed out', 'Lost executor', 'Exit status: 143', 'exit code 143', 'Exit code is 143', 'exitCode: 143', 'exited with code 143', 'no recent heartbeats', 'has been quiet for', 'Assuming connection is dead', 'Master removed our application', 'Connection from … closed', 'Still have … requests outstanding', 'RECEIVED SIGNAL TERM', 'Cannot receive any reply', 'RpcTimeoutException', 'RpcEnvStoppedException', 'Failed to register with the external shuffle', 'Unable to register with external shuffle', 'failed to report status for', 'Executor … exited', 'ExecutorDeadException', 'SIGTERM', 'Ray worker died', 'WorkerCrashedError', 'NodeDiedError', 'ActorDiedError', 'Killed by external signal', 'Removing executor'],
    unless: ['memory limits', 'oom', 'outofmemory', 'exceeding physical', 'idle', 'decommission finished'],
    match: ['ERROR YarnScheduler: Lost executor 5 on ip-10-0-0-3: Executor heartbeat timed out after 153251 ms'],
    noMatch: ['ERROR executor memory setting is malformed'],
  },
]);
