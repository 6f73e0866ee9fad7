/** Reads a log in one pass, chunk by chunk, and keeps the few lines that matter: what signatures recognise, and where failures and successes stand. */
import { isUtf8 } from 'node:buffer';
import { type CompiledSignature, type Lead, SAYS_FAILURE, SAYS_SUCCESS, type SignatureSet } from './compile-signatures.ts';
import { carriesOn, endsTheRun, reportsFailure, withoutNegations } from './failure-words.ts';
import { type LineContext, LineReader } from './line-reader.ts';
import { isCause, isPlainInfoLine, isStackFrame, type Level } from './log-line.ts';
import type { NeedleScanner } from './needle-scanner.ts';
import { says } from './phrase.ts';
import { decode, LINE_LIMIT, printable } from './sanitise-text.ts';

/** One line that one signature recognises. */
export interface Finding {
  readonly compiled: CompiledSignature;
  readonly line: string;
  /** Offset of the line in the text: order and identity. */
  readonly position: number;
  readonly level: Level;
  readonly chain: number;
  /** A `Caused by:` line. */
  readonly isCause: boolean;
}

/** A line that says that something failed, whatever the cause. */
export interface FailureMark {
  readonly line: string;
  readonly position: number;
  readonly level: Level;
  readonly chain: number;
}

const NEWLINE = 10;
/** The first ones show the cause; a storm of the same line adds nothing. */
const KEPT_PER_SIGNATURE = 8;
/** A signature that is often looked for and never found in a text is not looked for any more. */
const TRIES_PER_SIGNATURE = 1024;

/** A warning counts as a failure by itself only where the signature is this sure. */
const TRUSTED_IN_WARNINGS = 0.8;
/** Lines, and bytes of them, looked at closely. A log with more that sounds like failures has shown its cause by then. */
const JUDGED_LINES = 50_000;
const JUDGED_BYTES = 2 * 1024 * 1024;

export class LogScan {
  readonly findings: Finding[] = [];
  /** The first line that reports a failure, and the last `Caused by` of its chain. */
  firstMark: FailureMark | null = null;
  deepestCause: FailureMark | null = null;
  /** Offsets; -1 where there was none. */
  lastFailure = -1;
  lastWarning = -1;
  /** Of a line after which the run is over, such as `Job aborted`. */
  lastEnd = -1;
  lastFinalSuccess = -1;
  lastStepSuccess = -1;
  lastTaskSuccess = -1;
  /** Bytes that were no text, or lines that were cut. */
  sanitised = false;
  bytes = 0;

  readonly #set: SignatureSet;
  readonly #scanner: NeedleScanner;
  readonly #kept: Uint16Array;
  readonly #tried: Uint16Array;
  #context: LineContext | null = null;
  #harmlessChain = -1;
  #judgedLines = 0;
  #judgedBytes = 0;

  constructor(set: SignatureSet) {
    this.#set = set;
    this.#scanner = set.scanner();
    this.#kept = new Uint16Array(set.signatures.length);
    this.#tried = new Uint16Array(set.signatures.length);
  }

  /** Whole lines; the last may lack its line end. */
  read(chunk: Buffer): void {
    this.#scan(isUtf8(chunk) ? chunk : this.#clean(chunk), this.bytes);
    this.bytes += chunk.length;
  }

  #clean(bytes: Buffer): Buffer {
    this.sanitised = true;
    return Buffer.from(printable(decode(bytes)), 'utf8');
  }

  #scan(bytes: Buffer, base: number): void {
    const scanner = this.#scanner;
    const lines = new LineReader(bytes, base, this.#context);
    const judge = (start: number, cut: number, needles: readonly number[]) => {
      this.#judgedLines += 1;
      this.#judgedBytes += cut - start;
      const line = bytes.toString('utf8', start, cut).trimEnd();
      this.#judgeLine(line, base + start, this.#leadsOf(needles), () => lines.contextOf(start, line));
    };
    let success = () => {};
    scanner.reset();
    let at = 0;
    while (at < bytes.length) {
      at = scanner.next(bytes, at, bytes.length);
      if (at >= bytes.length) break;
      const start = lineStart(bytes, at);
      const end = lineEnd(bytes, at);
      const cut = Math.min(end, start + LINE_LIMIT);
      const seenEnough = this.#judgedLines > JUDGED_LINES || this.#judgedBytes > JUDGED_BYTES;
      if (seenEnough && !isPlainInfoLine(bytes, start)) {
        this.lastFailure = base + start;
        scanner.reset();
        at = end;
        continue;
      }
      const needles = this.#needlesUpTo(bytes, at, cut);
      if (needles === null) {
        this.#scan(this.#clean(bytes.subarray(start)), base + start);
        return;
      }
      if (cut < end) this.sanitised = true;
      const importance = this.#importance(needles, bytes, start);
      if (importance === 'judge') judge(start, cut, needles);
      if (importance === 'last-counts') success = () => judge(start, cut, needles);
      scanner.reset();
      at = end;
    }
    success();
    this.#context = lines.contextAtEnd();
  }

  /** The needles on this line; null where the text has to be cleaned first. */
  #needlesUpTo(bytes: Buffer, firstStop: number, cut: number): number[] | null {
    const needles: number[] = [];
    for (let at = firstStop; at < cut; at = this.#scanner.next(bytes, at + 1, cut)) {
      const found = this.#scanner.found();
      if (found === null) return null;
      needles.push(...found);
    }
    return needles;
  }

  /** What the needles give reason to look for, each once. */
  #leadsOf(needles: readonly number[]): Lead[] {
    return [...new Set(needles)].flatMap((needle) => this.#set.leads[needle] ?? []);
  }

  /** Most lines of a log are INFO. Such a line can tell of a failed state; of those that tell of a success, only the last one counts. */
  #importance(needles: readonly number[], bytes: Buffer, start: number): 'judge' | 'last-counts' | 'none' {
    if (needles.length === 0) return 'none';
    if (!isPlainInfoLine(bytes, start)) return 'judge';
    let says = 0;
    for (const needle of needles) says |= this.#set.saysOnInfoLines[needle] ?? 0;
    if (says & SAYS_FAILURE) return 'judge';
    return says & SAYS_SUCCESS && this.firstMark !== null ? 'last-counts' : 'none';
  }

  #judgeLine(line: string, position: number, leads: readonly Lead[], contextOf: () => LineContext): void {
    if (isStackFrame(line)) return;
    const { level, chain } = contextOf();
    if (chain === this.#harmlessChain) return;
    const wholeLine = line.toLowerCase();
    const harmless = leads.find((lead) => lead.kind === 'harmless' && says(wholeLine, lead.phrase));
    const text = withoutNegations(line);
    if (harmless || carriesOn(text, level)) {
      if (harmless?.kind === 'harmless' && harmless.withTrace) this.#harmlessChain = chain;
      return;
    }
    const lowerLine = text.toLowerCase();
    const reports = reportsFailure(text, level);
    const recognised = this.#recognise(text, lowerLine, leads).filter(
      ({ compiled }) => level !== 'warning' || reports || compiled.signature.confidence >= TRUSTED_IN_WARNINGS,
    );
    if (level === 'quiet' ? reports : reports || recognised.length > 0) {
      this.#mark({ line, position, level, chain });
      for (const { rank, compiled } of [...recognised, ...this.#unprompted(text, lowerLine)]) {
        if (!takeOne(this.#kept, rank, KEPT_PER_SIGNATURE)) continue;
        this.findings.push({ compiled, line, position, level, chain, isCause: isCause(line) });
      }
    } else if (level !== 'warning') this.#noteSuccess(wholeLine, position, leads);
  }

  #recognise(line: string, lowerLine: string, leads: readonly Lead[]) {
    const recognised = new Map<number, CompiledSignature>();
    for (const lead of leads) {
      if (lead.kind !== 'signature' || recognised.has(lead.rank) || !takeOne(this.#tried, lead.rank, TRIES_PER_SIGNATURE)) continue;
      if (says(lowerLine, lead.phrase) && lead.compiled.recognises(line, lowerLine)) recognised.set(lead.rank, lead.compiled);
    }
    return [...recognised].map(([rank, compiled]) => ({ rank, compiled }));
  }

  #unprompted(line: string, lowerLine: string) {
    return this.#set.unprompted.filter(
      ({ rank, compiled }) => takeOne(this.#tried, rank, TRIES_PER_SIGNATURE) && compiled.recognises(line, lowerLine),
    );
  }

  #mark(mark: FailureMark): void {
    if (mark.level === 'warning') this.lastWarning = mark.position;
    else this.lastFailure = mark.position;
    if (endsTheRun(mark.line)) this.lastEnd = mark.position;
    this.firstMark ??= mark;
    if (isCause(mark.line) && mark.chain === this.firstMark.chain) this.deepestCause = mark;
  }

  #noteSuccess(lowerLine: string, position: number, leads: readonly Lead[]): void {
    for (const lead of leads) {
      if (lead.kind === 'failure' || lead.kind === 'signature' || !says(lowerLine, lead.phrase)) continue;
      if (lead.kind === 'final-success') this.lastFinalSuccess = position;
      if (lead.kind === 'step-success') this.lastStepSuccess = position;
      if (lead.kind === 'task-success') this.lastTaskSuccess = position;
    }
  }
}

/** A loop: lines are short, and a call out of the engine costs more than their bytes. */
function lineStart(bytes: Buffer, within: number): number {
  let start = within;
  while (start > 0 && bytes[start - 1] !== NEWLINE) start -= 1;
  return start;
}

function lineEnd(bytes: Buffer, within: number): number {
  let end = within;
  while (end < bytes.length && bytes[end] !== NEWLINE) end += 1;
  return end;
}

/** Counts up to a limit; false once it is reached. */
function takeOne(counts: Uint16Array, index: number, limit: number): boolean {
  const count = counts[index] ?? 0;
  if (count >= limit) return false;
  counts[index] = count + 1;
  return true;
}
