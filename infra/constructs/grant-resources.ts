/** The ARNs behind the words of `permissions.ts`, and why some of them end in a wildcard. */
import { Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ArnFormat } from 'aws-cdk-lib/core';
import type { GrantResource } from '../permissions.ts';
import type { Buckets } from './buckets.ts';
import type { Tables } from './tables.ts';

/** What the data is in; named at deployment, for a role cannot follow registrations made later. */
export interface DataScope {
  /** Buckets that registered jobs read. */
  readonly dataBuckets: readonly string[];
  /** Log groups of Glue's jobs, as prefixes. */
  readonly logGroupPrefixes: readonly string[];
}

export interface GrantScope extends DataScope {
  readonly tables: Tables;
  readonly buckets: Buckets;
  readonly topic: ITopic;
  readonly topicKey: IKey;
  readonly deadLetters: IQueue;
  /** By name: a step may answer the machine that invokes it, which references could not express without a circle. */
  readonly stateMachineArn: string;
}

/** The log group of the Lambda itself is not in here: it is made together with its role. */
export type SharedResource = Exclude<GrantResource, 'own-logs'>;

/** Wildcards with their reasons: what cdk-nag finds in a role is acknowledged from here. */
export const WILDCARD_REASONS: Partial<Record<SharedResource, string>> = {
  traces: 'X-Ray has no resource types: PutTraceSegments and PutTelemetryRecords can only be granted on *.',
  'glue-jobs': 'Jobs are registered at run time; which of them may be touched is decided by registration, mode and guardrails.',
  'glue-catalog': 'Tables are registered at run time; a change is bound to one version of one registered table by compare-and-set.',
  'glue-logs': 'Glue names its log groups by role and security configuration; the prefix covers them, for reading only.',
  'data-objects': 'Keys arrive daily; the prefixes that may be touched are in the registrations and checked before every access.',
  'artefact-objects': 'Artefacts are named by the hash of what is in them; the bucket holds nothing else.',
  'quarantine-objects': 'Quarantined objects keep their keys; the bucket holds nothing else.',
};

export function arnsOf(resource: SharedResource, scope: GrantScope): string[] {
  const stack = Stack.of(scope.tables);
  const glue = (type: string, name?: string) =>
    stack.formatArn({ service: 'glue', resource: type, ...(name ? { resourceName: name } : {}) });
  const bucketArn = (name: string) => stack.formatArn({ service: 's3', region: '', account: '', resource: name });
  switch (resource) {
    case 'traces':
      return ['*'];
    case 'glue-jobs':
      return [glue('job', '*')];
    case 'glue-catalog':
      return [glue('catalog'), glue('database', '*'), glue('table', '*/*')];
    case 'glue-logs':
      return scope.logGroupPrefixes.map((prefix) =>
        stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: `${prefix}*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
      );
    case 'data-buckets':
      return scope.dataBuckets.map(bucketArn);
    case 'data-objects':
      return scope.dataBuckets.map((name) => `${bucketArn(name)}/*`);
    case 'artefact-objects':
      return [scope.buckets.artefacts.arnForObjects('*')];
    case 'quarantine-bucket':
      return [scope.buckets.quarantine.bucketArn];
    case 'quarantine-objects':
      return [scope.buckets.quarantine.arnForObjects('*')];
    case 'operations':
      return [scope.tables.operations.tableArn];
    case 'q-table':
      return [scope.tables.q.tableArn];
    case 'audit':
      return [scope.tables.audit.tableArn];
    case 'topic':
      return [scope.topic.topicArn];
    case 'topic-key':
      return [scope.topicKey.keyArn];
    case 'event-bus':
      return [stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })];
    case 'dead-letters':
      return [scope.deadLetters.queueArn];
    case 'state-machine':
      return [scope.stateMachineArn];
  }
}

/** Environment variables that go with a right: a Lambda knows the name of what it may use. */
export function environmentOf(resource: SharedResource, scope: GrantScope): Record<string, string> {
  switch (resource) {
    case 'operations':
      return { OPERATIONS_TABLE_NAME: scope.tables.operations.tableName };
    case 'q-table':
      return { Q_TABLE_NAME: scope.tables.q.tableName };
    case 'audit':
      return { AUDIT_TABLE_NAME: scope.tables.audit.tableName };
    case 'topic':
      return { TOPIC_ARN: scope.topic.topicArn };
    case 'state-machine':
      return { STATE_MACHINE_ARN: scope.stateMachineArn };
    default:
      return {};
  }
}
