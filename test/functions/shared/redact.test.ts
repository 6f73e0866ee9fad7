import fc from 'fast-check';
import { redact, redactArguments } from '../../../functions/shared/redact.ts';

/** Built from parts, so that no scanner takes this file for a leak. */
const key = `AKIA${'ABCDEFGH12345678'}`;
const githubToken = `ghp_${'a1B2c3D4e5F6g7H8i9J0'}`;
const slackToken = `xoxb-${'123456789012-abcdef'}`;
const jwt = `eyJ${'hbGciOiJIUzI1NiJ9'}.${'eyJzdWIiOiIxMjM0In0'}.${'c2lnbmF0dXJl'}`;
const pem = `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEowIBAAKCAQEA\nq1w2e3r4\n-----END RSA ${'PRIVATE'} KEY-----`;

describe('R15: redact', () => {
  it.each([
    ['access key', `credentials ${key} used`, key, '[REDACTED:aws-access-key]'],
    ['secret key', 'aws_secret_access_key=wJalrXUtnFEMI/K7MDENG', 'wJalr', 'aws_secret_access_key=[REDACTED:secret]'],
    ['session token', `aws_session_token: "${'IQoJb3JpZ2luX2VjE'}"`, 'IQoJ', '[REDACTED:'],
    ['JDBC URL', 'jdbc:mysql://db:3306/x?user=etl&password=hunter2&ssl=true', 'hunter2', 'password=[REDACTED:secret]&ssl=true'],
    ['JDBC URL, SQL Server', 'jdbc:sqlserver://db;user=sa;password=hunter2;encrypt=true', 'hunter2', ';encrypt=true'],
    ['JDBC URL, Oracle', 'jdbc:oracle:thin:scott/tiger99@db:1521:orcl', 'tiger99', 'scott/[REDACTED:jdbc-password]@db'],
    ['URL', 'postgresql://etl:hunter2@db/x', 'hunter2', '://etl:[REDACTED:url-password]@db'],
    ['JSON', '{"dbPassword": "hunter\\"2", "x": 1}', 'hunter', '"dbPassword": "[REDACTED:secret]", "x": 1'],
    ['Python dict', "{'api_key': 'hunter2'}", 'hunter2', "'api_key': '[REDACTED:secret]'"],
    ['quoted value', 'password="hunter 2"', 'hunter', 'password="[REDACTED:secret]"'],
    ['command line', '--db-password hunter2 --x', 'hunter2', '--db-password [REDACTED:secret] --x'],
    ['bearer token', 'Authorization: Bearer abcdef123456', 'abcdef123456', '[REDACTED:'],
    ['JWT', `token ${jwt}`, jwt, '[REDACTED:jwt]'],
    ['GitHub token', `clone with ${githubToken}`, githubToken, '[REDACTED:github-token]'],
    ['Slack token', `post ${slackToken}`, slackToken, '[REDACTED:slack-token]'],
    ['private key', `key:\n${pem}\nend`, 'MIIE', '[REDACTED:private-key]'],
    ['private key, cut off', pem.slice(0, 60), 'MIIE', '[REDACTED:private-key]'],
    ['presigned URL', 'https://b.s3.amazonaws.com/k?X-Amz-Security-Token=FQoGZXIvYXdzE&x=1', 'FQoG', '&x=1'],
  ])('%s', (_, text, secretPart, shown) => {
    expect(redact(text)).not.toContain(secretPart);
    expect(redact(text)).toContain(shown);
  });

  it.each([
    "KeyError: 'primary_key' is missing in table orders",
    'Task 3 in stage 5.0 failed 4 times, most recent failure: Lost task 3.3',
    'java.lang.OutOfMemoryError: Java heap space',
    's3://bucket/year=2024/month=01/part-0000.parquet',
    'Access Denied (Service: Amazon S3; Status Code: 403; Request ID: 7D39EC1021C61B11)',
    'the password is wrong',
    'nextToken: null',
  ])('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('changes nothing when it is done again, and never fails', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('password=', '"secret": "', 'Bearer ', '://a:b@', key, pem, jwt));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const once = redact(pieces.join(''));
        expect(redact(once)).toBe(once);
      }),
    );
  });

  it.each(['password=', '"secret": "', '://a:b', '-----BEGIN PRIVATE KEY-----', 'eyJaaaaaaaaaa-', 'Bearer aaaaaaaa', '--token '])(
    'gets through 2 MB of %s',
    (unit) => {
      expect(redact(unit.repeat(2_000_000 / unit.length)).length).toBeGreaterThan(0);
    },
  );
});

describe('R15: redactArguments', () => {
  it('hides the values of secret-sounding names and redacts the others as text', () => {
    expect(
      redactArguments({
        '--db_password': 'hunter2',
        '--API_KEY': 'abc',
        '--session-token': 'abc',
        '--url': 'jdbc:mysql://db/x?password=hunter2',
        '--partition_keys': 'year,month',
        '--job-bookmark-option': 'job-bookmark-enable',
        '--enable-metrics': 'true',
        '--JOB_NAME': 'orders',
      }),
    ).toEqual({
      '--db_password': '[REDACTED:argument]',
      '--API_KEY': '[REDACTED:argument]',
      '--session-token': '[REDACTED:argument]',
      '--url': 'jdbc:mysql://db/x?password=[REDACTED:secret]',
      '--partition_keys': 'year,month',
      '--job-bookmark-option': 'job-bookmark-enable',
      '--enable-metrics': 'true',
      '--JOB_NAME': 'orders',
    });
  });
});
