/** Puts Glue Medic's own events on the default bus. */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventPublisher } from '../ports.ts';

export const EVENT_SOURCE = 'glue-medic';

export class AwsEvents implements EventPublisher {
  readonly #events: EventBridgeClient;

  constructor(events: EventBridgeClient) {
    this.#events = events;
  }

  async publish(event: { detailType: string; detail: Readonly<Record<string, unknown>> }): Promise<void> {
    const { Entries = [] } = await this.#events.send(
      new PutEventsCommand({ Entries: [{ Source: EVENT_SOURCE, DetailType: event.detailType, Detail: JSON.stringify(event.detail) }] }),
    );
    throwIfRefused(Entries);
  }
}

/** PutEvents answers 200 also for an event that it did not take. */
export function throwIfRefused(entries: readonly { ErrorCode?: string | undefined; ErrorMessage?: string | undefined }[]): void {
  const refused = entries.find((entry) => entry.ErrorCode !== undefined);
  if (!refused) return;
  throw Object.assign(new Error(refused.ErrorMessage ?? 'the bus did not take the event'), { name: refused.ErrorCode });
}
