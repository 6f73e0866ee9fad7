/** What pages a person: events that could not be delivered, executions that failed, an executor at its limit, a silent reconciler. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

const FIVE_MINUTES = { period: Duration.minutes(5) };
const HALF_AN_HOUR = { period: Duration.minutes(30) };

export interface AlarmsProps {
  readonly topic: ITopic;
  readonly deadLetters: IQueue;
  readonly stateMachine: IStateMachine;
  readonly executeAction: IFunction;
  readonly reconcileRuns: IFunction;
}

export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { topic, deadLetters, stateMachine, executeAction, reconcileRuns }: AlarmsProps) {
    super(scope, id);
    const atLeastOne = (name: string, alarmDescription: string, metric: AlarmProps['metric']) =>
      this.#page(name, topic, {
        alarmDescription,
        metric,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });

    atLeastOne(
      'DeadLetterDepth',
      'Glue Medic could not take an event: look into the dead-letter queue',
      deadLetters.metricApproximateNumberOfMessagesVisible({ ...FIVE_MINUTES, statistic: 'Maximum' }),
    );
    atLeastOne('FailedExecutions', 'An execution of Glue Medic failed', stateMachine.metricFailed({ ...FIVE_MINUTES, statistic: 'Sum' }));
    atLeastOne(
      'ExecutorThrottled',
      'More remediations at a time than the executor may run',
      executeAction.metricThrottles({ ...FIVE_MINUTES, statistic: 'Sum' }),
    );
    // The canary: it is the absence of a sign of life that counts.
    this.#page('ReconcilerSilent', topic, {
      alarmDescription: 'The reconciler of Glue Medic has not run for half an hour: failures without an event go unseen',
      metric: reconcileRuns.metricInvocations({ ...HALF_AN_HOUR, statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  #page(name: string, topic: ITopic, props: AlarmProps): void {
    new Alarm(this, name, props).addAlarmAction(new SnsAction(topic));
  }
}
