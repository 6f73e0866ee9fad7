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

/** Timestamp, thread and level fit in here in the usual layouts. */
const QUICK_HEAD_BYTES = 64;
/** `I N F O`, and the first two letters of every other level. */
const [I, N, F, O] = [73, 78, 70, 79];
const OTHER_LEVELS = new Set([0x5741, 0x4552, 0x4641, 0x4352, 0x5345, 0x4445, 0x5452, 0x4e4f]);

/** A fast, careful look at bytes: true only for a line that begins with a digit and whose first level is INFO. Most lines of a log do. */
export function isPlainInfoLine(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start] ?? 0;
  if (first < 48 || first > 57) return false;
  const end = Math.min(bytes.length, start + QUICK_HEAD_BYTES) - 3;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 65 || byte > 90) continue;
    const next = bytes[at + 1] ?? 0;
    if (byte === I && next === N) return bytes[at + 2] === F && bytes[at + 3] === O;
    if (OTHER_LEVELS.has((byte << 8) | next)) return false;
  }
  return false;
}
