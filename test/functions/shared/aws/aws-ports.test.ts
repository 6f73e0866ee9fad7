import { throwIfRefused } from '../../../../functions/shared/aws/aws-events.ts';
import { toLogEvent } from '../../../../functions/shared/aws/aws-logs.ts';
import { toBody, toSubject } from '../../../../functions/shared/aws/aws-notifier.ts';
import { awsPorts } from '../../../../functions/shared/aws/aws-ports.ts';
import { DynamoDBItemTable } from '../../../../functions/shared/tables/dynamodb-item-table.ts';

describe('the ports on AWS', () => {
  it('are made without any variable and ask for one only when it is used, by name', () => {
    const ports = awsPorts({});
    expect(ports.clock()).toBeInstanceOf(Date);
    expect(() => ports.operations).toThrow(/E_ENVIRONMENT: OPERATIONS_TABLE_NAME is not set/);
    expect(() => ports.workflow).toThrow(/STATE_MACHINE_ARN is not set/);
    expect(() => ports.settings.quarantineBucket).toThrow(/QUARANTINE_BUCKET_NAME is not set/);
  });

  it('refuse a variable that cannot be what it is called', () => {
    expect(() => awsPorts({ TOPIC_ARN: 'orders' }).notifier).toThrow(/E_ENVIRONMENT: TOPIC_ARN is not valid, expected an ARN of sns/);
    expect(() => awsPorts({ ACCOUNT_ID: '1', AWS_REGION: 'eu-central-1' }).objects).toThrow(
      /ACCOUNT_ID is not valid, expected twelve digits/,
    );
  });

  it('are the same for the same environment, so that connections are kept', () => {
    const env = { OPERATIONS_TABLE_NAME: 'operations', AWS_REGION: 'eu-central-1' };
    expect(awsPorts(env)).toBe(awsPorts(env));
    expect(awsPorts({ ...env })).not.toBe(awsPorts(env));
    expect(awsPorts(env).operations).toBeInstanceOf(DynamoDBItemTable);
  });
});

describe('what people are told', () => {
  it('has a subject that SNS takes', () => {
    expect(toSubject('Job "Aufträge"\nneeds you')).toBe('Job "Auftr?ge"?needs you');
    expect(toSubject('x'.repeat(200))).toHaveLength(99);
    expect(toSubject(' \u0007 ')).toBe('?');
    expect(toSubject('')).toBe('Glue Medic');
  });

  it('has a body that is cut at a whole character', () => {
    const body = toBody('ä'.repeat(200 * 1024));
    expect(Buffer.byteLength(body)).toBeLessThan(201 * 1024);
    expect(body).toMatch(/^ä+…$/);
    expect(toBody('short')).toBe('short');
    expect(toBody('')).toBe('-');
  });
});

describe('answers of the services', () => {
  it('an event that the bus did not take is an error, although the call went well', () => {
    expect(() => throwIfRefused([{ ErrorCode: 'InternalFailure', ErrorMessage: 'later' }])).toThrow('later');
    expect(() => throwIfRefused([{}])).not.toThrow();
  });

  it('a log event has all fields', () => {
    expect(toLogEvent({ timestamp: 1, message: 'm', logStreamName: 's', eventId: 'x', ingestionTime: 2 })).toEqual({
      timestamp: 1,
      message: 'm',
      logStreamName: 's',
    });
    expect(toLogEvent({})).toEqual({ timestamp: 0, message: '', logStreamName: '' });
  });
});
