/** Where people are told: one topic, encrypted with a key that the services which write to it may use. */
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
    // With a key of AWS's own, messages of these two would vanish without a trace.
    const fromHere = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com']) {
      const principal = new ServicePrincipal(service, { conditions: fromHere });
      this.key.grant(principal, 'kms:Decrypt', 'kms:GenerateDataKey');
      this.topic.grantPublish(principal);
    }
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
