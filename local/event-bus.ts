/** EventBridge on this machine: the rules of the deployed stack, matched against what the job world and Glue Medic put on the bus. */
import { randomUUID } from 'node:crypto';
import { HANDED_OVER } from '../functions/claim-incident/parse-trigger.ts';
import type { EventPublisher, Ports, WorkflowStarter } from '../functions/shared/ports.ts';

export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const FAILED_STATES = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

export class LocalEventBus implements EventPublisher {
  readonly #workflow: WorkflowStarter;
  readonly #recordGoodRun: (event: BusEvent) => Promise<unknown>;
  readonly #settings: Ports['settings'];
  readonly #pending = new Set<Promise<unknown>>();

  constructor(workflow: WorkflowStarter, recordGoodRun: (event: BusEvent) => Promise<unknown>, settings: Ports['settings']) {
    this.#workflow = workflow;
    this.#recordGoodRun = recordGoodRun;
    this.#settings = settings;
  }

  /** Events whose targets have not answered yet. */
  get pending(): number {
    return this.#pending.size;
  }

  async publish(event: { detailType: string; detail: Readonly<Record<string, unknown>> }): Promise<void> {
    this.deliver({ source: 'glue-medic', 'detail-type': event.detailType, detail: event.detail });
  }

  /** At least once, in no order that could be relied on, like the real one. */
  deliver(event: BusEvent): void {
    const target = this.#target(event);
    if (!target) return;
    const delivery = target().finally(() => this.#pending.delete(delivery));
    this.#pending.add(delivery);
    delivery.catch(() => undefined);
  }

  #target(event: BusEvent): (() => Promise<unknown>) | undefined {
    const { source, detail } = event;
    const detailType = event['detail-type'];
    const start = () => this.#workflow.startExecution(`e-${randomUUID()}`, { account: this.#settings.accountId, ...event });
    if (source === 'aws.glue' && detailType === 'Glue Job State Change') {
      if (FAILED_STATES.includes(String(detail['state']))) return start;
      return detail['state'] === 'SUCCEEDED' ? () => this.#recordGoodRun(event) : undefined;
    }
    if (source === 'aws.glue-dataquality') return detail['state'] === 'FAILED' ? start : undefined;
    return source === 'glue-medic' && detailType === HANDED_OVER ? start : undefined;
  }
}
