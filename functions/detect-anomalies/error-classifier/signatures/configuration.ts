/** The run was set up wrongly: arguments, modules, versions, settings, addresses. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const configuration = signaturesOf('configuration', [
  {
    id: 'argument-missing', confidence: 0.96,
    says: ['GlueArgumentError', 'the following arguments are required', 'unrecognized arguments', 'Missing required', 'missing a required', 'required argument', 'required parameter', 'required property', 'required option', 'argument … required', 'option … is required', 'parameter … is required', 'property … is required', 'ParamValidationError', 'Parameter validation failed', 'expected one argument', 'expected at least one argument', 'invalid choice:', 'error: argument', 'is required for this', 'environment variable … not set', 'variable … is not set', 'variable … must be set', 'Unrecognized option', 'Unknown option', 'unknown parameter', 'Unexpected argument', 'No such option', 'must provide', 'must specify', 'You must either', 'Please specify', 'please provide', 'not specified', 'is not specified', 'not provided', 'Missing option', 'missing parameter', 'missing argument', 'MissingArgument', 'missing configuration', 'missing property', 'missing setting', 'missing environment', 'key not found: location', 'key not found: path', 'key not found: connection'],
    unless: ['it must be specified manually', 'positional argument', 'schema for', 'specify a region', 'schema must be specified', 'json parse', 'missing required field', 'missing required column', 'required columns', 'required keys was not'],
    match: ['GlueArgumentError: the following arguments are required: --JOB_NAME'],
    noMatch: ['ERROR an argument broke out in the review'],
  },
  {
    id: 'module-missing', confidence: 0.94,
    says: ['ModuleNotFoundError', 'No module named', 'ImportError', 'cannot import name', 'pip modules could not be installed', 'No matching distribution found', 'Could not find a version that satisfies', 'Could not install packages', 'pip install … failed', 'version conflict', 'VersionConflict', 'is not a supported wheel', 'ResolutionImpossible', 'DistributionNotFound', 'Failed building wheel', 'PackageNotFoundError', 'Failed to build', 'Error relocating', 'cannot open shared object file', 'undefined symbol', 'GLIBC', 'Missing optional dependency', 'Module … not found', 'library … not found', 'library not found', 'numpy.dtype size changed', 'numpy.ufunc size changed', 'compiled against', 'is not installed', 'pyarrow … must be installed', 'must be installed', 'Error: installing', 'subprocess-exited-with-error', 'externally-managed'],
    match: ['ModuleNotFoundError: No module named \'awswrangler\''],
    noMatch: ['ERROR module column is blank'],
  },
  {
    id: 'class-missing', confidence: 0.93,
    says: ['ClassNotFoundException', 'NoClassDefFoundError', 'NoSuchMethodError', 'NoSuchMethodException', 'NoSuchFieldError', 'AbstractMethodError', 'UnsupportedClassVersionError', 'IllegalAccessError', 'IncompatibleClassChangeError', 'InvalidClassException', 'local class incompatible', 'serialVersionUID', 'Failed to find data source', 'DATA_SOURCE_NOT_FOUND', 'No suitable driver', 'Could not find or load main class', 'No FileSystem for scheme', 'UnsupportedFileSystemException', 'Scheme … is not supported', 'ServiceConfigurationError', 'LinkageError', 'UnsatisfiedLinkError', 'unresolved dependency', 'unresolved dependencies', 'Multiple sources found for', 'could not be instantiated', 'not a subtype', 'ExceptionInInitializerError', 'VerifyError', 'Failed to load class', 'Failed to load driver', 'does not export', 'does not implement', 'logical.… cannot be cast to', 'delta.… cannot be cast to', 'in unnamed module of loader', 'is not a valid Spark SQL Data Source', 'Unsupported major.minor version', 'InaccessibleObjectException', 'IllegalAccessException', 'Failed to register classes with Kryo', 'Class is not registered', 'accessible: module', 'Class … not found', 'CANNOT_LOAD_FUNCTION_CLASS', 'CANNOT_LOAD_CLASS', 'does not exist in the JVM', 'JavaPackage', 'Cannot load class', 'Unable to load class', 'cannot find class', 'Error loading class', 'Could not load', 'jar … does not exist', 'file … .jar', 'JAR … not found', 'assigning instance of', 'version … is not compatible', 'cannot communicate with client version', 'incompatible Jackson version', 'requires Jackson', 'Driver class not found', 'Provider … not found', 'DRIVER_NOT_FOUND', 'Unable to create input format', 'serde … not found', 'Unable to load native', 'ServiceLoader', 'NoSuchElementException: spark.', 'Wrong class'],
    unless: ['could not load value'],
    match: ['java.lang.ClassNotFoundException: com.mysql.cj.jdbc.Driver'],
    noMatch: ['ERROR class column must be a word'],
  },
  {
    id: 'runtime-version', confidence: 0.94,
    says: ['Python in worker has different version', 'PYTHON_VERSION_MISMATCH', 'PYSPARK_PYTHON', 'Python worker failed to connect back', 'Unsupported Java', 'Java gateway process exited', 'JAVA_HOME', 'SPARK_HOME', 'HADOOP_HOME', 'winutils', 'Cannot run program', 'requires Python', 'requires Java', 'unsupported Glue version', 'GlueVersion', 'Unsupported runtime', 'Unsupported version', 'newer version of', 'requires a higher', 'UnsupportedTableFeature', 'InvalidProtocolVersion', 'DELTA_INVALID_PROTOCOL', 'DELTA_UNSUPPORTED', 'unsupported Delta', 'unsupported class file', 'python3: command not found', 'command not found', 'bad interpreter', 'exec format error', 'No such file or directory: \'python', 'does not support … version', 'version mismatch', 'is not supported by this version', 'not supported in Spark', 'JNI error', 'Could not create the Java Virtual Machine', 'Unrecognized VM option', 'Invalid maximum heap size', 'Invalid initial heap size', 'Conflicting collector'],
    match: ['RuntimeError: Python in worker has different version 3.10 than that in driver 3.7, PySpark cannot run with different minor versions.'],
    noMatch: ['ERROR python is a snake in this table'],
  },
  {
    id: 'region-endpoint', confidence: 0.94,
    says: ['Unable to find a region', 'You must specify a region', 'NoRegionError', 'PermanentRedirect', 'permanent redirect', 'must be addressed using the specified endpoint', 'AuthorizationHeaderMalformed', 'authorization header is malformed', 'Status Code: 301', 'IllegalLocationConstraint', 'is wrong; expecting', 'Invalid endpoint', 'endpoint … is not valid', 'Error Code: 400 Bad Request', '400 Bad Request', 'region … does not match', 'invalid region', 'Unknown region', 'region … is not supported', 'not available in this region', 'different region', 'wrong region', 'UnknownEndpointError', 'incorrect region', 'Could not find endpoint', 'InvalidRegion', 'InvalidEndpoint'],
    match: ['botocore.exceptions.NoRegionError: You must specify a region.'],
    noMatch: ['ERROR region column holds blanks'],
  },
  {
    id: 'kms-key-setting', confidence: 0.96,
    says: ['KMS.NotFoundException', 'kms.model.NotFoundException', 'IncorrectKeyException', 'InvalidKeyUsageException', 'Invalid keyId', 'Invalid arn', 'asymmetric CMK', 'Instruction file not found', 'Range get support has been disabled', 'encryption key … does not match', 'SSE-C', 'ServerSideEncryptionConfigurationNotFound'],
    match: ['com.amazonaws.services.kms.model.NotFoundException: Invalid keyId abc (Service: AWSKMS; Status Code: 400)'],
    noMatch: ['ERROR the door key is lost'],
  },
  {
    id: 'network-setup', confidence: 0.95,
    says: ['does not have enough free addresses', 'not enough free addresses', 'free IP addresses', 'InsufficientFreeAddressesInSubnet', 'insufficient IP', 'no available IP', 'out of IP addresses', 'elastic network interface', 'NetworkInterfaceLimit', 'InvalidSubnet', 'InvalidSubnetID', 'subnet … does not exist', 'Could not find subnet', 'InvalidSecurityGroup', 'InvalidGroup.NotFound', 'security group … does not exist', 'failed after 16 retries', 'BindException', 'Address already in use', 'Cannot assign requested address', 'InvalidVpc'],
    match: ['The specified subnet does not have enough free addresses to satisfy the request.'],
    noMatch: ['ERROR address column is blank'],
  },
  {
    id: 'connection-name', confidence: 0.93,
    says: ['Connection with name', 'Connection … not found', 'connection … does not exist', 'Could not find connection', 'Secrets Manager can\'t find', 'secret … not found', 'secret … does not exist', 'when calling the GetSecretValue operation', 'SecretNotFound', 'No connection named', 'Unable to parse URL', 'Unable to parse JDBC', 'JDBC URL must', 'Invalid JDBC URL', 'invalid connection string', 'ORA-12154', 'Public Key Retrieval is not allowed', 'server time zone value', 'parameter group', 'Unknown initial character set', 'Unsupported authentication', 'authentication type … is not supported', 'Must be of the format'],
    unless: ['access to kms is not allowed', 'accessdenied'],
    match: ['An error occurred while calling o91.getSource. Connection with name crm-mysql in account 111122223333 is not found'],
    noMatch: ['ERROR the connection column is blank'],
  },
  {
    id: 'setting-invalid', confidence: 0.9,
    says: ['Invalid configuration', 'Invalid input to', 'invalid config', 'CANNOT_MODIFY_CONFIG', 'Cannot modify the value of', 'INVALID_CONF', 'Malformed URL', 'MalformedURLException', 'URISyntaxException', 'Illegal character in', 'Wrong FS', 'Invalid S3 URI', 'Invalid URI', 'Not a file:', 'InvalidPathException', 'Can not create a Path from', 'Cannot create a path from', 'Relative path in absolute URI', '*ConfigException', 'ConfigurationError', 'ConfigurationException', 'ConfigError', 'NoSectionError', 'NoOptionError', 'configured for partition projection', 'projection configuration', 'INVALID_TABLE_PROPERTY', 'Only one SparkContext', 'Cannot run multiple SparkContexts', 'MountRootFileSystem', 'Invalid bucket name', 'InvalidBucketName', 'Bucket name … must', 'bad substitution', 'above the max threshold', 'Invalid Spark', '*InvalidResourceRequestException', 'System memory … must be at least', 'Executor memory … must be at least', 'A master URL must be set', 'Could not parse Master URL', 'Invalid master', 'DELTA_CONFIGURE_SPARK_SESSION', 'requires the SparkSession to be configured', 'Unsupported catalog', 'Catalog … not found', 'CATALOG_NOT_FOUND', 'Cannot find catalog plugin', 'INVALID_CATALOG', 'Unable to instantiate', 'Cannot initialize', 'REQUIRES_SINGLE_PART_NAMESPACE', 'spark_catalog', 'not configured', 'is not configured', 'is misconfigured', 'misconfiguration', 'configuration error', 'is not enabled', 'must be enabled', 'is disabled', 'FileAlreadyExistsException', 'Output directory … already exists', 'path … already exists', 'PATH_ALREADY_EXISTS', 'Output path … already', 'Table … already exists', 'TABLE_OR_VIEW_ALREADY_EXISTS', 'AlreadyExistsException', 'BucketAlreadyExists', 'already exists', 'NoVersionAttributeException', 'URI contains login details', 'Unknown codec', 'CODEC_NOT_AVAILABLE', 'Unsupported codec', 'compression codec', 'Unsupported compression', 'Unsupported format', 'Unknown format', 'unsupported file format', 'UNSUPPORTED_DATASOURCE', 'Unsupported connection type', 'Unsupported connectionType', 'unsupported scheme', 'unknown scheme', 'YAMLError', 'ScannerError', 'invalid cron', 'InvalidParameterValue', 'InvalidParameterException', 'InvalidArgument', 'Invalid argument', 'Invalid parameter', 'Invalid property', 'Invalid option', 'invalid value for', 'Invalid setting', 'Config conflict', 'INVALID_OPTIONS', 'INVALID_SETTING', 'Unsupported worker type', 'Invalid worker', 'Worker type … not', 'script … not found', 'ScriptLocation', 'partition spec exists', 'Output directory not set', 'not a valid DFS filename', 'INVALID_ARGUMENT_VALUE', 'INVALID_CONFIG', 'Timeout must be', 'bookmark … not', 'temporary directory … specified', 'redshiftTmpDir', 'manifest … not', 'IAM role … not', 'is not a valid value for'],
    unless: ['not a string or column', 'field … already exists', 'column already exists', 'argument value', 'duplicate column', 'requirement failed'],
    match: ['java.lang.IllegalArgumentException: Wrong FS: s3://lake, expected: hdfs://ip-10-0-0-1:8020'],
    noMatch: ['ERROR the settings page is blank'],
  },
  {
    id: 'request-refused', confidence: 0.72,
    says: ['*InvalidInputException', 'ValidationException', 'ValidationError', 'InvalidRequestException', 'InvalidRequest', 'BadRequestException', 'Bad Request', 'InvalidParameterCombination', 'InvalidDocument'],
    match: ['botocore.exceptions.ClientError: An error occurred (ValidationException) when calling the StartJobRun operation'],
    noMatch: ['ERROR request column is blank'],
  },
  {
    id: 'not-supported', confidence: 0.6,
    says: ['is not supported', 'are not supported', 'not supported', 'Unsupported', 'not implemented', 'UNSUPPORTED_FEATURE', 'FEATURE_NOT_SUPPORTED', 'does not support', 'doesn\'t support', 'SQLFeatureNotSupportedException'],
    unless: ['unsupported utf', 'unsupported data type', 'unsupported type', 'unsupported literal', 'unsupportedoperationexception', 'unsupported operand', 'unsupported cast', 'unsupported format character', 'multibyte character not supported'],
    match: ['ERROR: The table format v9 is not supported here'],
    noMatch: ['ERROR the support column is blank'],
  },
  {
    id: 'format-not-loaded', confidence: 0.6, symptom: true,
    says: ['Failed to load format', 'Unable to load format', 'Error while instantiating', 'Error loading script', 'invalid script'],
    match: ['An error occurred while calling o1.pyWriteDynamicFrame. Failed to load format with name orc'],
    noMatch: ['ERROR the format column is blank'],
  },
]);
