/** Lines that sound like failures and are none: the job goes on, or has already done its work. */

export interface HarmlessLine {
  readonly says: readonly string[];
  readonly why: string;
  /** The stack trace printed below such a line is harmless too. */
  readonly withTrace?: true;
}

// biome-ignore format: lists of phrases
export const HARMLESS_LINES: readonly HarmlessLine[] = [
  {
    why: 'Only events for the Spark UI are lost.',
    withTrace: true,
    says: [
      'Dropping SparkListenerEvent', 'Dropped … SparkListenerEvents', 'Dropping event from queue', 'Dropped … events from',
      'LiveListenerBus: Listener … threw an exception', 'SparkListenerBus has already stopped', 'AsyncEventQueue: Listener',
    ],
  },
  {
    why: 'A web page was asked for in a way that the UI does not serve.',
    says: ['Web App Exception Occurred', 'HTTP 405 Method Not Allowed', 'Service \'SparkUI\' could not bind', 'could not bind on port … Attempting port'],
  },
  {
    why: 'Native libraries are optional.',
    says: [
      'Unable to load native-hadoop library', 'Could not load native gpl library', 'Cannot load native-lzo', 'Failed to load implementation from',
      'libhadoop cannot be loaded', 'Failed to load native Hadoop', 'short-circuit local reads feature cannot be used',
    ],
  },
  {
    why: 'The logging set-up is incomplete; nothing else is.',
    says: [
      'Failed to load class "org.slf4j', 'Failed to load class org.slf4j', 'SLF4J: Class path contains multiple', 'log4j:WARN', 'log4j:ERROR',
      'Failed to instantiate SLF4J', 'SLF4J: ', 'ERROR StatusLogger', 'Unable to initialize appender', 'Failed to delete log', 'RollingFileAppender',
    ],
  },
  {
    why: 'The metastore is new, or is asked for a database that may be missing.',
    says: [
      'Failed to get database', 'Version information not found in metastore', 'Failed to get schema version', 'ObjectStore: Version information',
      'returning NoSuchObjectException', 'HiveConf of name … does not exist', 'Location … specified for non-external table',
      'Unrecognized Hadoop major version',
    ],
  },
  {
    why: 'Clean-up at the end of a run.',
    withTrace: true,
    says: [
      'Exception while deleting Spark temp dir', 'Failed to delete: …spark-', 'Selector thread was interrupted', 'Failed to remove broadcast',
      'Failed to remove RDD', 'Failed to remove shuffle', 'Error cleaning broadcast', 'Could not delete temporary', 'Ignoring non-Spark',
      'SparkContext already stopped', 'Exception while closing', 'RpcEnv already stopped', 'Error stopping', 'Failed to clean up',
      'Driver terminated or disconnected! Shutting down', 'Cancelling stage', 'Not expecting this exception during shutdown',
    ],
  },
  {
    why: 'HDFS clients read another replica.',
    withTrace: true,
    says: [
      'Got exception while serving', 'DFSClient: Slow ReadProcessor', 'Slow waitForAckedSeqno', 'I/O error constructing remote block reader',
      'Failed to connect to … for block, add to deadNodes', 'Failed to connect to … for file … add to deadNodes', 'Caught exception … closeResponder',
      'DataXceiver … Broken pipe', 'Slow BlockReceiver', 'PacketResponder … Exception',
    ],
  },
  {
    why: 'A cache or metrics source is not there; the job does without.',
    withTrace: true,
    says: [
      'Asked to cache already cached data', 'Failed to flush metrics', 'Failed to publish metrics', 'Could not find CoarseGrainedScheduler',
      'Exception when fetching metrics', 'Failed to fetch spark metrics', 'Unable to load credentials from service endpoint',
      'Failed to connect to service endpoint', 'Error retrieving metadata from IMDS', 'EC2MetadataUtils',
    ],
  },
  {
    why: 'Executors come and go with dynamic allocation.',
    says: [
      'Executor … has been idle', 'Lost executor … idle', 'Lost executor … decommission', 'Executor killed by driver', 'killed by driver',
      'TaskKilled (another attempt succeeded)', 'another attempt succeeded', 'Requesting to kill executor', 'Container released by application',
      'Ignored failure', 'failed to kill',
    ],
  },
  {
    why: 'A hint of how to do better.',
    says: [
      'DeprecationWarning', 'FutureWarning', 'UserWarning', 'SettingWithCopyWarning', 'ResourceWarning', 'PerformanceWarning', 'InsecureRequestWarning',
      'No Partition Defined for Window operation', 'Truncated the string representation of a plan', 'Total allocation exceeds', 'Scaling row group',
      'is deprecated', 'WARNING: Running pip as', 'Stage … contains a task of very large size', 'An illegal reflective access operation',
      'Illegal reflective access', 'Consider reporting this to the maintainers', 'Running as root', 'This may indicate an error',
      'Neither spark.yarn.jars nor', 'is not set, falling back', 'Same path resource', 'dependency resolver does not currently take into account',
      'XX:OnOutOfMemoryError', 'XX:+', 'Cannot locate configuration: tried hadoop-metrics2', 'ignore cleanup failures', 'Failed to check whether UseCompressedOops',
      'NoSuchMethodException was thrown when disabling normalizeUri', 'Assume no metadata directory', 'Can not initialize counter', 'Not all bytes were read from the S3ObjectInputStream',
      'CSV header does not conform', 'This class should not accessed in runtime', 'Exception when trying to compute pagesize', 'To enable non-built-in garbage collector',
      'Attempted to request executors before the AM has registered', 'Range gets do not provide', 'legacy encryption modes', 'invoked the Syncable API',
      'Using standard FileOutputCommitter', 'command-line option parsing not performed', 'has been deprecated', 'ConditionalCheckFailedException … expected', 'replicated to only',
      'BLAS', 'LAPACK', 'WARNING: Use --illegal-access', 'All illegal access operations will be denied',
    ],
  },
];
