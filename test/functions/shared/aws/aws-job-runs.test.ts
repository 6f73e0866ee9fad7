import { type GlueClient, GlueServiceException } from '@aws-sdk/client-glue';
import { AwsJobRuns, AwsJobStarter, toBookmark, toJob, toJobRun, toStartInput } from '../../../../functions/shared/aws/aws-job-runs.ts';

/** Shapes as the service sends them. */
const job = {
  Name: 'orders-daily',
  Role: 'arn:aws:iam::123456789012:role/glue',
  ExecutionProperty: { MaxConcurrentRuns: 3 },
  Command: { Name: 'glueetl', ScriptLocation: 's3://scripts/orders.py', PythonVersion: '3' },
  DefaultArguments: { '--TempDir': 's3://tmp/' },
  MaxRetries: 1,
  AllocatedCapacity: 10,
  Timeout: 480,
  MaxCapacity: 10,
  WorkerType: 'G.1X' as const,
  NumberOfWorkers: 10,
  GlueVersion: '5.0',
};
const run = {
  Id: `jr_${'a'.repeat(64)}`,
  Attempt: 1,
  PreviousRunId: `jr_${'b'.repeat(64)}`,
  JobName: 'orders-daily',
  StartedOn: new Date('2026-11-20T03:00:00Z'),
  CompletedOn: new Date('2026-11-20T03:04:10Z'),
  JobRunState: 'FAILED' as const,
  Arguments: { '--day': '2026-11-19' },
  ErrorMessage: 'AnalysisException: cannot resolve column',
  ExecutionTime: 240,
  Timeout: 480,
  MaxCapacity: 10,
  WorkerType: 'G.1X' as const,
  NumberOfWorkers: 10,
  LogGroupName: '/aws-glue/jobs',
  GlueVersion: '5.0',
  DPUSeconds: 2400,
  ExecutionClass: 'STANDARD' as const,
};

/** Answers one call with `answer`, an Error being thrown. */
function glueThat(answer: unknown): GlueClient {
  const send = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { send } as unknown as GlueClient;
}

describe('jobs and runs of Glue', () => {
  it('reads a job sized by workers, whose MaxCapacity only follows from them', () => {
    expect(toJob(job)).toMatchObject({ command: 'glueetl', maxRetries: 1, maxConcurrentRuns: 3, workerType: 'G.1X', maxCapacity: null });
  });

  it('reads a job sized by capacity, and defaults that Glue leaves out', () => {
    expect(toJob({ Name: 'small', Command: { Name: 'pythonshell' }, MaxCapacity: 0.0625 })).toEqual({
      name: 'small',
      command: 'pythonshell',
      glueVersion: null,
      maxRetries: 0,
      maxConcurrentRuns: 1,
      workerType: null,
      numberOfWorkers: null,
      maxCapacity: 0.0625,
      defaultArguments: {},
      nonOverridableArguments: {},
      securityConfiguration: null,
      role: '',
    });
  });

  it('reads a run with every field', () => {
    expect(toJobRun(run)).toEqual({
      id: run.Id,
      jobName: 'orders-daily',
      attempt: 1,
      previousRunId: run.PreviousRunId,
      triggerName: null,
      state: 'FAILED',
      stateDetail: null,
      errorMessage: run.ErrorMessage,
      startedOn: '2026-11-20T03:00:00.000Z',
      completedOn: '2026-11-20T03:04:10.000Z',
      executionTimeSeconds: 240,
      timeoutMinutes: 480,
      dpuSeconds: 2400,
      arguments: { '--day': '2026-11-19' },
      workerType: 'G.1X',
      numberOfWorkers: 10,
      maxCapacity: null,
      glueVersion: '5.0',
      logGroupName: '/aws-glue/jobs',
      securityConfiguration: null,
      executionClass: 'STANDARD',
    });
  });

  it('does not guess what a missing name or a state it does not know means', () => {
    const { Id: _, ...withoutId } = run;
    expect(() => toJobRun(withoutId)).toThrow('E_AWS_RESPONSE');
    expect(() => toJobRun({ ...run, JobRunState: 'toString' as 'FAILED' })).toThrow('E_AWS_RESPONSE');
  });

  it('takes a bookmark that does not exist for none, and other errors for errors', async () => {
    const failing = (name: string) => new AwsJobRuns(glueThat(Object.assign(new Error('no'), { name })));
    expect(await failing('EntityNotFoundException').getJobBookmark('orders')).toBeNull();
    await expect(failing('AccessDeniedException').getJobBookmark('orders')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(toBookmark({ JobName: 'orders', Version: 5, Run: 3, Attempt: 0, JobBookmark: '{"gdf":1}' })).toEqual({
      run: 3,
      attempt: 0,
      version: 5,
      value: '{"gdf":1}',
    });
  });
});

describe('starting and stopping runs', () => {
  const request = { jobName: 'orders', arguments: { '--day': 'x' } };

  it('names a worker type only where one was asked for, also one the SDK does not know', () => {
    expect(toStartInput(request)).toEqual({ JobName: 'orders', Arguments: { '--day': 'x' } });
    expect(toStartInput({ ...request, workerType: 'G.12X', numberOfWorkers: 4 })).toMatchObject({
      WorkerType: 'G.12X',
      NumberOfWorkers: 4,
    });
  });

  it('calls a start without an answer what it is: perhaps started', async () => {
    const reset = Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });
    await expect(new AwsJobStarter(glueThat(reset)).startJobRun(request)).rejects.toMatchObject({ name: 'OperationTimeoutException' });
  });

  it('keeps the name of an error that was answered', async () => {
    const answered = new GlueServiceException({
      name: 'ConcurrentRunsExceededException',
      $fault: 'client',
      message: 'max concurrent runs',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(new AwsJobStarter(glueThat(answered)).startJobRun(request)).rejects.toMatchObject({
      name: 'ConcurrentRunsExceededException',
    });
  });

  it('throws what BatchStopJobRun only lists', async () => {
    const refused = {
      SuccessfulSubmissions: [],
      Errors: [{ JobRunId: 'jr_1', ErrorDetail: { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'no run' } }],
    };
    await expect(new AwsJobStarter(glueThat(refused)).stopJobRun('orders', 'jr_1')).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
    const accepted = { SuccessfulSubmissions: [{ JobName: 'orders', JobRunId: 'jr_1' }], Errors: [] };
    await expect(new AwsJobStarter(glueThat(accepted)).stopJobRun('orders', 'jr_1')).resolves.toBeUndefined();
  });
});
