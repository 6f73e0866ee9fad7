/** The other side cannot be reached or stops answering: databases, endpoints, names, networks. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const connectivity = signaturesOf('connectivity', [
  {
    id: 'connection-refused', confidence: 0.92,
    says: ['Connection refused', 'Connection to … refused', 'postmaster is accepting', 'Unable to open a test connection', 'to acquire database connection', '*ConnectException', 'ECONNREFUSED', 'Could not connect to', 'Couldn\'t connect to', 'Failed to connect to', 'Cannot connect to', 'Can\'t connect to', 'could not connect', 'unable to connect', 'failed: Connection', 'could not connect to server', '*ConnectTimeoutException', 'ConnectTimeoutError', 'ConnectTimeout', 'Connection timed out', 'connection timeout', 'connect timed out', 'ETIMEDOUT', 'Connection attempt timed out', 'NoRouteToHostException', 'No route to host', 'Network is unreachable', 'Host is unreachable', 'Host is down', 'EndpointConnectionError', 'Could not connect to the endpoint URL', 'HttpHostConnectException', 'connection attempt failed', 'Communications link failure', 'CommunicationsException', 'TCP/IP connection to the host', 'The Network Adapter could not establish the connection', 'ORA-12170', 'ORA-12541', 'ORA-12543', 'ORA-17002', 'ORA-12537', 'ORA-12514', 'ORA-12505', 'ORA-12560', 'ORA-12547', 'Unable to acquire JDBC connection', 'Unable to obtain JDBC connection', 'Could not open connection', 'Could not open client transport', 'Could not create connection to database server', 'Test connection … failed', 'Testing connection … failed', 'MaxRetryError', 'Max retries exceeded with url', 'NewConnectionError', 'actively refused', 'unable to establish', 'could not establish connection', 'ServerSelectionTimeoutError', 'MongoTimeoutException', 'MongoSocketOpenException', 'NoBrokersAvailable', 'No brokers available', 'Broker may not be available', 'BrokerTransportFailure', 'No resolvable bootstrap urls', 'failed to construct kafka', 'Connect to … failed', 'Connect to … timed out', 'failed to connect', 'ProxyError', 'NoNodeAvailableException', 'EsHadoopNoNodesLeftException', 'all nodes failed', 'Failed to establish a new connection', 'Connection error', 'network and/or proxy', 'network error', 'DatabaseConnectionError', 'JDBC connection … failed', 'Failed to open connection', 'Error connecting to', 'cannot reach', 'is unreachable', 'not reachable', 'Retrying connect to server', 'HIVE_METASTORE … connect', 'AllNodesFailed', 'NoHostAvailableException', 'Could not reach'],
    unless: ['connect back', 'fetchfailed', 'shuffle'],
    match: ['java.net.ConnectException: Connection refused (Connection refused)'],
    noMatch: ['ERROR refused the offer column as blank'],
  },
  {
    id: 'connection-lost', confidence: 0.88,
    says: ['connection has been closed', 'server closed the connection', 'Connection reset', 'Connection is closed', 'Connection closed', 'connection was closed', 'An I/O error occurred while sending to the backend', 'I/O error occurred', 'SocketException', 'Broken pipe', 'ClosedChannelException', 'AsynchronousCloseException', 'Lost connection to MySQL', 'server has gone away', 'terminating connection', 'ORA-03113', 'ORA-03114', 'ORA-03135', 'ORA-12571', 'ConnectionResetError', 'RemoteDisconnected', 'Connection aborted', 'ConnectionError', 'ConnectionClosedError', 'connection was forcibly closed', 'forcibly closed', 'EOF detected', 'peer not authenticated', 'connection was aborted', 'closed unexpectedly', 'ConnectionAbortedError', 'BrokenPipeError', 'NETWORK_ERROR', 'Address change detected', 'No operations allowed after connection closed', 'connection was terminated', 'Connection lost', 'ConnectionLoss', 'lost connection', 'NoHttpResponseException', 'failed to respond', 'Session … expired … ZooKeeper', 'SessionExpiredException', 'EOFException: Can not read response from server', 'DisconnectException', 'Error communicating with', 'Connection … terminated', 'HTTP transport error', 'TTransportException', 'connection dropped', 'unexpected EOF on client', 'Server disconnected', 'ServerDisconnectedError', 'MongoSocketReadException', 'MongoSocketException'],
    match: ['org.postgresql.util.PSQLException: An I/O error occurred while sending to the backend.'],
    noMatch: ['ERROR the connection settings have a blank name'],
  },
  {
    id: 'name-not-resolved', confidence: 0.92,
    says: ['UnknownHostException', 'Name or service not known', 'Temporary failure in name resolution', 'could not translate host name', 'getaddrinfo', 'nodename nor servname', 'Could not resolve host', 'Failed to resolve', 'no such host', 'No address associated with hostname', 'No private DNS', 'NameResolutionError', 'UnresolvedAddressException', 'Host name … could not be resolved', 'not resolve host', 'unknown host', 'DNS lookup', 'DNS resolution', 'DNS name does not exist'],
    match: ['java.net.UnknownHostException: db.internal.example: Name or service not known'],
    noMatch: ['ERROR host column must have a name'],
  },
  {
    id: 'call-timed-out', confidence: 0.84,
    says: ['SocketTimeoutException', 'Read timed out', 'ReadTimeoutError', 'ReadTimeout', 'read timeout', 'TimeoutError', 'before the request timeout', 'before the specified timeout', 'ORA-01013', 'HTTP request timed out', 'deadline exceeded', 'DEADLINE_EXCEEDED', 'Unable to execute HTTP request', 'ApiCallTimeoutException', 'ApiCallAttemptTimeoutException', 'timeout while waiting for topic metadata', 'Failed to update metadata after', 'Timeout expired while fetching topic metadata', 'Failed to get records for', 'statement timeout', 'query timeout', 'Query timed out', 'The query has timed out', 'SQLTimeoutException', 'Timeout while', 'login timeout', 'socket timeout', 'timed out after', 'timed out while', 'Timed out waiting for a node', 'millis timeout'],
    unless: ['futures timed out', 'heartbeat', 'broadcast', 'waiting for connection from pool', 'rpctimeout', 'executor'],
    match: ['java.net.SocketTimeoutException: Read timed out'],
    noMatch: ['ERROR timeout setting must be a number'],
  },
  {
    id: 'some-timeout', confidence: 0.6,
    says: ['timed out', '*TimeoutException', 'request timeout', 'operation timeout'],
    unless: ['heartbeat', 'broadcast', 'from pool', 'rpctimeout', 'executor', 'futures timed out', 'job run', 'glue job'],
    match: ['org.example.client.BulkTimeoutException: gave up'],
    noMatch: ['ERROR timeout setting must be a number'],
  },
  {
    id: 'vpc-endpoint', confidence: 0.95,
    says: ['VPC S3 endpoint validation failed', 'Could not find S3 endpoint or NAT gateway', 'NAT gateway', 'must open all ingress ports', 'must open all egress ports', 'security group must', 'VPC endpoint', 'self-referencing', 'subnet … has no route', 'no route to the internet'],
    match: ['VPC S3 endpoint validation failed for SubnetId: subnet-1. VPC: vpc-1. Reason: Could not find S3 endpoint or NAT gateway for subnetId'],
    noMatch: ['ERROR the endpoint column is null'],
  },
  {
    id: 'tls-handshake', confidence: 0.9,
    says: ['SSLHandshakeException', 'SSLException', 'SSLError', 'SSLProtocolException', 'CERTIFICATE_VERIFY_FAILED', 'PKIX path building failed', 'PKIX path validation failed', 'unable to find valid certification path', 'handshake_failure', 'handshake failure', 'handshake failed', 'SSLPeerUnverifiedException', 'could not establish a secure connection', 'SSL error', 'SSL connection', 'server does not support SSL', 'certificate verify failed', 'certificate has expired', 'CertificateExpired', 'SunCertPathBuilderException', 'No appropriate protocol', 'SSL_ERROR', 'unsupported protocol'],
    match: ['javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target'],
    noMatch: ['ERROR the certificate column is null'],
  },
  {
    id: 'sqlstate-connection', confidence: 0.85,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}08",
    match: ['Statement refused. SQLSTATE: 08006'],
    noMatch: ['ERROR SQLSTATE: 42601'],
  },
  {
    id: 'database-operation', confidence: 0.58,
    says: ['OperationalError', 'SQLRecoverableException', 'SQLTransientConnectionException', 'SQLNonTransientConnectionException', 'SQLTransientException', 'InterfaceError', 'RedshiftConnectorException'],
    match: ['psycopg2.OperationalError: sudden end of the conversation'],
    noMatch: ['ERROR operational column is null'],
  },
  {
    id: 'some-connection-exception', confidence: 0.6,
    says: ['*ConnectionException', '*ConnectivityException', '*NetworkException', '*UnreachableException', '*UnavailableError', 'Cannot create … connection', 'Cannot open … connection', 'Could not create … connection', 'Failed to create connection', 'Error creating connection', 'communication error', 'communications error', 'connection problem', 'connection failure'],
    match: ['org.example.sink.IndexConnectionException: gave up'],
    noMatch: ['ERROR the connection settings have a blank name'],
  },
]);
