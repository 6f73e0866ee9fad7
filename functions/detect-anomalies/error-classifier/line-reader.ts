/** What the scanner has to know about a line's surroundings: where its record began and at what level. Reads upwards, each line once. */
import { continuesException, isExceptionHead, type Level, recordLevel } from './log-line.ts';

export interface LineContext {
  readonly level: Level;
  /** Offset of the line that the record or stack trace began with: equal for a wrapper and its causes. */
  readonly chain: number;
}

const NEWLINE = 10;
/** A line's head is enough to know its kind. */
const HEAD_BYTES = 200;
/** A deeper stack is cut: what comes after is taken for a chain of its own. */
const MAX_LINES_UP = 500;

/** For lines asked in ascending order within `bytes`, whose first line begins a line. */
export class LineReader {
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #carried: LineContext | null;
  #previous: { start: number; context: LineContext } | null = null;

  /** `base`: offset of these bytes in the whole log; `carried`: context at the end of what came before. */
  constructor(bytes: Buffer, base: number, carried: LineContext | null) {
    this.#bytes = bytes;
    this.#base = base;
    this.#carried = carried;
  }

  /** `line`: the text that begins at `start`. */
  contextOf(start: number, line = this.#head(start)): LineContext {
    const context = this.#climb(start, line);
    this.#previous = { start, context };
    return context;
  }

  /** Context for what comes after these bytes: a trace may go on. */
  contextAtEnd(): LineContext | null {
    const length = this.#bytes.length;
    if (length === 0) return this.#carried;
    const last = this.#bytes.lastIndexOf(NEWLINE, length - 2) + 1;
    return this.contextOf(length < 2 ? 0 : last);
  }

  #climb(start: number, line: string): LineContext {
    let at = start;
    let head = line;
    for (let climbed = 0; climbed < MAX_LINES_UP; climbed += 1) {
      const known = this.#known(at);
      if (known) return known;
      const level = recordLevel(head);
      if (level !== null) return { level, chain: this.#base + at };
      const goesOn = continuesException(head);
      if (!goesOn && !isExceptionHead(head)) break;
      const above = this.#lineAbove(at);
      if (above === null) return this.#carried ?? { level: 'none', chain: this.#base + at };
      if (!goesOn && !this.#bindsBelow(above)) break;
      at = above;
      head = this.#head(at);
    }
    return { level: 'none', chain: this.#base + at };
  }

  /** An exception printed under a log record belongs to it, where that is a warning or a failure. */
  #bindsBelow(start: number): boolean {
    const level = recordLevel(this.#head(start));
    return level === 'warning' || level === 'failure';
  }

  #known(start: number): LineContext | null {
    return this.#previous?.start === start ? this.#previous.context : null;
  }

  #lineAbove(start: number): number | null {
    return start === 0 ? null : start < 2 ? 0 : this.#bytes.lastIndexOf(NEWLINE, start - 2) + 1;
  }

  #head(start: number): string {
    const end = this.#bytes.indexOf(NEWLINE, start);
    return this.#bytes.toString('latin1', start, Math.min(end < 0 ? this.#bytes.length : end, start + HEAD_BYTES));
  }
}
