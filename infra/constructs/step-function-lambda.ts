/** One step as a Lambda: bundled from its folder, with a log group and a role of its own that hold exactly what is listed. */
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge, asFinding } from '../acknowledge.ts';
import { BASE, type Grant, PERMISSIONS } from '../permissions.ts';
import { folderOf, SIZING, type StepName } from '../steps.ts';
import { arnsOf, environmentOf, type GrantScope, WILDCARD_REASONS } from './grant-resources.ts';

export interface StepFunctionLambdaProps {
  readonly scope: GrantScope;
  /** Executions at a time that are kept free and never exceeded. */
  readonly reservedConcurrentExecutions?: number;
}

export class StepFunctionLambda extends NodejsFunction {
  constructor(scope: Construct, step: StepName, props: StepFunctionLambdaProps) {
    const { timeoutSeconds, memorySize } = SIZING[step];
    const logGroup = new LogGroup(scope, `${step}Logs`, { retention: RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    const role = roleOf(scope, step, logGroup, props.scope);
    super(scope, step, {
      entry: fileURLToPath(new URL(`../../functions/${folderOf(step)}/handler.ts`, import.meta.url)),
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize,
      timeout: Duration.seconds(timeoutSeconds),
      tracing: Tracing.ACTIVE,
      logGroup,
      // Its rights are what the list says: nothing that is added elsewhere reaches the role.
      role: role.withoutPolicyUpdates(),
      environment: environmentFor(step, props.scope),
      ...(props.reservedConcurrentExecutions === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrentExecutions }),
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
        minify: true,
        // Names of errors are what the state machine matches.
        keepNames: true,
        // The SDK of the lock file, not the one that the runtime happens to have.
        bundleAwsSDK: true,
        banner: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    acknowledgeDeadLetters(this, step);
  }
}

function roleOf(scope: Construct, step: StepName, logGroup: ILogGroup, grants: GrantScope): Role {
  const statements = [...BASE, ...PERMISSIONS[step]].flatMap((grant) => {
    const resources = grant.on === 'own-logs' ? [logGroup.logGroupArn] : arnsOf(grant.on, grants);
    return resources.length === 0 ? [] : [statementOf(grant, resources)];
  });
  const role = new Role(scope, `${step}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${step} of Glue Medic may do`,
    inlinePolicies: { [step]: new PolicyDocument({ statements }) },
  });
  acknowledgeWildcards(role, step, grants);
  return role;
}

function statementOf(grant: Grant, resources: string[]): PolicyStatement {
  return new PolicyStatement({
    effect: grant.effect === 'Deny' ? Effect.DENY : Effect.ALLOW,
    actions: [...grant.actions],
    resources,
    ...(grant.partitions === undefined ? {} : { conditions: partitionCondition(grant, grant.partitions) }),
  });
}

/** A right holds if all keys fit, a prohibition as soon as one does. */
function partitionCondition(grant: Grant, partitions: readonly string[]) {
  const quantifier = grant.effect === 'Deny' ? 'ForAnyValue' : 'ForAllValues';
  return { [`${quantifier}:StringLike`]: { 'dynamodb:LeadingKeys': [...partitions] } };
}

function environmentFor(step: StepName, grants: GrantScope): Record<string, string> {
  const named = PERMISSIONS[step].map((grant) => (grant.on === 'own-logs' ? {} : environmentOf(grant.on, grants)));
  return Object.assign(
    {
      ACCOUNT_ID: Stack.of(grants.tables).account,
      // Plans name these buckets, also in steps that may not touch them: a name grants nothing.
      ARTEFACT_BUCKET_NAME: grants.buckets.artefacts.bucketName,
      QUARANTINE_BUCKET_NAME: grants.buckets.quarantine.bucketName,
      NODE_OPTIONS: '--enable-source-maps',
    },
    ...named,
  );
}

function acknowledgeWildcards(role: Role, step: StepName, grants: GrantScope): void {
  acknowledge(role, 'Serverless-LambdaStarPermissions', 'Every action is named; each resource with a wildcard is acknowledged one by one.');
  for (const resource of new Set([...BASE, ...PERMISSIONS[step]].filter(({ effect }) => effect !== 'Deny').map(({ on }) => on))) {
    const reason = resource === 'own-logs' ? undefined : WILDCARD_REASONS[resource];
    if (reason === undefined || resource === 'own-logs') continue;
    for (const arn of arnsOf(resource, grants).map((arn) => asFinding(role, arn))) {
      if (arn.includes('*')) acknowledge(role, `AwsSolutions-IAM5[Resource::${arn}]`, reason);
    }
  }
}

function acknowledgeDeadLetters(step: StepFunctionLambda, name: StepName): void {
  const asynchronous = PERMISSIONS[name].some((grant) => grant.on === 'dead-letters');
  acknowledge(
    step,
    'Serverless-LambdaDLQ',
    asynchronous
      ? 'Has a failure destination, which carries the error beside the event; a dead-letter queue would get the same event twice.'
      : 'Is invoked synchronously and never queued: its error goes to the caller, in the state machine to a Catch.',
  );
}
