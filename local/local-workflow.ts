/**
 * Step Functions on this machine: the deployed ASL text, run by an interpreter, each Task answered by the step of the same name.
 * Executions live in memory; what they have decided lives in the tables, so an open incident is simply started again.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateMachine } from 'aws-local-stepfunctions';
import { ServiceError } from '../functions/shared/aws-errors.ts';
import type { Step } from '../functions/shared/define-step.ts';
import type { Ports, TaskCallback, WorkflowStarter } from '../functions/shared/ports.ts';

const DEFINITION = join(import.meta.dirname, '../statemachine/glue-medic.asl.json');
const WAITING_STATE = 'AwaitDecision';

export interface ExecutionEnd {
  readonly executionId: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  /** The last document; undefined where the execution failed. */
  readonly output: unknown;
  readonly cause: string | null;
}

interface Execution {
  readonly id: string;
  readonly taskToken: string;
  readonly abort: () => void;
  /** Set while the execution waits for a person. */
  waitsForDecision: boolean;
}

export class LocalWorkflow implements WorkflowStarter, TaskCallback {
  readonly #machine: StateMachine;
  readonly #steps: Readonly<Record<string, Step>>;
  readonly #ports: () => Ports;
  readonly #running = new Map<string, Execution>();
  readonly #known = new Set<string>();
  readonly #waiting = new Map<string, (output: unknown) => void>();
  readonly #listeners: ((end: ExecutionEnd) => void)[] = [];
  #stopped = false;
  #changes = 0;

  constructor(steps: Readonly<Record<string, Step>>, ports: () => Ports) {
    this.#machine = sharedMachine();
    this.#steps = steps;
    this.#ports = ports;
  }

  onEnd(listener: (end: ExecutionEnd) => void): void {
    this.#listeners.push(listener);
  }

  /** Grows whenever an execution has ended or begins to wait for a person: then there may be something to tell. */
  get changes(): number {
    return this.#changes;
  }

  /** Executions that are neither over nor waiting for a person. */
  get busy(): number {
    return [...this.#running.values()].filter((execution) => !execution.waitsForDecision).length;
  }

  async startExecution(name: string, input: unknown): Promise<void> {
    if (this.#stopped) return;
    if (this.#known.has(name)) throw new ServiceError('ExecutionAlreadyExists', `execution ${name} exists`);
    this.#known.add(name);
    this.#run(`local:execution:${name}`, input);
  }

  /** Starts what a stop has interrupted, under its own id, so that its claim admits it. */
  resumeExecution(executionId: string, input: unknown): void {
    this.#known.add(executionId.slice('local:execution:'.length));
    this.#run(executionId, input);
  }

  async sendTaskSuccess(taskToken: string, output: unknown): Promise<void> {
    const resolve = this.#waiting.get(taskToken);
    if (!resolve) throw new ServiceError('TaskTimedOut', 'the task has timed out or was answered before');
    this.#waiting.delete(taskToken);
    resolve(output);
  }

  /** What an operator, or the end of a process, does to one execution: it goes no further, whatever its steps have begun. */
  abortExecution(executionId: string): void {
    this.#running.get(executionId)?.abort();
  }

  /** Aborts what is running; nothing is lost, see resumeExecution. */
  stop(): void {
    this.#stopped = true;
    for (const execution of this.#running.values()) execution.abort();
    // Answered, a wait ends and its timer with it; the aborted execution goes no further.
    for (const answer of this.#waiting.values()) answer(null);
    this.#waiting.clear();
  }

  #run(id: string, input: unknown): void {
    const taskToken = randomUUID();
    const handlers = Object.fromEntries(
      Object.entries(this.#steps).map(([state, step]) => [
        state,
        (payload: unknown) => (state === WAITING_STATE ? this.#wait(id, step, payload, taskToken) : step(this.#ports)(payload)),
      ]),
    );
    // biome-ignore lint/suspicious/noExplicitAny: the interpreter's JSON type has no name for "any JSON"
    const run = this.#machine.run(structuredClone(input) as any, {
      // biome-ignore lint/suspicious/noExplicitAny: likewise
      overrides: { taskResourceLocalHandlers: handlers as any },
      context: { Execution: { Id: id }, Task: { Token: taskToken } },
      noThrowOnAbort: true,
    });
    const execution: Execution = { id, taskToken, abort: run.abort, waitsForDecision: false };
    this.#running.set(id, execution);
    run.result.then(
      (output) => this.#end(execution, { executionId: id, status: output === null ? 'ABORTED' : 'SUCCEEDED', output, cause: null }),
      (error: unknown) =>
        this.#end(execution, {
          executionId: id,
          status: this.#stopped ? 'ABORTED' : 'FAILED',
          output: undefined,
          cause: error instanceof Error ? error.message : String(error),
        }),
    );
  }

  #end(execution: Execution, end: ExecutionEnd): void {
    // An execution that is started again under its id has taken the place of the one that ends here.
    if (this.#running.get(execution.id) === execution) this.#running.delete(execution.id);
    // Nobody waits any more: an answer that comes now is too late, and is told so.
    this.#waiting.delete(execution.taskToken);
    this.#changes += 1;
    for (const listener of this.#listeners) listener(end);
  }

  async #wait(id: string, step: Step, parameters: unknown, taskToken: string): Promise<unknown> {
    const { Payload } = parameters as { Payload: unknown };
    const decided = new Promise<unknown>((resolve) => this.#waiting.set(taskToken, resolve));
    await step(this.#ports)(Payload);
    const execution = this.#running.get(id);
    if (execution) execution.waitsForDecision = true;
    this.#changes += 1;
    try {
      return await decided;
    } finally {
      if (execution) execution.waitsForDecision = false;
    }
  }
}

let machine: StateMachine | undefined;

/** It keeps nothing of what it runs; checking the definition is what takes time. */
function sharedMachine(): StateMachine {
  machine ??= new StateMachine(localDefinition());
  return machine;
}

/** The deployed text with its substitutions filled in; the interpreter never calls the ARNs. */
function localDefinition() {
  const text = readFileSync(DEFINITION, 'utf8');
  return JSON.parse(text.replaceAll(/\$\{(\w+)Arn\}/g, (_match, name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`));
}
