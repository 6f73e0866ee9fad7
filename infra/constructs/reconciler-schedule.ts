/** Glue's events are best effort: this schedule looks through the runs for what no event told. */
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export const PERIOD = Duration.minutes(5);

export class ReconcilerSchedule extends Construct {
  constructor(scope: Construct, id: string, { reconcileRuns, deadLetters }: { reconcileRuns: IFunction; deadLetters: IQueue }) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description: 'Opens incidents for failed runs that no event has told of',
      schedule: Schedule.rate(PERIOD),
      // The next pass makes up for a missed one: no use in trying for a day.
      targets: [new LambdaFunction(reconcileRuns, { deadLetterQueue: deadLetters, retryAttempts: 2, maxEventAge: PERIOD })],
    });
  }
}
