/** Glue Medic on this machine, whole: the job world, the tables on dynalite, the deployed state machine and the deployed steps. */
import { join } from 'node:path';
import { reconcileRuns } from '../functions/reconcile-runs/reconcile-runs.ts';
import { recordGoodRunStep } from '../functions/record-good-run/handler.ts';
import { seedPolicy } from '../functions/seed-policy/handler.ts';
import type { Ports } from '../functions/shared/ports.ts';
import { IncidentStore, type IncidentSummary } from '../functions/shared/stores/incidents.ts';
import { DynamoDBAppendOnlyTable, DynamoDBItemTable } from '../functions/shared/tables/dynamodb-item-table.ts';
import { startDynalite } from './dynalite-server.ts';
import { LocalEventBus } from './event-bus.ts';
import { ACCOUNT_ID, REGION } from './job-world/glue-event.ts';
import { createJobWorld, type JobWorld } from './job-world/job-world.ts';
import { LocalWorkflow } from './local-workflow.ts';
import { STEPS } from './steps.ts';

const ARTEFACT_BUCKET = 'glue-medic-artefacts';
const QUARANTINE_BUCKET = 'glue-medic-quarantine';
const TABLES = { operations: 'glue-medic-operations', qTable: 'glue-medic-q-table', audit: 'glue-medic-audit' };
/** Incidents older than this are not looked for after a restart. */
const RESUMED_DAYS = 30;
const RECONCILE_EVERY_MS = 60_000;

export interface Medic {
  readonly ports: Ports;
  readonly world: JobWorld;
  readonly workflow: LocalWorkflow;
  readonly bus: LocalEventBus;
  /** Starts again what a stop has interrupted. */
  resume(): Promise<IncidentSummary[]>;
  stop(): Promise<void>;
}

/** `directory` is this process's own. `observe` may put itself in front of the ports, to see what goes through them. */
export async function startMedic(directory: string, observe: (ports: Ports) => Ports = (ports) => ports): Promise<Medic> {
  const [world, database] = await Promise.all([
    createJobWorld({ directory: join(directory, 'world') }),
    startDynalite({ path: join(directory, 'tables') }),
  ]);
  const settings = {
    artefactBucket: ARTEFACT_BUCKET,
    quarantineBucket: QUARANTINE_BUCKET,
    accountId: ACCOUNT_ID,
    region: REGION,
  };
  await Promise.all([
    ...Object.values(TABLES).map((name) => database.createTable(name)),
    ...[ARTEFACT_BUCKET, QUARANTINE_BUCKET].map((bucket) => world.objects.createBucket(bucket)),
  ]);
  const workflow = new LocalWorkflow(STEPS, () => ports);
  const bus = new LocalEventBus(
    workflow,
    recordGoodRunStep(() => ports),
    settings,
  );
  const ports = observe({
    clock: () => new Date(),
    settings,
    jobRuns: world.glue,
    jobStarter: world.glue,
    catalog: world.catalog,
    catalogWriter: world.catalog,
    logs: world.logs,
    objects: world.objects,
    objectWriter: world.objects,
    artefacts: world.objects,
    notifier: world.notifier,
    events: bus,
    callback: workflow,
    workflow,
    operations: new DynamoDBItemTable(database.client, TABLES.operations),
    qTable: new DynamoDBItemTable(database.client, TABLES.qTable),
    audit: new DynamoDBAppendOnlyTable(database.client, TABLES.audit),
  });
  world.onEvent((event) => bus.deliver({ ...event }));
  await seedPolicy(() => ports)();
  const reconciling = setInterval(() => void reconcileRuns(ports).catch(() => undefined), RECONCILE_EVERY_MS);
  reconciling.unref();
  return {
    ports,
    world,
    workflow,
    bus,
    resume: () => resumeOpenIncidents(ports, workflow),
    stop: async () => {
      clearInterval(reconciling);
      workflow.stop();
      await world.stop();
      await database.stop();
    },
  };
}

async function resumeOpenIncidents(ports: Ports, workflow: LocalWorkflow): Promise<IncidentSummary[]> {
  const open = (await new IncidentStore(ports).list(RESUMED_DAYS)).filter((summary) => summary.status !== 'closed');
  for (const summary of open) workflow.resumeExecution(summary.owner, summary.trigger);
  return open;
}
