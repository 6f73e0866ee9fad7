/** The topic as a mailbox: one file, one message per line, in the order in which they were sent. */
import type { Notifier } from '../../functions/shared/ports.ts';
import { appendJsonLines, readJsonLines } from './files.ts';

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
    appendJsonLines(this.#file, [mail]);
  }

  /** Oldest first. */
  mails(): Mail[] {
    return readJsonLines<Mail>(this.#file);
  }
}
