/** The state machine, from the one text that orders the steps, with a role that may invoke these steps and nothing else. */
import { readFileSync } from 'node:fs';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { MachineStep } from '../steps.ts';

const DEFINITION = new URL('../../statemachine/glue-medic.asl.json', import.meta.url);

/** Log delivery is set up by the service, account-wide. */
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];
const TRACES = ['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

/** Step Functions takes 80 characters. */
const LONGEST_NAME = 80;

/** The one name of our own making in the stack: see `GrantScope.stateMachineArn`. */
function stateMachineNameOf(stack: Stack): string {
  return `${stack.stackName.slice(0, LONGEST_NAME - '-Healing'.length)}-Healing`;
}

export function stateMachineArnOf(stack: Stack): string {
  const resourceName = stateMachineNameOf(stack);
  return stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}

export class HealingWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { lambdas }: { lambdas: ReadonlyMap<MachineStep, IFunction> }) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'Invokes the steps of Glue Medic',
      inlinePolicies: {
        Workflow: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...lambdas.values()].map((step) => step.functionArn) }),
            new PolicyStatement({ actions: LOG_DELIVERY, resources: ['*'] }),
            new PolicyStatement({ actions: TRACES, resources: ['*'] }),
          ],
        }),
      },
    });
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'Log delivery and X-Ray have no resource types: their actions can only be granted on *.',
    );

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: stateMachineNameOf(Stack.of(this)),
      definitionBody: DefinitionBody.fromString(readFileSync(DEFINITION, 'utf8')),
      definitionSubstitutions: Object.fromEntries([...lambdas].map(([step, fn]) => [`${step}Arn`, fn.functionArn])),
      stateMachineType: StateMachineType.STANDARD,
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', { retention: RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
        level: LogLevel.ALL,
        // Inputs of a waiting task hold its token; whoever reads logs must not be able to answer it.
        includeExecutionData: false,
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
