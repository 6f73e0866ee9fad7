/** A service that jobs read from: pages of records, and a token bucket that all its consumers share and that wall clock time refills. */
import { ServiceError } from '../../functions/shared/aws-errors.ts';
import { readJson, writeJson } from '../twins/files.ts';
import { clientError } from './spark-errors.ts';
import { sleep } from './timers.ts';

interface State {
  readonly tokens: number;
  /** Epoch milliseconds. */
  readonly refilledAt: number;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}
export interface SourceLimits {
  /** Requests per second that the service keeps up. */
  readonly refillPerSecond: number;
  /** Requests that it takes at once after a rest. */
  readonly burst: number;
}

const PAGE_RECORDS = 50;
/** Milliseconds between a client's attempts, as botocore's standard mode backs off, on the job world's scale of time. */
const BACKOFF = [50, 100, 200, 400];

export class ThrottledSource {
  readonly #file: string;
  readonly #limits: SourceLimits;
  readonly #clock: () => Date;

  constructor(options: { readonly file: string; readonly clock: () => Date; readonly limits: SourceLimits }) {
    this.#file = options.file;
    this.#clock = options.clock;
    this.#limits = options.limits;
    if (!readJson(this.#file)) writeJson(this.#file, { tokens: this.#limits.burst, refilledAt: this.#clock().getTime(), records: [] });
  }

  /** What the service has to give from now on. */
  setRecords(records: readonly Readonly<Record<string, unknown>>[]): void {
    writeJson(this.#file, { ...this.#state(), records });
  }

  /** Another consumer takes all that the service has, and what it will have within the next `seconds`. */
  drain(seconds: number): void {
    writeJson(this.#file, { ...this.#state(), tokens: -seconds * this.#limits.refillPerSecond });
  }

  /** One page, for one token. Error: ThrottlingException. */
  page(number: number): { records: readonly Readonly<Record<string, unknown>>[]; isLast: boolean } {
    const state = this.#state();
    if (state.tokens < 1) {
      writeJson(this.#file, state);
      throw new ServiceError('ThrottlingException', 'Rate exceeded');
    }
    writeJson(this.#file, { ...state, tokens: state.tokens - 1 });
    const from = number * PAGE_RECORDS;
    return { records: state.records.slice(from, from + PAGE_RECORDS), isLast: from + PAGE_RECORDS >= state.records.length };
  }

  #state(): State {
    const stored = readJson<State>(this.#file) ?? { tokens: 0, refilledAt: 0, records: [] };
    const now = this.#clock().getTime();
    const { refillPerSecond, burst } = this.#limits;
    const refilled = stored.tokens + (Math.max(now - stored.refilledAt, 0) / 1000) * refillPerSecond;
    return { ...stored, tokens: Math.min(refilled, burst), refilledAt: now };
  }
}

/** All records, page by page, as a client with botocore's retries reads them. */
export async function readAll(
  source: ThrottledSource,
  operation: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>[]> {
  const records: Readonly<Record<string, unknown>>[] = [];
  for (let number = 0; ; number += 1) {
    const page = await withRetries(() => source.page(number), operation, signal);
    records.push(...page.records);
    if (page.isLast) return records;
  }
}

async function withRetries<T>(request: () => T, operation: string, signal: AbortSignal): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return request();
    } catch (error) {
      if (!(error instanceof ServiceError) || error.name !== 'ThrottlingException') throw error;
      const pause = BACKOFF[attempt];
      if (pause === undefined) throw clientError('ThrottlingException', operation, error.message, BACKOFF.length);
      await sleep(pause, signal);
    }
  }
}
