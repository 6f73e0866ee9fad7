/** The deployed state machine over a small world: the ASL's own text and the deployed steps; waits and retries take no time. */
import { readFileSync } from 'node:fs';
import { StateMachine } from 'aws-local-stepfunctions';
import type { Step } from '../../functions/shared/define-step.ts';
import type { Incident } from '../../functions/shared/incident.ts';
import { STEPS } from '../../local/steps.ts';
import type { HealingWorld, WorldPorts } from './healing-world.ts';
import { INCIDENT_ID } from './sample-incident.ts';

const TEXT = readFileSync(new URL('../../statemachine/glue-medic.asl.json', import.meta.url), 'utf8');
type States = Readonly<Record<string, { readonly Type: string }>>;

export const FAILED_RUN = {
  source: 'aws.glue',
  'detail-type': 'Glue Job State Change',
  account: '111122223333',
  detail: { jobName: 'orders', jobRunId: 'jr_1', state: 'FAILED' },
};

/** The deployed step; over ports of its own where one Lambda alone is to fail. */
export type RunStep = (ports?: WorldPorts) => Promise<unknown>;
/** How a Task of this state is carried out, for the how-manieth time from 1. */
export type Around = (visit: number, step: RunStep) => Promise<unknown>;

export interface MachineOptions {
  readonly around?: Readonly<Record<string, Around>>;
  /** What people do while the machine waits for them; without it their silence lasts to the timeout. */
  readonly decide?: () => Promise<unknown>;
  readonly executionId?: string;
  readonly ports?: WorldPorts;
  /** Called with a way to abort the execution, as an operator does. */
  readonly onStart?: (abort: () => void) => void;
}

export interface MachineRun {
  /** The states that were entered, in order. */
  readonly path: readonly string[];
  /** The last document; null where the execution was aborted or failed. */
  readonly document: Incident | null;
  readonly error: string | null;
}

/** Not one of the steps' own errors: what Lambda or Step Functions answers instead of the step. */
export function platformError(name: string): Error {
  return Object.assign(new Error(`${name}, injected`), { name });
}

/** Throttled at its source: the rules retry it, in auto at once. */
export function throttleTheRun(world: HealingWorld): void {
  const timestamp = Date.parse('2026-11-05T11:49:00.000Z');
  world.logs.append('/aws-glue/jobs/error', 'jr_1-driver', [
    { timestamp, message: 'An error occurred (ThrottlingException) when calling the GetObject operation: Rate exceeded' },
  ]);
}

/** The run that the remediation has started ends well, where there is one. */
export function endTheRerun(world: HealingWorld, state: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED'): void {
  for (const run of world.glue.startedFor(INCIDENT_ID)) if (run.state === 'RUNNING') world.glue.end(run.id, state);
}

export async function runMachine(world: HealingWorld, options: MachineOptions = {}): Promise<MachineRun> {
  const { around = {}, executionId = 'execution-1', ports = world.ports, decide, onStart } = options;
  const definition = JSON.parse(
    TEXT.replaceAll(/\$\{(\w+)Arn\}/g, (_match, name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`),
  );
  const states = Object.entries((definition as { States: States }).States);
  const named = (type: string) => states.filter(([, state]) => state.Type === type).map(([name]) => name);
  const visits = new Map<string, number>();
  const taskToken = `token-of-${executionId}`;

  const task = (state: string) => async (payload: unknown) => {
    const visit = (visits.get(state) ?? 0) + 1;
    visits.set(state, visit);
    const step = STEPS[state];
    if (!step) throw new Error(`no step ${state}`);
    const run: RunStep = (of = ports) => (state === 'AwaitDecision' ? awaitDecision(step, payload) : step(() => of)(payload));
    return around[state] ? around[state](visit, run) : run();
  };
  async function awaitDecision(step: Step, parameters: unknown): Promise<unknown> {
    const { callback } = world.ports;
    callback.open.add(taskToken);
    await step(() => ports)((parameters as { Payload: unknown }).Payload);
    await decide?.();
    const answer = callback.answers.find((each) => each.taskToken === taskToken);
    if (!answer) throw platformError('States.Timeout');
    return answer.output;
  }

  const run = new StateMachine(definition).run(FAILED_RUN, {
    overrides: {
      // biome-ignore lint/suspicious/noExplicitAny: the interpreter's JSON type has no name for "any JSON"
      taskResourceLocalHandlers: Object.fromEntries(named('Task').map((state) => [state, task(state)])) as any,
      waitTimeOverrides: Object.fromEntries(named('Wait').map((state) => [state, 0])),
      retryIntervalOverrides: Object.fromEntries(named('Task').map((state) => [state, 0])),
    },
    context: { Execution: { Id: executionId }, Task: { Token: taskToken } },
    noThrowOnAbort: true,
  });
  onStart?.(run.abort);
  const path: string[] = [];
  const watching = (async () => {
    for await (const event of run.eventLogs) if (event.type === 'StateEntered') path.push(event.state.name);
  })();
  const ended = await run.result.then(
    (output) => ({ document: output as Incident | null, error: null }),
    (error: unknown) => ({ document: null, error: error instanceof Error ? error.message : String(error) }),
  );
  await watching;
  return { path, ...ended };
}
