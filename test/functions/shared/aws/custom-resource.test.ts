import { customResource } from '../../../../functions/shared/aws/custom-resource.ts';

const event = {
  RequestType: 'Create',
  ResponseURL: 'https://cloudformation-custom-resource-response.s3.amazonaws.com/x?signature=y',
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/GlueMedic/1',
  RequestId: 'r1',
  LogicalResourceId: 'SeedPolicy',
  ResourceProperties: { ServiceToken: 'arn' },
};

function recorder(status = 200) {
  const answers: { url: string; body: Record<string, unknown> }[] = [];
  const send = async (url: unknown, init?: RequestInit) => {
    answers.push({ url: String(url), body: JSON.parse(String(init?.body)) });
    return new Response(null, { status });
  };
  return { answers, send: send as typeof fetch };
}

describe('a custom resource', () => {
  it('answers success after the work is done', async () => {
    const { answers, send } = recorder();
    let runs = 0;
    await customResource(async () => {
      runs += 1;
    }, send)(event);
    expect(runs).toBe(1);
    expect(answers).toEqual([
      {
        url: event.ResponseURL,
        body: {
          Status: 'SUCCESS',
          PhysicalResourceId: 'SeedPolicy',
          StackId: event.StackId,
          RequestId: 'r1',
          LogicalResourceId: 'SeedPolicy',
        },
      },
    ]);
  });

  it('answers failure with a bounded reason, so that the deployment does not hang', async () => {
    const { answers, send } = recorder();
    const put = () => Promise.reject(new Error('x'.repeat(5000)));
    await customResource(put, send)({ ...event, RequestType: 'Update', PhysicalResourceId: 'before' });
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'before' });
    expect(String(answers[0]?.body['Reason'])).toHaveLength(1000);
  });

  it('does nothing on removal but say so', async () => {
    const { answers, send } = recorder();
    await customResource(() => Promise.reject(new Error('must not run')), send)({ ...event, RequestType: 'Delete' });
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS' });
  });

  it('says so when its answer is not taken, and refuses what is no request', async () => {
    const { send } = recorder(403);
    await expect(customResource(async () => {}, send)(event)).rejects.toThrow('403');
    await expect(customResource(async () => {}, send)({})).rejects.toThrow();
  });
});
