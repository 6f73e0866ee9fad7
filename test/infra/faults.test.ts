/** What the deployed rules do with fixture events: those that cannot be delivered, and those of executions that no Catch sees end. */
import { claimIncident } from '../../functions/claim-incident/claim-incident.ts';
import { reconcileRuns } from '../../functions/reconcile-runs/reconcile-runs.ts';
import { IncidentStore, incidentIdOf } from '../../functions/shared/stores/incidents.ts';
import { register } from '../../functions/shared/stores/registrations.ts';
import { aRun, type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';
import { aRegistration } from '../support/sample-incident.ts';
import { Synthesised } from './synthesise.ts';

const stack = new Synthesised();
const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:GlueMedic-Healing';

interface Target {
  readonly Arn: unknown;
  readonly DeadLetterConfig?: unknown;
  readonly Input?: unknown;
  readonly InputPath?: unknown;
  readonly InputTransformer?: { readonly InputTemplate: string };
}
interface DeployedRule {
  readonly pattern: unknown;
  readonly targets: readonly Target[];
}
const rules: readonly DeployedRule[] = stack
  .ofType('AWS::Events::Rule')
  .flatMap(([, { Properties }]) =>
    Properties['EventPattern'] === undefined ? [] : [{ pattern: Properties['EventPattern'], targets: Properties['Targets'] as Target[] }],
  );

/** EventBridge's exact matching, which is all that the rules use: a list holds the value, an object holds fields. */
function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((each) => {
      if (typeof each === 'string') return each === event;
      // The one reference in a pattern of ours: the state machine.
      if (JSON.stringify(each).startsWith('{"Ref":"WorkflowStateMachine')) return event === MACHINE;
      throw new Error(`a pattern that this test does not know: ${JSON.stringify(each)}`);
    });
  }
  return Object.entries(pattern as object).every(([key, of]) => matches(of, (event as Record<string, unknown> | undefined)?.[key]));
}
const rulesFor = (event: unknown) => rules.filter(({ pattern }) => matches(pattern, event));
const isTopic = ({ Arn }: Target) => JSON.stringify(Arn).startsWith('{"Ref":"NotificationsTopic');

const glueEvent = {
  version: '0',
  id: 'abcdef00-1234-5678-9abc-def012345678',
  'detail-type': 'Glue Job State Change',
  source: 'aws.glue',
  account: '111122223333',
  time: '2026-11-05T11:50:01Z',
  region: 'eu-central-1',
  resources: [],
  detail: { jobName: 'orders', severity: 'ERROR', state: 'FAILED', jobRunId: 'jr_1', message: 'An error occurred' },
};

describe('F5 an event that its rule is not allowed to deliver', () => {
  let ports: MemoryPorts;
  beforeEach(async () => {
    ports = memoryPorts();
    await register(ports.operations, aRegistration());
    ports.jobRuns.add(aRun());
  });
  const summary = () => new IncidentStore(ports).get(incidentIdOf('orders', 'jr_1', 0));

  it('lies in the dead-letter queue as it came, where one message raises the alarm', () => {
    const [queue] = stack.one('AWS::SQS::Queue', 'DeadLetters');
    const [rule, ...others] = rulesFor(glueEvent);
    expect(others).toEqual([]);
    expect(rule?.targets).toHaveLength(1);
    expect(rule?.targets[0]?.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queue, 'Arn'] } });
    const { Input, InputPath, InputTransformer } = rule?.targets[0] ?? {};
    expect([Input, InputPath, InputTransformer]).toEqual([undefined, undefined, undefined]);
    const [, alarm] = stack.one('AWS::CloudWatch::Alarm', 'AlarmsDeadLetterDepth');
    expect(alarm.Properties).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    });
  });

  it('opens its incident when the message is handed to the state machine as it is', async () => {
    const message = JSON.stringify(glueEvent);
    expect(await claimIncident(JSON.parse(message), 'replayed', ports)).toMatchObject({ disposition: 'claimed' });
    expect(await summary()).toMatchObject({ status: 'open', owner: 'replayed' });
  });

  it('is found by the reconciler without anybody’s help; replayed after that it is a duplicate', async () => {
    expect((await reconcileRuns(ports)).opened).toBe(1);
    const [execution] = ports.workflow.started;
    expect(await claimIncident(execution?.input, 'reconciled', ports)).toMatchObject({ disposition: 'claimed' });
    expect(await claimIncident(glueEvent, 'replayed', ports)).toMatchObject({ disposition: 'duplicate' });
    expect(await summary()).toMatchObject({ owner: 'reconciled', duplicates: 1 });
  });
});

describe('R57 an execution that ends although no Catch has seen it', () => {
  const ended = (status: string, changes: Record<string, unknown> = {}) => ({
    ...glueEvent,
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: {
      executionArn: `${MACHINE.replace('stateMachine', 'execution')}:e-1`,
      stateMachineArn: MACHINE,
      name: 'e-1',
      status,
      input: '{"detail":{"jobName":"orders"}}',
      error: null,
      cause: null,
      ...changes,
    },
  });
  const told = (event: unknown) => rulesFor(event).flatMap(({ targets }) => targets.filter(isTopic));

  it.each([
    ['of too much data', ended('FAILED', { error: 'States.DataLimitExceeded' })],
    ['of an error at run time', ended('FAILED', { error: 'States.Runtime' })],
    ['of an escalation that failed itself', ended('FAILED', { error: 'GlueMedic.MachineFailed' })],
    ['of its own time', ended('TIMED_OUT')],
    ['of an operator', ended('ABORTED')],
  ])('because %s is told to people, with the queue behind it, and without its input', (_why, event) => {
    const [target, ...others] = told(event);
    expect(others).toEqual([]);
    expect(target?.DeadLetterConfig).toBeDefined();
    expect(target?.InputTransformer?.InputTemplate).toContain('ended as');
    expect(JSON.stringify(target?.InputTransformer)).not.toContain('detail.input');
  });

  it.each([
    ['has succeeded', ended('SUCCEEDED')],
    ['is running', ended('RUNNING')],
    ['is another machine’s', ended('FAILED', { stateMachineArn: `${MACHINE}-of-somebody-else` })],
  ])('is told to nobody where it %s', (_what, event) => {
    expect(rulesFor(event)).toEqual([]);
  });

  it('F36 because somebody has aborted it is also recorded, that alone', () => {
    const targetsOf = (status: string) => rulesFor(ended(status)).flatMap(({ targets }) => targets.map(({ Arn }) => JSON.stringify(Arn)));
    expect(targetsOf('ABORTED').filter((arn) => arn.includes('RecordAbort'))).toHaveLength(1);
    expect(targetsOf('FAILED').filter((arn) => arn.includes('RecordAbort'))).toEqual([]);
  });
});
