/** The run wanted more than it had: memory, disk, result size, stack, connections, quota, time on a broadcast. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const resourceExhaustion = signaturesOf('resource_exhaustion', [
  {
    id: 'jvm-out-of-memory', confidence: 0.97,
    says: ['OutOfMemoryError', 'Java heap space', 'GC overhead limit exceeded', 'Requested array size exceeds VM limit', 'unable to create new native thread', 'unable to create native thread', 'Direct buffer memory', 'OutOfDirectMemoryError', 'insufficient memory for the Java Runtime', 'SparkOutOfMemoryError', 'UNABLE_TO_ACQUIRE_MEMORY', 'Unable to acquire … bytes of memory', 'Native memory allocation … failed', 'STATE_STORE_OUT_OF_MEMORY', 'Size exceeds Integer.MAX_VALUE', 'Too large frame', 'Too large broadcast', 'Cannot grow BufferHolder', '_PROVIDER_OUT_OF_MEMORY', 'AGGREGATE_OUT_OF_MEMORY'],
    match: ['java.lang.OutOfMemoryError: Java heap space'],
    noMatch: ['ERROR heap file not sorted'],
  },
  {
    id: 'container-memory-limit', confidence: 0.97,
    says: ['killed by YARN for exceeding', 'exceeding memory limits', 'exceeding physical memory limits', 'exceeding virtual memory limits', 'running beyond physical memory limits', 'running beyond virtual memory limits', 'is running beyond … memory', 'Consider boosting spark', 'executor.memoryOverhead', 'GB physical memory used', 'Exit code is 137', 'exit code 137', 'exit code: 137', 'Exit status: 137', 'exitCode: 137', 'exited with code 137', 'exit status 137', 'returned non-zero exit status 137', 'OOMKilled', 'OOM killer', 'oom-kill', 'Out of memory: Kill', 'Killed process', 'exit code 52', 'Exit status: 52', 'exited with code 52', 'pmem-check', 'vmem-check', 'memory cgroup out of memory'],
    match: ['ExecutorLostFailure (executor 6 exited caused by one of the running tasks) Reason: Container killed by YARN for exceeding memory limits. 5.6 GB of 5.5 GB physical memory used.'],
    noMatch: ['ERROR the container has no memory of that order'],
  },
  {
    id: 'process-out-of-memory', confidence: 0.95,
    says: ['MemoryError', '*MemoryError', '*OutOfMemoryException', 'Cannot allocate memory', 'Unable to allocate … for an array', 'ArrowMemoryError', 'ArrowCapacityError', 'std::bad_alloc', 'out of memory', 'OutOfMemory', 'ran out of memory', 'low on memory', 'not enough memory', 'insufficient memory', 'exceeded memory limit', 'memory limit exceeded', 'EXCEEDED_MEMORY_LIMIT', 'EXCEEDED_LOCAL_MEMORY_LIMIT', 'EXCEEDED_GLOBAL_MEMORY_LIMIT', 'malloc of size … failed', 'Query exhausted resources', 'ORA-04030', 'ORA-04031', 'There is insufficient system memory', 'INSUFFICIENT_RESOURCES', 'Resource limit exceeded', 'memory usage threshold', 'ObjectStoreFullError', 'exceeded its memory limit', 'Memory limit … exceeded'],
    match: ['numpy.core._exceptions.MemoryError: Unable to allocate 5.96 GiB for an array with shape (800000000,) and data type float64'],
    noMatch: ['ERROR memory map is read-only'],
  },
  {
    id: 'disk-full', confidence: 0.97,
    says: ['No space left on device', 'Not enough space to cache', 'Disk quota exceeded', 'disk is full', 'Disk Full', 'DiskOutOfSpace', 'ORA-01653', 'ORA-01654', 'ORA-01652', 'ORA-01688', 'ORA-01536', 'unable to extend', 'could not extend file', 'No local dirs', 'the device is full', 'Not enough disk space', 'insufficient disk space', 'out of disk space', 'local-dirs are bad', '*QuotaExceededException', 'space quota … exceeded', 'tablespace … is full', 'The transaction log for database', 'could not write to temporary file', 'The table … is full', 'Could not allocate space for object', 'Could not find any valid local directory', 'could only be replicated to 0 nodes', 'could only be written to 0', 'ENOSPC', 'There is not enough space on the disk', 'error while calling spill', 'ORA-01555', 'ORA-30036', 'ORA-00257', 'DISK_FULL', 'DiskFull'],
    match: ['java.io.IOException: No space left on device'],
    noMatch: ['ERROR no device with that serial number'],
  },
  {
    id: 'driver-result-size', confidence: 0.97,
    says: ['is bigger than spark.driver.maxResultSize', 'result size has exceeded maxResultSize', 'spark.driver.maxResultSize', 'which exceeds max allowed', 'spark.rpc.message.maxSize', 'spark.akka.frameSize', 'Buffer overflow. Available', 'kryoserializer.buffer.max', 'KRYO_BUFFER_OVERFLOW', 'Cannot broadcast the table', '_TableSize', 'Cannot broadcast … larger than', 'Not enough memory to build and broadcast', 'exceeds the maximum broadcast', 'ResponseSizeExceeded', 'exceeds the maximum result'],
    match: ['org.apache.spark.SparkException: Job aborted due to stage failure: Total size of serialized results of 31 tasks (1037.9 MB) is bigger than spark.driver.maxResultSize (1024.0 MB)'],
    noMatch: ['ERROR result is of the wrong size class'],
  },
  {
    id: 'broadcast-timeout', confidence: 0.9,
    says: ['Could not execute broadcast in', 'spark.sql.broadcastTimeout', 'EXECUTE_BROADCAST_TIMEOUT', 'Futures timed out after [300 seconds]', 'Timeout … broadcast'],
    match: ['org.apache.spark.SparkException: Could not execute broadcast in 300 secs. You can increase the timeout for broadcasts via spark.sql.broadcastTimeout'],
    noMatch: ['ERROR broadcast address is invalid'],
  },
  {
    id: 'stack-overflow', confidence: 0.92,
    says: ['StackOverflowError', 'RecursionError', 'maximum recursion depth exceeded', 'stack depth limit exceeded', 'grows beyond 64 KB', 'Too many levels of nesting', 'FAILED_TO_PARSE_TOO_COMPLEX', 'statement is too complex', 'stack overflow', 'Split metadata size exceeded', 'Statement size … exceeds', 'statement is too large'],
    match: ['java.lang.StackOverflowError'],
    noMatch: ['ERROR see the question on a public forum about stacks'],
  },
  {
    id: 'connection-pool-exhausted', confidence: 0.93,
    says: ['Timeout waiting for connection from pool', 'ConnectionPoolTimeoutException', 'too many connections', 'remaining connection slots are reserved', 'too many clients already', 'ORA-00018', 'ORA-00020', 'ORA-12516', 'ORA-12518', 'ORA-12519', 'ORA-12520', 'ORA-02391', 'maximum number of sessions', 'Connection is not available, request timed out', 'Too many open files', 'max_user_connections', 'TooManyConnections', 'connection limit exceeded', 'QueuePool limit', 'Connection pool is full', 'Acquire operation took longer than the configured maximum', 'ORA-01000', 'maximum open cursors exceeded', 'Cannot get a connection, pool', 'Pool … exhausted', 'maximum number of connections'],
    match: ['org.postgresql.util.PSQLException: FATAL: sorry, too many clients already'],
    noMatch: ['ERROR pool name is not connected'],
  },
  {
    id: 'aws-quota', confidence: 0.85,
    says: ['ResourceNumberLimitExceeded', 'exceeded maximum … DPU', 'exceeds the maximum number of DPU', 'exceeded your … quota', 'ServiceQuotaExceeded', 'quota exceeded', '*LimitExceededException', 'max concurrent DPU', 'VcpuLimitExceeded', 'Account has exceeded', 'HIVE_TOO_MANY_OPEN_PARTITIONS', 'HIVE_EXCEEDED_PARTITION_LIMIT', 'exceeds the partition limit', 'TooManyBuckets', 'max number of dynamic partitions', 'Number of dynamic partitions created', 'SizeLimitExceeded', 'RequestEntityTooLarge', 'EntityTooLarge', 'Request Entity Too Large', 'Payload Too Large', 'Initial job has not accepted any resources', 'Maximum DPU', 'QueryQueueFull'],
    unless: ['rate exceeded', 'retries exceeded', 'exceeded maximum retries'],
    match: ['ResourceNumberLimitExceededException: Failed to start job run: exceeded maximum DPU limit of the account'],
    noMatch: ['ERROR the quota table has no rows for today'],
  },
  {
    id: 'sqlstate-resources', confidence: 0.85,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}(?:53|54)",
    match: ['Statement refused. SQLSTATE: 53100'],
    noMatch: ['ERROR SQLSTATE: 42601'],
  },
  {
    id: 'some-limit-reached', confidence: 0.62,
    says: ['exceeded the limit', 'Exceeded limit', 'exceeds the memory', 'connection limit', 'storage limit', 'EXCEEDED_', 'exceeded the maximum number of', 'Metaspace', 'Too many bytes', 'storage is full', 'storage full', 'exceeded quota', 'pool exhausted', 'exceeds your account'],
    unless: ['rate exceeded', 'retries exceeded', 'deadline'],
    match: ['ERROR the account exceeded the limit of its plan'],
    noMatch: ['ERROR the limit column is blank'],
  },
]);
