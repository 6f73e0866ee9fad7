/** CloudWatch Logs on files: one file per stream, filtered by group, stream prefix and time, in pages of which some are empty. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import type { LogReader } from '../../functions/shared/ports.ts';
import { appendJsonLines, fileNameOf, readJson, readJsonLines, writeJson } from './files.ts';

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
  /** Per group: stream → its file. Read from disk once. */
  readonly #streams = new Map<string, Map<string, string>>();

  constructor(options: { readonly directory: string }) {
    this.#directory = options.directory;
  }

  /** Group and stream are made where they are missing; events longer than CloudWatch takes are split. */
  append(group: string, stream: string, events: readonly LogEvent[]): void {
    const streams = this.#streamsOf(group) ?? new Map<string, string>();
    this.#streams.set(group, streams);
    const file = streams.get(stream) ?? join(this.#folder(group), `${fileNameOf(stream)}.jsonl`);
    if (!streams.has(stream)) {
      writeJson(file.replace(/jsonl$/, 'stream.json'), { logStreamName: stream });
      streams.set(stream, file);
    }
    appendJsonLines(file, events.flatMap(split));
  }

  async filterLogEvents(request: Parameters<LogReader['filterLogEvents']>[0]): Promise<{ events: FoundEvent[]; nextToken?: string }> {
    const { logGroupName, logStreamNamePrefix, startTime, limit } = request;
    if (!(limit >= 1)) throw invalidParameter(`limit is ${limit}, expected 1 to ${PAGE_EVENTS}`);
    const known = this.#streamsOf(logGroupName);
    if (!known) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    const streams = [...known].filter(([name]) => name.startsWith(logStreamNamePrefix));
    const found = streams.flatMap(([name, file]) => readStream(file, name)).filter((event) => event.timestamp >= startTime);
    // The sort is stable: within a stream, and within a millisecond, events stay in the order in which they were written.
    found.sort((a, b) => a.timestamp - b.timestamp);
    const { offset, page } = readToken(request.nextToken);
    if (streams.length > 0 && page % EMPTY_EVERY === 0) return { events: [], nextToken: tokenOf(offset, page + 1) };
    const events = firstPage(found.slice(offset), Math.min(limit, PAGE_EVENTS));
    const end = offset + events.length;
    return end < found.length ? { events, nextToken: tokenOf(end, page + 1) } : { events };
  }

  /** Undefined where there is no such group. */
  #streamsOf(group: string): Map<string, string> | undefined {
    const known = this.#streams.get(group);
    if (known || !existsSync(this.#folder(group))) return known;
    const streams = streamsIn(this.#folder(group));
    this.#streams.set(group, streams);
    return streams;
  }

  #folder(group: string): string {
    return join(this.#directory, fileNameOf(group));
  }
}

function streamsIn(folder: string): Map<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.stream.json'));
  return new Map(
    files.flatMap((file) => {
      const stream = readJson<{ logStreamName: string }>(join(folder, file));
      return stream ? [[stream.logStreamName, join(folder, file.replace(/stream\.json$/, 'jsonl'))] as const] : [];
    }),
  );
}

function readStream(file: string, logStreamName: string): FoundEvent[] {
  return readJsonLines<LogEvent>(file).map((event) => ({ ...event, logStreamName }));
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
