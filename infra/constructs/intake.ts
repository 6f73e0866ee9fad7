/** What starts the machine and its recorder: rules on the default bus, each delivered for a day and then kept, never dropped. */
import { Duration } from 'aws-cdk-lib';
import { EventField, type EventPattern, type IRuleTarget, Rule, type RuleProps, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine, SnsTopic, type TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { HANDED_OVER } from '../../functions/claim-incident/parse-trigger.ts';
import { EVENT_SOURCE } from '../../functions/shared/aws/aws-events.ts';

/** ERROR and EXPIRED are run states that no documented event carries; matching them costs nothing. STOPPED is a human's intent. */
export const FAILED_STATES = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

const GLUE_JOB: EventPattern = { source: ['aws.glue'], detailType: ['Glue Job State Change'] };

export interface IntakeProps {
  readonly stateMachine: IStateMachine;
  readonly recordGoodRun: IFunction;
  readonly recordAbort: IFunction;
  readonly topic: ITopic;
  readonly deadLetters: IQueue;
}

export class Intake extends Construct {
  constructor(scope: Construct, id: string, { stateMachine, recordGoodRun, recordAbort, topic, deadLetters }: IntakeProps) {
    super(scope, id);
    // The longest that EventBridge keeps trying.
    const delivery: TargetBaseProps = { deadLetterQueue: deadLetters, retryAttempts: 185, maxEventAge: Duration.days(1) };
    const heal = () => new SfnStateMachine(stateMachine, delivery);
    const rule = (name: string, description: string, eventPattern: EventPattern, target: IRuleTarget) => {
      const props: RuleProps = { description, eventPattern, targets: [target] };
      return new Rule(this, name, props);
    };

    rule('FailedRuns', 'A Glue job failed', { ...GLUE_JOB, detail: { state: FAILED_STATES } }, heal());
    rule(
      'FailedDataQuality',
      'A data quality ruleset of Glue failed',
      {
        source: ['aws.glue-dataquality'],
        detailType: ['Data Quality Evaluation Results Available'],
        detail: { state: ['FAILED'] },
      },
      heal(),
    );
    rule(
      'HandedOverRuns',
      'A rerun failed again: the next incident of its lineage',
      { source: [EVENT_SOURCE], detailType: [HANDED_OVER] },
      heal(),
    );
    rule(
      'GoodRuns',
      'A Glue job succeeded',
      { ...GLUE_JOB, detail: { state: ['SUCCEEDED'] } },
      new LambdaFunction(recordGoodRun, delivery),
    );
    const ended = (...status: string[]): EventPattern => ({
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachine.stateMachineArn], status },
    });
    rule(
      'AbortedExecutions',
      'Somebody has aborted an execution: its incident is theirs, and must not be started again',
      ended('ABORTED'),
      new LambdaFunction(recordAbort, delivery),
    );
    rule(
      'BrokenExecutions',
      'An execution of Glue Medic itself did not end well: no Catch sees that',
      ended('FAILED', 'TIMED_OUT', 'ABORTED'),
      new SnsTopic(topic, { ...delivery, message: toldOfExecution() }),
    );
  }
}

/** Names the execution only: the event also carries its input, which nobody has redacted. */
function toldOfExecution(): RuleTargetInput {
  const status = EventField.fromPath('$.detail.status');
  const execution = EventField.fromPath('$.detail.executionArn');
  return RuleTargetInput.fromText(
    `Glue Medic: execution ${execution} ended as ${status}. Look at its history and at the incident's audit trail.`,
  );
}
