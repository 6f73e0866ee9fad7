/**
 * What a person reads first of a long log: the lines around the failure, and the end. What a run prints when it is torn down is often
 * longer than what it died of, so that the end alone does not do.
 */
import { endsTheRun, reportsFailure, withoutNegations } from '../detect-anomalies/error-classifier/failure-words.ts';
import { isCause, isStackFrame, recordLevel } from '../detect-anomalies/error-classifier/log-line.ts';
import { boundedTail, boundedText } from './bounded-text.ts';

/** Share of the excerpt that is the log's end in any case. */
const TAIL_SHARE = 1 / 6;
/** Characters around a line that tells of a failure: some that led to it, its stack trace and causes. */
const BEFORE = 1200;
const AFTER = 4800;
/** Of lines, for the marks of what is left out. */
const MARK_CHARACTERS = 40;
const LONGEST_JUDGED = 1000;
/** The teardown of a run that has already failed. */
const TEARDOWN =
  /shutdown ?hook|deleting Spark temp dir|(?:SparkContext|RpcEnv|ListenerBus) (?:was |is |has been |has )?already (?:been )?(?:stopped|shut ?down)|Driver terminated or disconnected|Stopping (?:Spark|remoting)|temp(?:orary)? director/i;

/** The log itself where it is short; at most `limit` characters. Pure, linear. */
export function logExcerpt(log: string, limit: number): string {
  if (log.length <= limit) return log.toWellFormed();
  const lines = linesOf(log);
  const ranges: Range[] = [{ start: Math.max(log.length - Math.floor(limit * TAIL_SHARE), 0), end: log.length }];
  for (const line of tellingLines(log, lines)) {
    const wanted = united([...ranges, { start: startOfLine(log, line.start - BEFORE), end: endOfLine(log, line.start + AFTER) }]);
    if (lengthOf(wanted) <= limit) ranges.splice(0, ranges.length, ...wanted);
  }
  if (ranges.length === 1 && ranges[0]?.end === log.length && lengthOf(ranges) < limit / 2) return boundedTail(log, limit);
  return joined(log, ranges, limit);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function linesOf(log: string): Range[] {
  const lines: Range[] = [];
  for (let start = 0; start < log.length; ) {
    const found = log.indexOf('\n', start);
    const end = found < 0 ? log.length : found;
    lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}

/** The first and the last of each rank, what ends a run before what only goes wrong in it. Each once. */
function tellingLines(log: string, lines: readonly Range[]): Set<Range> {
  const first: (Range | undefined)[] = [];
  const last: (Range | undefined)[] = [];
  for (const line of lines) {
    const rank = rankOf(log.slice(line.start, Math.min(line.end, line.start + LONGEST_JUDGED)));
    if (rank === 0) continue;
    first[rank] ??= line;
    last[rank] = line;
  }
  return new Set([3, 2, 1].flatMap((rank) => [first[rank] ?? [], last[rank] ?? []].flat()));
}

/** 3: the run's end or a root cause; 2: an error; 1: a failure that was only warned of; 0: nothing. */
function rankOf(line: string): 0 | 1 | 2 | 3 {
  if (isStackFrame(line) || TEARDOWN.test(line)) return 0;
  const level = recordLevel(line) ?? 'none';
  const text = withoutNegations(line);
  if (endsTheRun(text) || isCause(line) || line.startsWith('Traceback (most recent')) return 3;
  if (!reportsFailure(text, level)) return 0;
  return level === 'warning' ? 1 : 2;
}

function startOfLine(log: string, at: number): number {
  return at <= 0 ? 0 : log.indexOf('\n', at) + 1;
}

function endOfLine(log: string, at: number): number {
  return at >= log.length ? log.length : Math.max(log.lastIndexOf('\n', at), 0);
}

function united(ranges: readonly Range[]): Range[] {
  const sorted = ranges.filter(({ start, end }) => start < end).toSorted((a, b) => a.start - b.start);
  return sorted.reduce<Range[]>((all, range) => {
    const before = all.at(-1);
    if (before && range.start <= before.end + 1) all[all.length - 1] = { start: before.start, end: Math.max(before.end, range.end) };
    else all.push(range);
    return all;
  }, []);
}

const lengthOf = (ranges: readonly Range[]) => ranges.reduce((sum, { start, end }) => sum + end - start + MARK_CHARACTERS, MARK_CHARACTERS);

function joined(log: string, ranges: readonly Range[], limit: number): string {
  let text = '';
  let at = 0;
  for (const { start, end } of ranges) {
    if (start > at) text += `${text === '' ? '' : '\n'}[${start - at} characters left out]\n`;
    text += log.slice(start, end);
    at = end;
  }
  return boundedText(text, limit);
}
