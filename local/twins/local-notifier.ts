/** The topic as a mailbox: one file, one message per line, in the order in which they were sent. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Notifier } from '../../functions/shared/ports.ts';

export interface Mail {
  /** ISO 8601. */
  readonly sentAt: string;
  readonly incidentId: string;
  readonly subject: string;
  readonly body: string;
}

export class LocalNotifier implements Notifier {
  readonly #file: string;
  readonly #clock: () => Date;

  constructor(options: { readonly file: string; readonly clock: () => Date }) {
    this.#file = options.file;
    this.#clock = options.clock;
  }

  async notify({ subject, body, incidentId }: { subject: string; body: string; incidentId: string }): Promise<void> {
    const mail: Mail = { sentAt: this.#clock().toISOString(), incidentId, subject, body };
    mkdirSync(dirname(this.#file), { recursive: true });
    appendFileSync(this.#file, `${JSON.stringify(mail)}\n`);
  }

  /** Oldest first. */
  mails(): Mail[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Mail);
  }
}
