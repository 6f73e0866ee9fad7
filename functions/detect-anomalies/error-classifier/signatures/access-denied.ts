/** Someone may not do what the run does: IAM, Lake Formation, S3, KMS, databases, tokens and passwords. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const accessDenied = signaturesOf('access_denied', [
  {
    id: 'aws-access-denied', confidence: 0.95,
    says: ['*AccessDeniedException', 'AccessDenied', 'Access Denied', 'Access is denied', 'is not authorized to perform', 'not authorized to', 'Not authorized', 'UnauthorizedOperation', '*UnauthorizedException', 'is unauthorized', 'Status Code: 403', 'status code 403', '403 Forbidden', 'HTTP 403', '(403)', '403 Client Error', 'Forbidden', 'error 403', 'UnauthorizedAccess', 'explicit deny', 'no identity-based policy', '*AuthorizationException', 'AuthorizationError', 'NotAuthorized', 'AllAccessDisabled', 'insufficient privileges', 'Insufficient Permissions', 'Insufficient permission', 'does not have sufficient permission', 'missing permission', 'lacks permission', 'do not have permission', 'does not have permission', 'doesn\'t have permission', 'no permission', 'is not allowed to', 'not permitted', 'Failed to call ec2:', 'Unable to verify existence of default database', 'AccountProblem', 'InsufficientPermissions', 'Access to … denied', 'access was denied'],
    unless: ['not allowed to have', 'operation not permitted'],
    match: ['botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied'],
    noMatch: ['ERROR access log is full of blanks'],
  },
  {
    id: 'lake-formation-permission', confidence: 0.97,
    says: ['Insufficient Lake Formation permission', 'Lake Formation … permission', 'Lake Formation … not granted', 'lakeformation:GetDataAccess', 'Principal does not have any privilege', 'PERMISSION_DENIED', 'PermissionDenied', 'Permission denied on', 'Required privileges', 'INSUFFICIENT_PERMISSIONS', 'INSUFFICIENT_TABLE_PROPERTY', 'HIVE_METASTORE_ERROR … denied', 'Unable to verify/create output bucket', 'Lake Formation error'],
    match: ['AccessDeniedException: Insufficient Lake Formation permission(s): Required Select on orders'],
    noMatch: ['ERROR formation of the lake table is unknown'],
  },
  {
    id: 'assume-role', confidence: 0.96,
    says: ['sts:AssumeRole', 'iam:PassRole', 'is not authorized to assume', 'should be given assume role permissions', 'unable to assume role', 'cannot be assumed', 'could not assume role', 'Not authorized to get credentials of role', 'when calling the AssumeRole operation', 'AssumeRoleWithWebIdentity', 'Failed to retrieve credentials', 'Role … is invalid or cannot be assumed', 'role … does not exist'],
    match: ['User: arn:aws:sts::111122223333:assumed-role/etl is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/x'],
    noMatch: ['ERROR role column must not be null here'],
  },
  {
    id: 'credentials-invalid', confidence: 0.94,
    says: ['ExpiredToken', 'The security token included in the request', 'InvalidAccessKeyId', 'Access Key Id you provided does not exist', 'SignatureDoesNotMatch', 'request signature we calculated does not match', 'InvalidClientTokenId', 'UnrecognizedClientException', 'provided token has expired', 'token has expired', 'token is expired', 'token expired', 'TokenRefreshRequired', 'InvalidToken', 'RequestExpired', 'RequestTimeTooSkewed', 'security token … expired', 'failed validation … token', 'token … failed validation', 'JWT token', 'Status Code: 401', 'status code 401', 'HTTP 401', '401 Unauthorized', '401 Client Error', 'Unauthorized', 'error 401', 'Invalid credentials', 'bad credentials', 'GSSException', 'Kerberos', 'LoginException', 'NoCredentialsError', 'PartialCredentialsError', 'Unable to locate credentials', 'NoAuthWithAWSException', 'No AWS Credentials provided', 'Unable to load AWS credentials', 'Unable to load credentials from any', 'CredentialRetrievalError', '*AuthenticationException', 'authentication failed', 'authentication failure', 'Authentication required', 'AuthenticationFailed', 'AuthenticationError', 'Authentication unsuccessful', 'error authenticating', 'Exception authenticating', 'invalid_grant', 'invalid_client', 'Delegation token', 'DELEGATION_TOKEN', 'Invalid API key', 'Invalid access token', 'expired credentials', 'credentials have expired', 'credential … expired', 'AADSTS', 'could not authenticate', 'must be authenticated', 'must be logged in', 'requires authentication', 'login required', 'gated dataset', 'gated repo', 'Failed to authenticate', 'Invalid login', 'SASL authentication', 'SaslException', 'Client cannot authenticate via'],
    match: ['com.amazonaws.services.s3.model.AmazonS3Exception: The provided token has expired. (Service: Amazon S3; Status Code: 400; Error Code: ExpiredToken)'],
    noMatch: ['ERROR tokeniser met an odd number of quotes'],
  },
  {
    id: 'database-login', confidence: 0.96,
    says: ['password authentication failed', 'Access denied for user', 'Login failed', 'Cannot open database … requested by the login', 'ORA-01017', 'ORA-01031', 'ORA-01045', 'ORA-28000', 'ORA-28001', 'ORA-28009', 'permission denied for', 'no pg_hba.conf entry', 'Incorrect username or password', 'must be owner of', 'permission was denied', 'command denied to user', 'account is locked', 'invalid username', 'InvalidAuthorizationSpecification', 'InsufficientPrivilege', 'Password did not match', 'insufficient privilege', 'SQL access control error', 'Host … is not allowed to connect', 'Host … is blocked', 'User not found', 'role … is not permitted to log in', 'user name or password', 'username or password', 'wrong password', 'invalid password', 'password … expired', 'User account is', 'IP address … not allowed'],
    match: ['org.postgresql.util.PSQLException: FATAL: password authentication failed for user "etl"'],
    noMatch: ['ERROR user table is locked by a batch'],
  },
  {
    id: 'sqlstate-access', confidence: 0.85,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}(?:28|42501)",
    match: ['Statement refused. SQLSTATE: 28P01'],
    noMatch: ['ERROR SQLSTATE: 42601'],
  },
  {
    id: 'kms-denied', confidence: 0.96,
    says: ['KMS.AccessDenied', 'kms:Decrypt', 'kms:GenerateDataKey', 'KMSInvalidStateException', 'KMSInvalidState', 'KMS.DisabledException', 'KMS … DisabledException', 'KMSAccessDenied', 'customer master key that does not exist', 'is pending deletion', 'does not allow access to the key', 'key … is disabled'],
    match: ['AmazonS3Exception: User: arn:aws:sts::1:assumed-role/x is not allowed kms:Decrypt on this key'],
    noMatch: ['ERROR the key of the map is unset'],
  },
  {
    id: 'file-permission', confidence: 0.9,
    says: ['PermissionError', 'Permission denied', '*AccessControlException', 'Operation not permitted', 'EACCES', 'should be writable', 'Mkdirs failed to create', 'is not writable', 'Read-only file system', 'MultiObjectDeleteException', 'could not be deleted', 'CANNOT_RESTORE_PERMISSIONS'],
    match: ['org.apache.hadoop.security.AccessControlException: Permission denied: user=etl, access=WRITE, inode="/data":hdfs:supergroup:drwxr-xr-x'],
    noMatch: ['ERROR permission bits column is null'],
  },
  {
    id: 'some-security-exception', confidence: 0.58,
    says: ['*SecurityException', '*PermissionException', '*PermissionsException', '*PermissionDeniedException', '*ForbiddenException', '*CredentialsException', '*CredentialException', '*AuthException', '*AuthError', 'Operation is denied', 'request was denied', 'has been denied', 'is denied', 'was denied'],
    unless: ['instruction file', 'range get'],
    match: ['org.example.sink.VaultPermissionException: write'],
    noMatch: ['ERROR the security column is blank'],
  },
]);
