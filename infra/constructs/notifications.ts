/** Where people are told: one topic. Its key is our own: EventBridge and CloudWatch may not use AWS's, and messages would vanish. */
import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

export interface NotificationsProps {
  /** Mail address of the people on call. */
  readonly email?: string;
  /** Takes what could not be delivered. */
  readonly deadLetters: IQueue;
}

export class Notifications extends Construct {
  readonly topic: Topic;
  readonly key: Key;

  constructor(scope: Construct, id: string, { email, deadLetters }: NotificationsProps) {
    super(scope, id);
    this.key = new Key(this, 'TopicKey', { description: 'Encrypts what Glue Medic tells people', enableKeyRotation: true });
    this.topic = new Topic(this, 'Topic', { displayName: 'Glue Medic', masterKey: this.key, enforceSSL: true });
    // Rules are let in where they are made targets; alarms are not, once a topic has a policy.
    const alarmsFromHere = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    this.topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: alarmsFromHere }));
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email, { deadLetterQueue: deadLetters }));
  }
}

/** The queue of last resort: events and messages that nothing could take. Its depth raises an alarm. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, { enforceSSL: true, retentionPeriod: Duration.days(14) });
    for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
      acknowledge(this, rule, 'This is the dead-letter queue itself; what arrives in it raises an alarm.');
    }
  }
}
