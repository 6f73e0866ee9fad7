/** CloudWatch Logs by the SDK: one page at a time, for the reader keeps the budgets. */
import { type CloudWatchLogsClient, type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogReader } from '../ports.ts';

/** The most events in one page. */
const PAGE_LIMIT = 10_000;

export class AwsLogs implements LogReader {
  readonly #logs: CloudWatchLogsClient;

  constructor(logs: CloudWatchLogsClient) {
    this.#logs = logs;
  }

  async filterLogEvents(request: Parameters<LogReader['filterLogEvents']>[0]): ReturnType<LogReader['filterLogEvents']> {
    const { events = [], nextToken } = await this.#logs.send(
      new FilterLogEventsCommand({ ...request, limit: Math.min(request.limit, PAGE_LIMIT) }),
    );
    return { events: events.map(toLogEvent), ...(nextToken ? { nextToken } : {}) };
  }
}

export function toLogEvent(event: FilteredLogEvent): { timestamp: number; message: string; logStreamName: string } {
  return { timestamp: event.timestamp ?? 0, message: event.message ?? '', logStreamName: event.logStreamName ?? '' };
}
