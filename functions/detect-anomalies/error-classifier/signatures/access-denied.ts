/** Someone may not do what the run does: IAM, Lake Formation, S3, KMS, databases, tokens and passwords. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const accessDenied = signaturesOf('access_denied', [
  {
    id: 'aws-access-denied', confidence: 0.95,
    says: ['AccessDeniedException', 'AccessDenied', 'Access Denied', 'Access is denied', 'is not authorized to perform', 'not authorized to', 'UnauthorizedOperation', 'UnauthorizedException', 'Status Code: 403', 'status code 403', '403 Forbidden', 'HTTP 403', 'Forbidden', 'error 403', 'UnauthorizedAccess', 'authorization failed', 'explicit deny', 'no identity-based policy', 'AuthorizationError', 'NotAuthorized', 'AllAccessDisabled', 'insufficient privileges', 'Insufficient Permissions'],
    match: ['botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied'],
    noMatch: ['ERROR access log is full of blanks'],
  },
  {
    id: 'lake-formation-permission', confidence: 0.97,
    says: ['Insufficient Lake Formation permission', 'Lake Formation … not granted', 'Required … on … Lake Formation', 'lakeformation:GetDataAccess', 'Principal does not have any privilege', 'PERMISSION_DENIED', 'Permission denied on'],
    match: ['AccessDeniedException: Insufficient Lake Formation permission(s): Required Select on orders'],
    noMatch: ['ERROR formation of the lake table is unknown'],
  },
  {
    id: 'assume-role', confidence: 0.95,
    says: ['sts:AssumeRole', 'iam:PassRole', 'is not authorized to assume', 'Role … should be given assume role permissions', 'unable to assume role', 'cannot be assumed', 'AssumeRole operation'],
    match: ['User: arn:aws:sts::111122223333:assumed-role/etl is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/x'],
    noMatch: ['ERROR role column must not be null here'],
  },
  {
    id: 'credentials-invalid', confidence: 0.93,
    says: ['ExpiredToken', 'The security token included in the request is', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidClientTokenId', 'UnrecognizedClientException', 'The provided token has expired', 'token has expired', 'TokenRefreshRequired', 'InvalidToken', 'RequestExpired', 'security token … expired', 'token … failed validation', 'JWT token', 'Status Code: 401', 'HTTP 401', '401 Unauthorized', 'Unauthorized', 'error 401', 'Invalid credentials', 'GSSException', 'Kerberos', 'LoginException', 'NoCredentialsError', 'Unable to locate credentials', 'NoAuthWithAWSException', 'No AWS Credentials provided', 'Unable to load AWS credentials', 'AuthenticationException', 'SaslAuthenticationException', 'authentication failed', 'Authentication failed', 'Invalid OAuth', 'invalid_grant', 'invalid_client', 'Delegation token'],
    match: ['com.amazonaws.services.s3.model.AmazonS3Exception: The provided token has expired. (Service: Amazon S3; Status Code: 400; Error Code: ExpiredToken)'],
    noMatch: ['ERROR tokeniser met an odd number of quotes'],
  },
  {
    id: 'database-login', confidence: 0.95,
    says: ['password authentication failed', 'Access denied for user', 'Login failed for user', 'ORA-01017', 'ORA-01031', 'ORA-28000', 'ORA-28001', 'permission denied for', 'no pg_hba.conf entry', 'Incorrect username or password', 'must be owner of', 'permission was denied on', 'command denied to user', 'does not have permission', 'account is locked', 'invalid username/password', 'InvalidAuthorizationSpecification', 'Password did not match', 'insufficient privilege', 'SQL access control error', 'Authorization failed', 'TopicAuthorizationException', 'GroupAuthorizationException', 'ClusterAuthorizationException'],
    match: ['org.postgresql.util.PSQLException: FATAL: password authentication failed for user "etl"'],
    noMatch: ['ERROR user table is locked by a batch'],
  },
  {
    id: 'kms-denied', confidence: 0.95,
    says: ['KMS.AccessDenied', 'kms:Decrypt', 'kms:GenerateDataKey', 'KMSInvalidStateException', 'KMS … DisabledException', 'The ciphertext refers to a customer master key that does not exist', 'KMS.DisabledException'],
    match: ['AmazonS3Exception: User: arn:aws:sts::1:assumed-role/x is not allowed kms:Decrypt on this key'],
    noMatch: ['ERROR the key of the map is unset'],
  },
  {
    id: 'file-permission', confidence: 0.88,
    says: ['PermissionError', 'Permission denied', 'AccessControlException', 'Operation not permitted', 'rename … not permitted', 'EACCES', 'AccessException'],
    match: ['org.apache.hadoop.security.AccessControlException: Permission denied: user=etl, access=WRITE, inode="/data":hdfs:supergroup:drwxr-xr-x'],
    noMatch: ['ERROR permission bits column is null'],
  },
]);
