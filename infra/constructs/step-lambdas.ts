/** All Lambdas: those of the machine and those beside it. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { MACHINE_STEPS, type MachineStep } from '../steps.ts';
import type { GrantScope } from './grant-resources.ts';
import { StepFunctionLambda } from './step-function-lambda.ts';

export interface MachineLambdasProps {
  readonly grants: GrantScope;
  /** Remediations and undos at a time, each. */
  readonly executorConcurrency: number;
}

export class MachineLambdas extends Construct {
  readonly byStep: ReadonlyMap<MachineStep, IFunction>;
  readonly executeAction: IFunction;

  constructor(scope: Construct, id: string, { grants, executorConcurrency }: MachineLambdasProps) {
    super(scope, id);
    const limited: readonly MachineStep[] = ['ExecuteAction', 'UndoAction'];
    const make = (step: MachineStep) =>
      new StepFunctionLambda(this, step, {
        scope: grants,
        ...(limited.includes(step) ? { reservedConcurrentExecutions: executorConcurrency } : {}),
      });
    const lambdas = new Map(MACHINE_STEPS.map((step) => [step, make(step)] as const));
    this.byStep = lambdas;
    this.executeAction = lambdas.get('ExecuteAction') as IFunction;
  }
}

export class SideLambdas extends Construct {
  readonly recordGoodRun: IFunction;
  readonly recordAbort: IFunction;
  readonly reconcileRuns: IFunction;
  /** The sole writer of approvals' decisions; invoked by signed-in people. */
  readonly decideApproval: IFunction;
  readonly seedPolicy: IFunction;

  constructor(scope: Construct, id: string, { grants }: { grants: GrantScope }) {
    super(scope, id);
    const lambda = { scope: grants };
    const recordGoodRun = new StepFunctionLambda(this, 'RecordGoodRun', lambda);
    const recordAbort = new StepFunctionLambda(this, 'RecordAbort', lambda);
    const reconcileRuns = new StepFunctionLambda(this, 'ReconcileRuns', lambda);
    for (const asynchronous of [recordGoodRun, recordAbort, reconcileRuns]) {
      asynchronous.configureAsyncInvoke({
        onFailure: new SqsDestination(grants.deadLetters),
        retryAttempts: 2,
        maxEventAge: Duration.hours(1),
      });
    }
    this.recordGoodRun = recordGoodRun;
    this.recordAbort = recordAbort;
    this.reconcileRuns = reconcileRuns;
    this.decideApproval = new StepFunctionLambda(this, 'DecideApproval', lambda);
    this.seedPolicy = new StepFunctionLambda(this, 'SeedPolicy', lambda);
  }
}
