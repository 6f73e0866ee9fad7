/** The other side cannot be reached or stops answering: databases, endpoints, names, networks. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const connectivity = signaturesOf('connectivity', [
  {
    id: 'connection-refused', confidence: 0.9,
    says: ['Connection refused', 'ConnectException', 'ECONNREFUSED', 'Could not connect to', 'Failed to connect to', 'failed: Connection', 'could not connect to server', 'ConnectTimeoutException', 'ConnectTimeoutError', 'ConnectTimeout', 'Connection timed out', 'connect timed out', 'ETIMEDOUT', 'Connection attempt timed out', 'NoRouteToHostException', 'No route to host', 'Network is unreachable', 'EndpointConnectionError', 'Could not connect to the endpoint URL', 'Unable to connect to', 'HttpHostConnectException', 'connection attempt failed', 'Communications link failure', 'CommunicationsException', 'The TCP/IP connection to the host', 'The Network Adapter could not establish the connection', 'IO Error: The Network Adapter', 'ORA-12170', 'ORA-12541', 'ORA-12543', 'ORA-17002', 'ORA-12537', 'ORA-12514', 'Unable to acquire JDBC connection', 'Test connection … failed', 'MaxRetryError', 'Max retries exceeded with url', 'NewConnectionError', 'actively refused', 'unable to establish', 'ServerSelectionTimeoutError', 'MongoTimeoutException', 'NoBrokersAvailable', 'No brokers available', 'failed to construct kafka', 'Connect to … failed'],
    unless: ['thrift', 'sparkdriver'],
    match: ['java.net.ConnectException: Connection refused (Connection refused)'],
    noMatch: ['ERROR refused the offer column as blank'],
  },
  {
    id: 'connection-lost', confidence: 0.86,
    says: ['connection has been closed', 'server closed the connection', 'Connection reset', 'Connection is closed', 'Connection closed', 'connection was closed', 'An I/O error occurred while sending to the backend', 'SocketException', 'Broken pipe', 'ClosedChannelException', 'Lost connection to MySQL', 'MySQL server has gone away', 'terminating connection', 'ORA-03113', 'ORA-03114', 'ORA-03135', 'ConnectionResetError', 'RemoteDisconnected', 'Connection aborted', 'ConnectionError', 'ConnectionClosedError', 'connection was forcibly closed', 'EOF detected', 'peer not authenticated', 'SSL connection has been closed', 'connection was aborted', 'connection unexpectedly', 'OperationalError', 'ConnectionAbortedError', 'BrokenPipeError', 'NETWORK_ERROR', 'SQLSTATE: 08', 'SQLState: 08', 'Address change detected'],
    match: ['org.postgresql.util.PSQLException: An I/O error occurred while sending to the backend.'],
    noMatch: ['ERROR the connection settings have a blank name'],
  },
  {
    id: 'name-not-resolved', confidence: 0.9,
    says: ['UnknownHostException', 'Name or service not known', 'Temporary failure in name resolution', 'could not translate host name', 'getaddrinfo failed', 'nodename nor servname', 'Could not resolve host', 'Failed to resolve', 'no such host', 'No address associated with hostname'],
    match: ['java.net.UnknownHostException: db.internal.example: Name or service not known'],
    noMatch: ['ERROR host column must have a name'],
  },
  {
    id: 'call-timed-out', confidence: 0.82,
    says: ['SocketTimeoutException', 'Read timed out', 'ReadTimeoutError', 'ReadTimeout', 'TimeoutError', 'Request did not complete before the request timeout', 'Execution timeout', 'statement timeout', 'Query timeout', 'ORA-01013', 'The query has timed out', 'timed out', 'TimeoutException', 'HTTP request timed out', 'deadline exceeded', 'Timed out waiting for', 'Unable to execute HTTP request'],
    unless: ['futures timed out', 'heartbeat', 'broadcast', 'waiting for connection from pool', 'rpctimeout'],
    match: ['java.net.SocketTimeoutException: Read timed out'],
    noMatch: ['ERROR timeout setting must be a number'],
  },
  {
    id: 'vpc-endpoint', confidence: 0.94,
    says: ['VPC S3 endpoint validation failed', 'Could not find S3 endpoint or NAT gateway', 'NAT gateway', 'At least one security group must open all ingress ports', 'security group must open', 'VPC endpoint', 'subnet … has no route'],
    match: ['VPC S3 endpoint validation failed for SubnetId: subnet-1. VPC: vpc-1. Reason: Could not find S3 endpoint or NAT gateway for subnetId'],
    noMatch: ['ERROR the endpoint column is null'],
  },
  {
    id: 'tls-handshake', confidence: 0.86,
    says: ['SSLHandshakeException', 'SSLException', 'SSLError', 'CERTIFICATE_VERIFY_FAILED', 'PKIX path building failed', 'unable to find valid certification path', 'handshake_failure', 'SSLPeerUnverifiedException', 'could not establish a secure connection', 'SSL error', 'server does not support SSL'],
    match: ['javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target'],
    noMatch: ['ERROR the certificate column is null'],
  },
]);
