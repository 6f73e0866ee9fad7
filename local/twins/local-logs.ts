/** CloudWatch Logs on files: one file per stream, filtered by group, stream prefix and time, in pages of which some are empty. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { LogReader } from '../../functions/shared/ports.ts';
import { fileNameOf, readJson, writeJson } from './files.ts';

export interface LogEvent {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}
type FoundEvent = LogEvent & { readonly logStreamName: string };

/** Limits of FilterLogEvents and PutLogEvents. */
const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 1024 * 1024;
const EVENT_BYTES = 256 * 1024;
/** While it looks through streams CloudWatch now and then answers with nothing but a token: here every third page does. */
const EMPTY_EVERY = 3;

export class LocalLogs implements LogReader {
  readonly #directory: string;

  constructor(options: { readonly directory: string }) {
    this.#directory = options.directory;
  }

  /** Group and stream are made where they are missing; events longer than CloudWatch takes are split. */
  append(group: string, stream: string, events: readonly LogEvent[]): void {
    const folder = this.#folder(group);
    const file = join(folder, `${fileNameOf(stream)}.jsonl`);
    if (!existsSync(file)) {
      mkdirSync(folder, { recursive: true });
      writeJson(join(folder, `${fileNameOf(stream)}.stream.json`), { logStreamName: stream });
    }
    const lines = events.flatMap(split).map(({ timestamp, message }) => `${JSON.stringify({ timestamp, message })}\n`);
    appendFileSync(file, lines.join(''));
  }

  async filterLogEvents(request: Parameters<LogReader['filterLogEvents']>[0]): Promise<{ events: FoundEvent[]; nextToken?: string }> {
    const { logGroupName, logStreamNamePrefix, startTime, limit } = request;
    if (!(limit >= 1)) throw invalidParameter(`limit is ${limit}, expected 1 to ${PAGE_EVENTS}`);
    const folder = this.#folder(logGroupName);
    if (!existsSync(folder)) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    const streams = streamsIn(folder).filter(({ name }) => name.startsWith(logStreamNamePrefix));
    const found = streams.flatMap(({ name, file }) => readStream(file, name)).filter((event) => event.timestamp >= startTime);
    // The sort is stable: within a stream, and within a millisecond, events stay in the order in which they were written.
    found.sort((a, b) => a.timestamp - b.timestamp);
    const { offset, page } = readToken(request.nextToken);
    if (streams.length > 0 && page % EMPTY_EVERY === 0) return { events: [], nextToken: tokenOf(offset, page + 1) };
    const events = firstPage(found.slice(offset), Math.min(limit, PAGE_EVENTS));
    const end = offset + events.length;
    return end < found.length ? { events, nextToken: tokenOf(end, page + 1) } : { events };
  }

  #folder(group: string): string {
    return join(this.#directory, fileNameOf(group));
  }
}

function streamsIn(folder: string): { name: string; file: string }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.stream.json'))
    .flatMap((file) => {
      const stream = readJson<{ logStreamName: string }>(join(folder, file));
      return stream ? [{ name: stream.logStreamName, file: join(folder, file.replace(/stream\.json$/, 'jsonl')) }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The last line may be cut where the process was killed in the middle of it. */
function readStream(file: string, logStreamName: string): FoundEvent[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ ...(JSON.parse(line) as LogEvent), logStreamName }));
}

function firstPage(events: readonly FoundEvent[], limit: number): FoundEvent[] {
  const page: FoundEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event.message);
    if (page.length >= limit || (page.length > 0 && bytes > PAGE_BYTES)) break;
    page.push(event);
  }
  return page;
}

function split({ timestamp, message }: LogEvent): LogEvent[] {
  if (Buffer.byteLength(message) <= EVENT_BYTES) return [{ timestamp, message }];
  // A character takes at most four bytes.
  const characters = EVENT_BYTES / 4;
  const parts = Math.ceil(message.length / characters);
  return Array.from({ length: parts }, (_, part) => ({ timestamp, message: message.slice(part * characters, (part + 1) * characters) }));
}

function tokenOf(offset: number, page: number): string {
  return Buffer.from(`${offset}/${page}`).toString('base64url');
}

function readToken(token: string | undefined): { offset: number; page: number } {
  if (token === undefined) return { offset: 0, page: 0 };
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString());
  if (!match) throw invalidParameter('The specified nextToken is invalid.');
  return { offset: Number(match[1]), page: Number(match[2]) };
}

function invalidParameter(message: string): Error {
  return Object.assign(new Error(message), { name: 'InvalidParameterException' });
}
