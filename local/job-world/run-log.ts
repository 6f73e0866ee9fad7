/** What a run writes to CloudWatch, laid out as Glue 5 lays it out: system and Spark to `error`, the script's prints to `output`. */
import type { LocalLogs } from '../twins/local-logs.ts';

export type Level = 'INFO' | 'WARN' | 'ERROR';
const GROUP = '/aws-glue/jobs';

export class RunLog {
  readonly #logs: LocalLogs;
  readonly #clock: () => Date;
  readonly #runId: string;
  readonly #startedAt: number;

  constructor(logs: LocalLogs, runId: string, clock: () => Date) {
    this.#logs = logs;
    this.#clock = clock;
    this.#runId = runId;
    this.#startedAt = clock().getTime();
  }

  driver(level: Level, logger: string, message: string, thread = 'main'): void {
    this.#write('driver', level, logger, message, thread);
  }

  /** Executors count from 1. */
  executor(
    number: number,
    level: Level,
    logger: string,
    message: string,
    thread = `Executor task launch worker for task ${number}.0`,
  ): void {
    this.#write(String(number), level, logger, message, thread);
  }

  /** What the script prints. */
  print(text: string): void {
    this.#logs.append(`${GROUP}/output`, `${this.#runId}-driver`, [{ timestamp: this.#clock().getTime(), message: text }]);
  }

  /** Text that stands for a driver's log as it is, line by line. */
  raw(text: string): void {
    const timestamp = this.#clock().getTime();
    this.#logs.append(
      `${GROUP}/error`,
      `${this.#runId}-driver`,
      text.split(/\r?\n/).map((message) => ({ timestamp, message })),
    );
  }

  #write(stream: string, level: Level, logger: string, message: string, thread: string): void {
    const now = this.#clock();
    const at = now.toISOString().replace('.', ',').slice(0, -1);
    const sinceStart = now.getTime() - this.#startedAt;
    const line = `${level}\t${at}\t${sinceStart}\t${logger}\t[${thread}]\t${message}`;
    this.#logs.append(`${GROUP}/error`, `${this.#runId}-${stream}`, [{ timestamp: now.getTime(), message: line }]);
  }
}
