import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Buckets } from '../../infra/constructs/buckets.ts';
import { DeadLetters, Notifications } from '../../infra/constructs/notifications.ts';
import { StepFunctionLambda } from '../../infra/constructs/step-function-lambda.ts';
import { Tables } from '../../infra/constructs/tables.ts';
import { folderOf, MACHINE_STEPS, SIDE_STEPS, SIZING } from '../../infra/steps.ts';
import { makeStack, Synthesised } from './synthesise.ts';

const stack = new Synthesised();
const { template } = stack;
const asl = readFileSync(new URL('../../statemachine/glue-medic.asl.json', import.meta.url), 'utf8');
const definition = JSON.parse(asl) as { States: Record<string, { Type: string; TimeoutSeconds?: number }> };

describe('names', () => {
  it('state, folder, substitution and Lambda are one word', () => {
    const tasks = Object.entries(definition.States)
      .filter(([, state]) => state.Type === 'Task')
      .map(([name]) => name);
    expect([...tasks].sort()).toEqual([...MACHINE_STEPS].sort());
    const substitutions = [...asl.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]);
    expect(substitutions.sort()).toEqual(MACHINE_STEPS.map((step) => `${step}Arn`).sort());
    const [, machine] = stack.one('AWS::StepFunctions::StateMachine', 'WorkflowStateMachine');
    expect(Object.keys(machine.Properties['DefinitionSubstitutions'] ?? {}).sort()).toEqual([...substitutions].sort());
    for (const step of [...MACHINE_STEPS, ...SIDE_STEPS]) {
      expect([step, existsSync(new URL(`../../functions/${folderOf(step)}/handler.ts`, import.meta.url))]).toEqual([step, true]);
    }
  });

  it('the machine has the name by which its steps are allowed to answer it', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineName: 'GlueMedic-Healing' });
    const answering = stack
      .statementsOf('DecideApproval')
      .find((statement) => JSON.stringify(statement.Action).includes('SendTaskSuccess'));
    expect(JSON.stringify(answering?.Resource)).toMatch(/:stateMachine:GlueMedic-Healing"/);
  });

  it('the template holds the very text that runs locally', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { DefinitionString: asl });
  });
});

describe('intake', () => {
  const patterns = stack
    .ofType('AWS::Events::Rule')
    .map(([, rule]) => rule.Properties['EventPattern'] as Record<string, unknown> | undefined);

  it('R1 failed runs of every kind start the machine, succeeded ones are recorded, stopped ones are left alone', () => {
    const states = patterns
      .filter((pattern) => JSON.stringify(pattern?.['detail-type']) === '["Glue Job State Change"]')
      .map((pattern) => (pattern?.['detail'] as { state: string[] } | undefined)?.state);
    expect(states).toEqual(expect.arrayContaining([['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'], ['SUCCEEDED']]));
    expect(states).toHaveLength(2);
    expect(JSON.stringify(patterns)).not.toContain('STOPPED');
  });

  it('R8 every target has the dead-letter queue, and events are tried for a day, 185 times', () => {
    const [queue] = stack.one('AWS::SQS::Queue', 'DeadLetters');
    const rules = stack.ofType('AWS::Events::Rule');
    expect(rules).toHaveLength(7);
    for (const [id, rule] of rules) {
      const targets = rule.Properties['Targets'] as { DeadLetterConfig?: unknown; RetryPolicy?: unknown }[];
      expect([id, targets.map((target) => target.DeadLetterConfig)]).toEqual([id, [{ Arn: { 'Fn::GetAtt': [queue, 'Arn'] } }]]);
      if (rule.Properties['EventPattern'] !== undefined) {
        expect([id, targets[0]?.RetryPolicy]).toEqual([id, { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 }]);
      }
    }
  });

  it('R8 only these rules may write to the dead-letter queue, each by its own ARN', () => {
    const [, policy] = stack.one('AWS::SQS::QueuePolicy', 'DeadLettersPolicy');
    const statements = (policy.Properties['PolicyDocument'] as { Statement: { Effect: string; Condition: unknown; Principal: unknown }[] })
      .Statement;
    const allowed = statements.filter((statement) => statement.Effect === 'Allow');
    // Seven rules and the mail subscription's topic.
    expect(allowed).toHaveLength(8);
    for (const statement of allowed) {
      expect(statement.Condition).toEqual({ ArnEquals: { 'aws:SourceArn': expect.anything() } });
    }
  });

  it('R8 the depth of the dead-letter queue raises an alarm that tells people', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [Match.anyValue()],
    });
    expect(stack.ofType('AWS::CloudWatch::Alarm')).toHaveLength(4);
  });

  it('tells people of a broken execution without its input', () => {
    const [, rule] = stack.one('AWS::Events::Rule', 'IntakeBrokenExecutions');
    expect(rule.Properties['EventPattern']).toMatchObject({ detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] } });
    const [target] = rule.Properties['Targets'] as { InputTransformer: { InputPathsMap: Record<string, string> } }[];
    expect(Object.values(target?.InputTransformer.InputPathsMap ?? {}).sort()).toEqual(['$.detail.executionArn', '$.detail.status']);
  });
});

describe('security of what is deployed', () => {
  it('R61 the machine logs everything but data, and traces', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  it('R61 every table is encrypted, recoverable and protected from deletion; only operations expire', () => {
    const tables = stack.ofType('AWS::DynamoDB::Table');
    expect(tables).toHaveLength(3);
    for (const [id, table] of tables) {
      expect([id, table]).toMatchObject([
        id,
        {
          DeletionPolicy: 'Retain',
          Properties: {
            SSESpecification: { SSEEnabled: true },
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            DeletionProtectionEnabled: true,
            BillingMode: 'PAY_PER_REQUEST',
          },
        },
      ]);
    }
    expect(tables.filter(([, table]) => table.Properties['TimeToLiveSpecification'] !== undefined).map(([id]) => id)).toEqual([
      stack.one('AWS::DynamoDB::Table', 'TablesOperationsTable')[0],
    ]);
  });

  it('R61 every bucket is versioned, encrypted, private and TLS only; the data buckets log access', () => {
    const buckets = stack.ofType('AWS::S3::Bucket');
    expect(buckets).toHaveLength(3);
    for (const [id, bucket] of buckets) {
      expect([id, bucket.Properties]).toMatchObject([
        id,
        {
          VersioningConfiguration: { Status: 'Enabled' },
          BucketEncryption: expect.anything(),
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
      ]);
    }
    expect(buckets.filter(([, bucket]) => bucket.Properties['LoggingConfiguration'] !== undefined)).toHaveLength(2);
    const policies = stack.ofType('AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(3);
    for (const [, policy] of policies) expect(JSON.stringify(policy.Properties)).toContain('"aws:SecureTransport":"false"');
  });

  it('R61 queue and topic are encrypted and TLS only', () => {
    for (const type of ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']) {
      const found = stack.ofType(type);
      expect(found).toHaveLength(1);
      expect(JSON.stringify(found)).toContain('"aws:SecureTransport":"false"');
    }
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    // Alarms and rules reach people: both may publish, and use the key.
    const [[, policy] = ['', undefined]] = stack.ofType('AWS::SNS::TopicPolicy');
    const [[, key] = ['', undefined]] = stack.ofType('AWS::KMS::Key');
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com']) {
      expect(JSON.stringify(policy?.Properties)).toContain(`{"Service":"${service}"}`);
      expect(JSON.stringify(key?.Properties)).toContain(`{"Service":"${service}"}`);
    }
  });

  it('R62 nothing can be called from outside: no function URL, no API, permissions for rules alone', () => {
    expect(stack.types.filter((type) => /Url|ApiGateway|LoadBalancer/.test(type))).toEqual([]);
    for (const [, permission] of stack.ofType('AWS::Lambda::Permission')) {
      expect(permission.Properties).toMatchObject({ Principal: 'events.amazonaws.com', SourceArn: expect.anything() });
    }
  });

  it('the context of a deployment without data buckets grants nothing on data', () => {
    const bare = new Synthesised({ dataBuckets: [], logGroupPrefixes: ['/aws-glue/'], executorConcurrency: 1 });
    const resources = bare.statementsOf('ExecuteAction').map((statement) => JSON.stringify(statement.Resource));
    expect(resources.some((resource) => resource.includes(':s3:::'))).toBe(false);
    expect(bare.ofType('AWS::SNS::Subscription')).toEqual([]);
  });
});

describe('the Lambdas', () => {
  const lambdas = stack.ofType('AWS::Lambda::Function');

  it('R63 are one for each step, on the pinned runtime, with explicit size, time, tracing and log group', () => {
    expect(lambdas).toHaveLength(MACHINE_STEPS.length + SIDE_STEPS.length);
    for (const [id, lambda] of lambdas) {
      expect([id, lambda.Properties]).toMatchObject([
        id,
        {
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          MemorySize: expect.any(Number),
          Timeout: expect.any(Number),
          TracingConfig: { Mode: 'Active' },
          LoggingConfig: { LogGroup: expect.anything() },
        },
      ]);
    }
    for (const [id, group] of stack.ofType('AWS::Logs::LogGroup')) expect([id, group.Properties['RetentionInDays']]).toEqual([id, 180]);
    expect(stack.ofType('AWS::Logs::LogGroup')).toHaveLength(lambdas.length + 1);
  });

  it('R63 that change something run only so many at a time', () => {
    const reserved = lambdas.filter(([, lambda]) => lambda.Properties['ReservedConcurrentExecutions'] !== undefined);
    expect(reserved.map(([, lambda]) => lambda.Properties['ReservedConcurrentExecutions'])).toEqual([3, 3]);
    expect(reserved.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(['StepsExecuteAction', 'StepsUndoAction']);
  });

  it('end before their state does, so that it sees their own error', () => {
    for (const step of MACHINE_STEPS.filter((name) => name !== 'AwaitDecision')) {
      expect([step, SIZING[step].timeoutSeconds]).toEqual([step, expect.any(Number)]);
      expect(SIZING[step].timeoutSeconds).toBeLessThan(definition.States[step]?.TimeoutSeconds ?? 0);
    }
  });

  it('know the names of what they may use', () => {
    const variables = (prefix: string) => {
      const [, lambda] = stack.one('AWS::Lambda::Function', prefix);
      return Object.keys((lambda.Properties['Environment'] as { Variables: object }).Variables).sort();
    };
    const always = ['ACCOUNT_ID', 'ARTEFACT_BUCKET_NAME', 'NODE_OPTIONS', 'OPERATIONS_TABLE_NAME', 'QUARANTINE_BUCKET_NAME'];
    expect(variables('StepsCheckSafety')).toEqual([...always, 'AUDIT_TABLE_NAME'].sort());
    expect(variables('StepsAwaitDecision')).toEqual([...always, 'AUDIT_TABLE_NAME', 'STATE_MACHINE_ARN', 'TOPIC_ARN'].sort());
    expect(variables('BesideReconcileRuns')).toEqual([...always, 'AUDIT_TABLE_NAME', 'STATE_MACHINE_ARN', 'TOPIC_ARN'].sort());
    expect(variables('BesideSeedPolicy')).toEqual([...always, 'Q_TABLE_NAME'].sort());
  });
});

/** The key of the bundle of one Lambda, which holds the hash of what is in it. */
function bundleKeyIn(outdir: string): unknown {
  const app = new App({ outdir });
  const alone = new Stack(app, 'Alone');
  const deadLetters = new DeadLetters(alone, 'DeadLetters');
  const { topic, key: topicKey } = new Notifications(alone, 'Notifications', { deadLetters });
  const [tables, buckets] = [new Tables(alone, 'Tables'), new Buckets(alone, 'Buckets')];
  const scope = { tables, buckets, topic, topicKey, deadLetters, stateMachineArn: 'arn', dataBuckets: [], logGroupPrefixes: [] };
  new StepFunctionLambda(alone, 'CheckSafety', { scope });
  const resources: Record<string, { Type: string; Properties: { Code?: { S3Key?: unknown } } }> = app.synth().getStackByName('Alone')
    .template.Resources;
  return Object.values(resources).find(({ Type }) => Type === 'AWS::Lambda::Function')?.Properties.Code?.S3Key;
}

function inTemporaryFolders<T>(count: number, work: (folder: string) => T): T[] {
  const folders = Array.from({ length: count }, () => mkdtempSync(join(tmpdir(), 'synth-')));
  try {
    return folders.map(work);
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}

describe('synthesis', () => {
  it('R64 gives the same bundle twice', () => {
    const [first, second] = inTemporaryFolders(2, bundleKeyIn);
    expect(first).toMatch(/^[0-9a-f]{64}\.zip$/);
    expect(second).toBe(first);
  }, 60_000);

  it('R64 gives the same template twice', () => {
    const [first, second] = inTemporaryFolders(2, (outdir) => {
      const template = JSON.stringify(makeStack(undefined, { outdir }).app.synth().getStackByName('GlueMedic').template);
      expect(template).not.toContain(outdir);
      return template;
    });
    expect(second).toBe(first);
  });
});
