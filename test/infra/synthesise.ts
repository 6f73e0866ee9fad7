/** The stack as the tests look at it: synthesised without bundling, which takes the longest and changes no template. */
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GlueMedicStack, type GlueMedicStackProps } from '../../infra/glue-medic-stack.ts';

export const SETTINGS: GlueMedicStackProps = {
  dataBuckets: ['lake', 'landing'],
  logGroupPrefixes: ['/aws-glue/'],
  executorConcurrency: 3,
  email: 'oncall@example.org',
};

export function makeStack(settings: GlueMedicStackProps = SETTINGS, props: AppProps = {}): { app: App; stack: GlueMedicStack } {
  const app = new App({ ...props, context: { 'aws:cdk:bundling-stacks': [] } });
  return { app, stack: new GlueMedicStack(app, 'GlueMedic', settings) };
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

interface RoleProperties {
  readonly Policies?: readonly { PolicyName: string; PolicyDocument: { Statement: Statement[] } }[];
  readonly ManagedPolicyArns?: unknown;
}

export class Synthesised {
  readonly template: Template;
  readonly json: unknown;
  readonly #resources: Readonly<Record<string, Resource>>;

  constructor(settings: GlueMedicStackProps = SETTINGS) {
    this.template = Template.fromStack(makeStack(settings).stack);
    this.json = this.template.toJSON();
    this.#resources = this.template.toJSON()['Resources'] as Record<string, Resource>;
  }

  /** All resources of a type, by logical id. */
  ofType(type: string): [string, Resource][] {
    return Object.entries(this.#resources).filter(([, resource]) => resource.Type === type);
  }

  get types(): string[] {
    return [...new Set(Object.values(this.#resources).map((resource) => resource.Type))].sort();
  }

  /** The one resource of a type whose logical id begins like this. */
  one(type: string, prefix: string): [string, Resource] {
    const found = this.ofType(type).filter(([id]) => new RegExp(`^${prefix}[0-9A-F]{8}$`).test(id));
    const [first] = found;
    if (!first || found.length !== 1) throw new Error(`${found.length} resources of ${type} begin with ${prefix}`);
    return first;
  }

  /** The statements of a step's role. */
  statementsOf(step: string): Statement[] {
    const scope = ['RecordGoodRun', 'RecordAbort', 'ReconcileRuns', 'DecideApproval', 'SeedPolicy'].includes(step) ? 'Beside' : 'Steps';
    const [, role] = this.one('AWS::IAM::Role', `${scope}${step}Role`);
    return (role.Properties as RoleProperties).Policies?.flatMap((policy) => policy.PolicyDocument.Statement) ?? [];
  }

  /** Every statement of every role and policy, with the logical id of where it stands. */
  get statements(): [string, Statement][] {
    const roles = this.ofType('AWS::IAM::Role').flatMap(([id, role]) =>
      ((role.Properties as RoleProperties).Policies ?? []).flatMap((policy) =>
        policy.PolicyDocument.Statement.map((statement): [string, Statement] => [id, statement]),
      ),
    );
    const policies = this.ofType('AWS::IAM::Policy').flatMap(([id, policy]) =>
      (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement.map((statement): [string, Statement] => [
        id,
        statement,
      ]),
    );
    return [...roles, ...policies];
  }
}

export function actionsOf(statement: Statement): string[] {
  return [statement.Action].flat();
}
