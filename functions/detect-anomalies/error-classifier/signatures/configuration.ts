/** The run was set up wrongly: arguments, modules, versions, settings, addresses. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const configuration = signaturesOf('configuration', [
  {
    id: 'argument-missing', confidence: 0.96,
    says: ['GlueArgumentError', 'the following arguments are required', 'unrecognized arguments', 'MissingArgument', 'required argument', 'argument … required', 'missing required parameter', 'Missing required parameter', 'ParamValidationError', 'Parameter validation failed', 'expected one argument', 'invalid choice:', 'error: argument', 'Missing required argument', 'Missing required option', 'Option … is required', 'required property', 'must be specified', 'must be set', 'is not set', 'not configured', 'key not found: '],
    unless: ['it must be specified manually', 'positional argument', 'schema for', 'schema must be specified'],
    match: ['GlueArgumentError: the following arguments are required: --JOB_NAME'],
    noMatch: ['ERROR an argument broke out in the review'],
  },
  {
    id: 'module-missing', confidence: 0.93,
    says: ['ModuleNotFoundError', 'No module named', 'ImportError', 'cannot import name', 'pip modules could not be installed', 'No matching distribution found', 'Could not find a version that satisfies', 'Could not install packages', 'pip install … failed', 'version conflict', 'is not a supported wheel', 'ResolutionImpossible', 'DistributionNotFound'],
    match: ['ModuleNotFoundError: No module named \'awswrangler\''],
    noMatch: ['ERROR module column is blank'],
  },
  {
    id: 'class-missing', confidence: 0.9,
    says: ['ClassNotFoundException', 'NoClassDefFoundError', 'NoSuchMethodError', 'NoSuchFieldError', 'AbstractMethodError', 'UnsupportedClassVersionError', 'IllegalAccessError', 'IncompatibleClassChangeError', 'InvalidClassException', 'local class incompatible', 'Failed to find data source', 'DATA_SOURCE_NOT_FOUND', 'No suitable driver', 'Could not find or load main class', 'No FileSystem for scheme', 'UnsupportedFileSystemException', 'ServiceConfigurationError', 'LinkageError', 'UnsatisfiedLinkError', 'unresolved dependency', 'package … not found', 'Multiple sources found for', 'Provider … could not be instantiated', 'not a subtype', 'ExceptionInInitializerError', 'VerifyError', 'Failed to load class', 'does not export', 'Failed to load format', 'is not a valid Spark SQL Data Source', 'Unsupported major.minor version', 'InaccessibleObjectException', 'IllegalAccessException', 'scala.Predef', 'Failed to register classes with Kryo', 'Unable to make … accessible'],
    match: ['java.lang.ClassNotFoundException: Failed to find data source: delta.'],
    noMatch: ['ERROR class column must be a word'],
  },
  {
    id: 'runtime-version', confidence: 0.93,
    says: ['Python in worker has different version', 'PYSPARK_PYTHON', 'Python worker failed to connect back', 'Unsupported Java', 'Java gateway process exited', 'JAVA_HOME is not set', 'Python worker exited unexpectedly', 'Cannot run program "python', 'requires Python', 'unsupported Glue version', 'GlueVersion', 'Spark version … not', 'Unsupported runtime'],
    match: ['RuntimeError: Python in worker has different version 3.10 than that in driver 3.7, PySpark cannot run with different minor versions.'],
    noMatch: ['ERROR python is a snake in this table'],
  },
  {
    id: 'region-endpoint', confidence: 0.92,
    says: ['Unable to find a region', 'You must specify a region', 'NoRegionError', 'PermanentRedirect', 'permanent redirect', 'must be addressed using the specified endpoint', 'AuthorizationHeaderMalformed', 'Status Code: 301', 'Error Code: 400 Bad Request', 'IllegalLocationConstraint', 'bucket is in this region', 'is wrong; expecting', 'Invalid endpoint', 'Status Code: 400; Error Code: 400', '400 Bad Request'],
    match: ['botocore.exceptions.NoRegionError: You must specify a region.'],
    noMatch: ['ERROR region column holds blanks'],
  },
  {
    id: 'setting-invalid', confidence: 0.82,
    says: ['InvalidInputException', 'ValidationException', 'Invalid configuration', 'invalid value for', 'Cannot modify the value of', 'CANNOT_MODIFY_CONFIG', 'Unable to parse URL', 'JDBC URL', 'Malformed URL', 'MalformedURLException', 'URISyntaxException', 'Illegal character in', 'Wrong FS', 'UnsupportedOperationException: Not implemented by', 'is not supported', 'Unsupported', 'unknown option', 'invalid option', 'ConfigException', 'ConfigurationError', 'ConfigValidationError', 'is configured for', 'missing projection configuration', 'Connection with name', 'Connection … not found', 'Could not find connection', 'subnet does not have enough free addresses', 'not enough free addresses', 'InsufficientFreeAddressesInSubnet', 'InvalidSubnet', 'InvalidSecurityGroup', 'DRIVER_NOT_FOUND', 'Only one SparkContext', 'Cannot run multiple SparkContexts', 'SparkContext should only be created', 'MountRootFileSystem', 'Invalid bucket name', 'Bucket name', 'InvalidArgumentException', 'bad substitution', 'Required executor memory', 'is above the max threshold', 'Invalid Spark', 'InvalidResourceRequestException', 'System memory … must be at least', 'Secrets Manager can\'t find the specified secret', 'script … not found', 'Error Category: INVALID_ARGUMENT_ERROR', 'requires enabling', 'is not enabled', 'extension … DELTA', 'DELTA_CONFIGURE_SPARK_SESSION', 'HIVE_METASTORE_ERROR', 'Worker type', 'MaxCapacity', 'Unable to instantiate', 'Unsupported catalog', 'Catalog … not found', 'CATALOG_NOT_FOUND', 'Cannot find catalog plugin'],
    unless: ['unsupported utf', 'unsupported data type', 'unsupported type', 'input path', 'input pattern', 'unsupported literal'],
    match: ['java.lang.IllegalArgumentException: Wrong FS: s3://lake, expected: hdfs://ip-10-0-0-1:8020'],
    noMatch: ['ERROR the settings page is blank'],
  },
]);
