/** Starts executions of the state machine; the name makes a second start of the same one fail. */
import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { WorkflowStarter } from '../ports.ts';

export class AwsWorkflow implements WorkflowStarter {
  readonly #states: SFNClient;
  readonly #stateMachineArn: string;

  constructor(states: SFNClient, stateMachineArn: string) {
    this.#states = states;
    this.#stateMachineArn = stateMachineArn;
  }

  async startExecution(name: string, input: unknown): Promise<void> {
    await this.#states.send(new StartExecutionCommand({ stateMachineArn: this.#stateMachineArn, name, input: JSON.stringify(input) }));
  }
}
