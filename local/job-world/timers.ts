/** Timers that can all be ended at once, so that nothing of the job world outlives it. */
import { setTimeout as sleepFor } from 'node:timers/promises';

export class Timers {
  readonly #pending = new Set<NodeJS.Timeout>();
  #ended = false;

  /** Does nothing once all were ended. `action` handles its own failures. */
  after(milliseconds: number, action: () => void): void {
    if (this.#ended) return;
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      action();
    }, milliseconds);
    this.#pending.add(timer);
  }

  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#ended = true;
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
  }
}

/** Waits; rejects with an AbortError as soon as `signal` says so. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleepFor(milliseconds, undefined, { signal });
}
