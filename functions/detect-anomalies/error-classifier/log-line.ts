/** How one line of a log is built: its level, and whether it goes on with what the line before began. Every pattern here is linear. */

/** `none`: the line carries no level, as most stack traces, prints and status texts. */
export type Level = 'quiet' | 'warning' | 'failure' | 'none';

const LEVELS: Readonly<Record<string, Level>> = {
  TRACE: 'quiet',
  DEBUG: 'quiet',
  INFO: 'quiet',
  NOTICE: 'quiet',
  WARN: 'warning',
  WARNING: 'warning',
  ERROR: 'failure',
  FATAL: 'failure',
  CRITICAL: 'failure',
  SEVERE: 'failure',
};

/** A level further to the right is part of the message. */
const HEAD_LENGTH = 160;
const LEVEL = /\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)\b/;
/** A date, a clock, a bracket, a JSON object, a logger's tag or the level itself. */
const RECORD_START =
  /^(?:\[|\{|\d{2,4}[-/:.]|\d{6,} |[A-Z][a-z]{2} \d|TRACE|DEBUG|INFO|WARN|ERROR|FATAL|CRITICAL|SEVERE|NOTICE|log4j:|SLF4J:)/;

/** Null where the line does not begin a log record. */
export function recordLevel(line: string): Level | null {
  const head = line.slice(0, HEAD_LENGTH);
  if (!RECORD_START.test(head)) return null;
  const level = LEVEL.exec(head)?.[1];
  return level === undefined ? 'none' : (LEVELS[level] ?? 'none');
}

const CONTINUATION = /^(?:\s|at |Caused by:|Suppressed:|\.\.\. \d|$)/;

/** Frames, causes, indented lines: they belong to the exception above. */
export function continuesException(line: string): boolean {
  return CONTINUATION.test(line);
}

const FRAME = /^\s*(?:at [\w$.<>/@-]+\s?\(|\.\.\. \d+ |File ")/;

/** One frame of a stack: it says where, never what. */
export function isStackFrame(line: string): boolean {
  return FRAME.test(line.slice(0, HEAD_LENGTH));
}

const EXCEPTION_HEAD = /^[\w$.]*(?:Exception|Error|Throwable|Failure|Fault)\b/;

/** `java.io.IOException: …`, `KeyError: …`: what a logger prints under the record that it belongs to. */
export function isExceptionHead(line: string): boolean {
  return EXCEPTION_HEAD.test(line.slice(0, HEAD_LENGTH));
}

export function isCause(line: string): boolean {
  return /^\s*Caused by:/.test(line);
}
