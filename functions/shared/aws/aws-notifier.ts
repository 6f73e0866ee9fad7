/** Tells people by SNS. A message carries an approval id and nothing that grants. */
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../ports.ts';

const SUBJECT_LIMIT = 99;
/** Bytes; SNS takes 256 KB with attributes. */
const BODY_LIMIT = 200 * 1024;

export class AwsNotifier implements Notifier {
  readonly #sns: SNSClient;
  readonly #topicArn: string;

  constructor(sns: SNSClient, topicArn: string) {
    this.#sns = sns;
    this.#topicArn = topicArn;
  }

  async notify(message: { subject: string; body: string; incidentId: string }): Promise<void> {
    await this.#sns.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        Subject: toSubject(message.subject),
        Message: toBody(message.body),
        MessageAttributes: { incidentId: { DataType: 'String', StringValue: message.incidentId } },
      }),
    );
  }
}

/** SNS refuses subjects that are not printable ASCII, not begun by a letter, digit or sign, or of 100 characters and more. */
export function toSubject(subject: string): string {
  const printable = subject.replace(/[^\x20-\x7e]+/g, '?').trim();
  return printable === '' ? 'Glue Medic' : printable.slice(0, SUBJECT_LIMIT);
}

/** Cut at a whole character. */
export function toBody(body: string): string {
  const bytes = Buffer.from(body === '' ? '-' : body);
  return bytes.byteLength <= BODY_LIMIT
    ? bytes.toString()
    : `${new TextDecoder().decode(bytes.subarray(0, BODY_LIMIT), { stream: true })}…`;
}
