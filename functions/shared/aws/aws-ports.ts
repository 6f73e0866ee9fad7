/**
 * The ports on AWS. Members are made on first use: a Lambda only has the variables, as it only has the rights, that its step
 * needs, and asking for anything else says so by name.
 */
import type { Ports, Settings } from '../ports.ts';
import { DynamoDBAppendOnlyTable, DynamoDBItemTable } from '../tables/dynamodb-item-table.ts';
import { AwsCallback } from './aws-callback.ts';
import { AwsCatalog } from './aws-catalog.ts';
import { AwsClients } from './aws-clients.ts';
import { AwsEvents } from './aws-events.ts';
import { AwsJobRuns, AwsJobStarter } from './aws-job-runs.ts';
import { AwsLogs } from './aws-logs.ts';
import { AwsNotifier } from './aws-notifier.ts';
import { AwsArtefactWriter, AwsObjects } from './aws-objects.ts';
import { AwsWorkflow } from './aws-workflow.ts';
import { type Environment, type EnvironmentVariable, readVariable } from './environment.ts';

const made = new WeakMap<Environment, Ports>();

/** The same ports for the same environment, so that connections outlive an invocation. Errors: E_ENVIRONMENT, on use. */
export function awsPorts(env: Environment = process.env): Ports {
  const known = made.get(env);
  if (known) return known;
  const ports = makePorts(env);
  made.set(env, ports);
  return ports;
}

function makePorts(env: Environment): Ports {
  const clients = new AwsClients({ emulated: (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined });
  const variable = (name: EnvironmentVariable) => readVariable(env, name);
  const settings: Settings = {
    get artefactBucket() {
      return variable('ARTEFACT_BUCKET_NAME');
    },
    get quarantineBucket() {
      return variable('QUARANTINE_BUCKET_NAME');
    },
    get accountId() {
      return variable('ACCOUNT_ID');
    },
    get region() {
      return variable('AWS_REGION');
    },
  };
  const objects = () => new AwsObjects(clients.s3, settings.accountId);
  return {
    clock: () => new Date(),
    settings,
    get jobRuns() {
      return new AwsJobRuns(clients.glue);
    },
    get jobStarter() {
      return new AwsJobStarter(clients.glueOnce);
    },
    get catalog() {
      return new AwsCatalog(clients.glue);
    },
    get catalogWriter() {
      return new AwsCatalog(clients.glue);
    },
    get logs() {
      return new AwsLogs(clients.logs);
    },
    get objects() {
      return objects();
    },
    get objectWriter() {
      return objects();
    },
    get artefacts() {
      return new AwsArtefactWriter(objects(), settings.artefactBucket);
    },
    get notifier() {
      return new AwsNotifier(clients.sns, variable('TOPIC_ARN'));
    },
    get events() {
      return new AwsEvents(clients.events);
    },
    get callback() {
      return new AwsCallback(clients.states);
    },
    get workflow() {
      return new AwsWorkflow(clients.states, variable('STATE_MACHINE_ARN'));
    },
    get operations() {
      return new DynamoDBItemTable(clients.documents, variable('OPERATIONS_TABLE_NAME'));
    },
    get qTable() {
      return new DynamoDBItemTable(clients.documents, variable('Q_TABLE_NAME'));
    },
    get audit() {
      return new DynamoDBAppendOnlyTable(clients.documents, variable('AUDIT_TABLE_NAME'));
    },
  };
}
