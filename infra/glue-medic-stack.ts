/** Glue Medic as one stack. It only composes: every resource is made by the construct of its concern. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import { Buckets } from './constructs/buckets.ts';
import type { DataScope } from './constructs/grant-resources.ts';
import { HealingWorkflow, stateMachineArnOf } from './constructs/healing-workflow.ts';
import { Intake } from './constructs/intake.ts';
import { DeadLetters, Notifications } from './constructs/notifications.ts';
import { PolicySeed } from './constructs/policy-seed.ts';
import { ReconcilerSchedule } from './constructs/reconciler-schedule.ts';
import { MachineLambdas, SideLambdas } from './constructs/step-lambdas.ts';
import { Tables } from './constructs/tables.ts';

export interface GlueMedicStackProps extends StackProps, DataScope {
  /** Who is told by mail; nobody without it. */
  readonly email?: string;
  /** Remediations at a time; the account must have as many Lambda executions to spare. */
  readonly executorConcurrency: number;
}

export class GlueMedicStack extends Stack {
  constructor(scope: Construct, id: string, props: GlueMedicStackProps) {
    super(scope, id, props);
    const { dataBuckets, logGroupPrefixes, executorConcurrency, email } = props;
    const tables = new Tables(this, 'Tables');
    const buckets = new Buckets(this, 'Buckets');
    const deadLetters = new DeadLetters(this, 'DeadLetters');
    const { topic, key: topicKey } = new Notifications(this, 'Notifications', { deadLetters, ...(email === undefined ? {} : { email }) });
    const stateMachineArn = stateMachineArnOf(this);
    const grants = { tables, buckets, topic, topicKey, deadLetters, stateMachineArn, dataBuckets, logGroupPrefixes };

    const machine = new MachineLambdas(this, 'Steps', { grants, executorConcurrency });
    const { stateMachine } = new HealingWorkflow(this, 'Workflow', { lambdas: machine.byStep });
    const beside = new SideLambdas(this, 'Beside', { grants });

    new Intake(this, 'Intake', { stateMachine, recordGoodRun: beside.recordGoodRun, recordAbort: beside.recordAbort, topic, deadLetters });
    new ReconcilerSchedule(this, 'Reconciler', { reconcileRuns: beside.reconcileRuns, deadLetters });
    new PolicySeed(this, 'Seed', { seedPolicy: beside.seedPolicy });
    new Alarms(this, 'Alarms', {
      topic,
      deadLetters,
      stateMachine,
      executeAction: machine.executeAction,
      reconcileRuns: beside.reconcileRuns,
    });

    // What the command line asks for.
    new CfnOutput(this, 'OperationsTableName', { value: tables.operations.tableName });
    new CfnOutput(this, 'AuditTableName', { value: tables.audit.tableName });
    new CfnOutput(this, 'QTableName', { value: tables.q.tableName });
    new CfnOutput(this, 'ArtefactBucketName', { value: buckets.artefacts.bucketName });
    new CfnOutput(this, 'QuarantineBucketName', { value: buckets.quarantine.bucketName });
    new CfnOutput(this, 'StateMachineArn', { value: stateMachine.stateMachineArn });
    new CfnOutput(this, 'DecideApprovalFunctionName', { value: beside.decideApproval.functionName });
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn });
  }
}
