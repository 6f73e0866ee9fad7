/** Takes secrets out of text that people and stores will see. Every pattern is linear: bounded runs, no nested repetition. */

interface Secret {
  readonly kind: string;
  readonly pattern: RegExp;
  /** What stays: `$1` where a name stands before the secret. */
  readonly replacement: string;
}

/** Names whose value is a secret, as they occur in settings, arguments and URLs. */
const SECRET_NAME =
  '(?:[a-z0-9_.-]{0,40}(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|encryption[_-]?key|credentials?|sharedaccesskey|authorization))';

const SECRETS: readonly Secret[] = [
  secret('private-key', /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{0,16384}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g),
  secret('aws-access-key', /\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}\b/g),
  secret('github-token', /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g),
  secret('slack-token', /\bxox[abeprs]-[A-Za-z0-9-]{10,250}/g),
  secret('slack-webhook', /https:\/\/hooks\.slack\.com\/[A-Za-z0-9/_-]{10,200}/g),
  secret('jwt', /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,8192}(?:\.[A-Za-z0-9_-]{0,2048})?/g),
  secret('bearer-token', /\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,8192}/gi, '$1 '),
  secret('url-password', /(:\/\/[^\s:@/'"]{1,128}):[^\s@/'"]{1,256}@/g, '$1:', '@'),
  secret('jdbc-password', /(jdbc:oracle:[a-z]{1,10}:[^\s/@'"]{1,128})\/[^\s@'"]{1,256}@/gi, '$1/', '@'),
  secret('session-token', /\b(X-Amz-(?:Security-Token|Credential|Signature)=)[^&\s"']{4,8192}/gi, '$1'),
  secret('session-token', /\b(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=%]{16,8192}/g),
  secret('secret', new RegExp(`(["']${SECRET_NAME}["']\\s{0,4}[:=]\\s{0,4})"(?:[^"\\\\]|\\\\.){1,4096}"`, 'gi'), '$1"', '"'),
  secret('secret', new RegExp(`(["']${SECRET_NAME}["']\\s{0,4}[:=]\\s{0,4})'(?:[^'\\\\]|\\\\.){1,4096}'`, 'gi'), "$1'", "'"),
  secret(
    'secret',
    new RegExp(
      `((?<![a-z0-9_.-])(?:--)?${SECRET_NAME}\\s{0,4}[=:]\\s{0,4})(?!\\[REDACTED|["'\\s]|null\\b|none\\b|true\\b|false\\b)[^\\s,;&"'}\\])]{1,4096}`,
      'gi',
    ),
    '$1',
  ),
  secret(
    'secret',
    new RegExp(`((?<![a-z0-9_.-])(?:--)?${SECRET_NAME}\\s{0,4}[=:]\\s{0,4})(["'])(?!\\[REDACTED)[^"'\\n]{1,4096}\\2`, 'gi'),
    '$1$2',
    '$2',
  ),
  secret('secret', new RegExp(`(--${SECRET_NAME}\\s{1,4})(?!-|\\[REDACTED)[^\\s"']{1,4096}`, 'gi'), '$1'),
];

function secret(kind: string, pattern: RegExp, before = '', after = ''): Secret {
  return { kind, pattern, replacement: `${before}[REDACTED:${kind}]${after}` };
}

/** The text with each secret replaced by `[REDACTED:<kind>]`. */
export function redact(text: string): string {
  return SECRETS.reduce((clean, { pattern, replacement }) => clean.replace(pattern, replacement), text);
}

const SECRET_ARGUMENT = /pass(?:word|wd|phrase)?|pwd|secret|token|credential|key|auth/i;
/** Arguments that only sound secret: names of keys and columns. */
const PLAIN_ARGUMENT =
  /^-{0,2}(?:enable-|job-bookmark|.*(?:partition|primary|sort|join|merge|record|hash|surrogate|business|bookmark)[_-]?keys?$)/i;

/** Glue job arguments by name; values of secret-sounding names go whole, the others are redacted as text. */
export function redactArguments(args: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      SECRET_ARGUMENT.test(name) && !PLAIN_ARGUMENT.test(name) ? '[REDACTED:argument]' : redact(value),
    ]),
  );
}
