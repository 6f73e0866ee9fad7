/** Reads sources that may fail: what could not be read is listed, and lowers confidence, but never stops the gathering. */
import { quoteForMessage } from '../shared/errors.ts';
import type { EvidenceSection } from '../shared/incident.ts';
import { redact } from '../shared/redact.ts';
import { boundedText } from './bounded-text.ts';

const GAPS = 40;

export class Gaps {
  readonly list: EvidenceSection['gaps'] = [];

  add(source: string, reason: string): void {
    if (this.list.length < GAPS) this.list.push({ source: boundedText(source, 200), reason: boundedText(redact(reason), 300) });
  }

  /** The reading's value, or `fallback` and a gap. */
  async attempt<T>(source: string, fallback: T, reading: () => Promise<T>): Promise<T> {
    try {
      return await reading();
    } catch (error) {
      this.add(source, error instanceof Error ? `${error.name}: ${quoteForMessage(error.message, 200)}` : quoteForMessage(error, 200));
      return fallback;
    }
  }
}
