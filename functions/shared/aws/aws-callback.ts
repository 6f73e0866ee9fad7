/** Answers a state that waits for a person. */
import { SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { TaskCallback } from '../ports.ts';

export class AwsCallback implements TaskCallback {
  readonly #states: SFNClient;

  constructor(states: SFNClient) {
    this.#states = states;
  }

  async sendTaskSuccess(taskToken: string, output: unknown): Promise<void> {
    await this.#states.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
  }
}
