/** A small world to act on: one job on a Glue of fakes, a table and three input objects on the twins, tables in memory. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActiveAction, Plan, PlanOf } from '../../functions/shared/actions.ts';
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import type { Reading } from '../../functions/shared/define-step.ts';
import type { Incident, SafetySection } from '../../functions/shared/incident.ts';
import { lineageOf } from '../../functions/shared/lineage.ts';
import type { Ports } from '../../functions/shared/ports.ts';
import { ActionLedger, type LedgerRow } from '../../functions/shared/stores/action-ledger.ts';
import { AuditTrail } from '../../functions/shared/stores/audit-trail.ts';
import { register } from '../../functions/shared/stores/registrations.ts';
import { initialiseKillSwitch, setKillSwitch } from '../../functions/shared/stores/settings.ts';
import { LocalCatalog } from '../../local/twins/local-catalog.ts';
import { LocalLogs } from '../../local/twins/local-logs.ts';
import { LocalObjects } from '../../local/twins/local-objects.ts';
import { aJob, aRun, type MemoryPorts, memoryPorts, NOW } from './memory-ports.ts';
import {
  aCapability,
  aDocument,
  anIncident,
  aRegistration,
  aRerun,
  INCIDENT_ID,
  someEvidence,
  someFindings,
  somePlans,
} from './sample-incident.ts';
import { StartingGlue } from './starting-glue.ts';

export const BEFORE = [
  { name: 'id', type: 'int' },
  { name: 'amount', type: 'int' },
];
export const CRAWLED = [
  { name: 'id', type: 'int' },
  { name: 'amount', type: 'string' },
];
export const KEYS = ['orders/incoming/1.csv', 'orders/incoming/2.csv', 'orders/incoming/3.csv'];
export const GOOD_KEY = 'orders/incoming/0.csv';
export const INPUT = {
  name: 'orders',
  bucket: 'lake',
  prefix: 'orders/incoming/',
  format: 'csv' as const,
  table: { database: 'sales', name: 'orders' },
};

export type WorldPorts = Omit<MemoryPorts, 'jobRuns'> & { readonly jobRuns: StartingGlue };

export interface HealingWorld {
  readonly ports: WorldPorts;
  readonly glue: StartingGlue;
  readonly objects: LocalObjects;
  readonly catalog: LocalCatalog;
  readonly logs: LocalLogs;
  /** SHA-256 of each object as it was put. */
  readonly checksums: ReadonlyMap<string, string>;
  put(key: string, text: string, bucket?: string): Promise<void>;
  pullKillSwitch(): Promise<void>;
  ledger(): Promise<LedgerRow[]>;
  remove(): void;
}

/** The table is at version 1, which a crawler wrote over version 0; the failed run is `jr_1`. */
export async function healingWorld(registration: Record<string, unknown> = {}): Promise<HealingWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'glue-medic-world-'));
  const memory = memoryPorts();
  const { clock } = memory;
  const glue = new StartingGlue(clock);
  const catalog = new LocalCatalog({ directory: join(directory, 'catalog'), clock });
  const objects = new LocalObjects({ directory: join(directory, 'objects'), clock });
  const logs = new LocalLogs({ directory: join(directory, 'logs') });
  const ports: WorldPorts = {
    ...memory,
    jobRuns: glue,
    jobStarter: glue,
    catalog,
    catalogWriter: catalog,
    logs,
    objects,
    objectWriter: objects,
    artefacts: objects,
  };
  for (const bucket of ['lake', 'artefacts', 'quarantine']) objects.createBucket(bucket);
  catalog.createDatabase('sales');
  catalog.createTable({ database: 'sales', name: 'orders', columns: BEFORE });
  catalog.crawlerUpdate('sales', 'orders', CRAWLED);
  const checksums = new Map<string, string>();
  const put = async (key: string, text: string, bucket = 'lake') => {
    await objects.putObject(bucket, key, Buffer.from(text));
    checksums.set(key, createHash('sha256').update(text).digest('base64'));
  };
  for (const [index, key] of [GOOD_KEY, ...KEYS].entries()) await put(key, `id,amount\n${index},${index * 10}\n`);
  glue.add(aRun({ jobName: 'orders' }), aJob({ maxConcurrentRuns: 3 }));
  await register(memory.operations, aRegistration({ inputs: [INPUT], ...registration }));
  await initialiseKillSwitch(memory.operations, NOW);
  return {
    ports,
    glue,
    objects,
    catalog,
    logs,
    checksums,
    put,
    pullKillSwitch: () => setKillSwitch(memory.operations, true, 'ada', 'stop', clock()),
    ledger: () => new ActionLedger(memory, INCIDENT_ID).rows(),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A plan of each kind that fits the world. */
export async function planFor(action: ActiveAction, { objects }: Pick<HealingWorld, 'objects'>): Promise<Plan> {
  switch (action) {
    case 'RETRY':
      return { ...somePlans.RETRY, rung: 1, rerun: aRerun({ workerType: 'G.2X', numberOfWorkers: 2 }) };
    case 'COERCE_SCHEMA':
      return { ...somePlans.COERCE_SCHEMA, fromVersionId: '1', changes: [{ name: 'id', kind: 'type_changed', from: 'int', to: 'bigint' }] };
    case 'ROLLBACK_SCHEMA':
      return { ...somePlans.ROLLBACK_SCHEMA, fromVersionId: '1', toVersionId: '0' };
    case 'QUARANTINE':
      return quarantineOf(objects, KEYS);
  }
}

export async function quarantineOf(objects: LocalObjects, keys: readonly string[], bucket = 'lake'): Promise<PlanOf<'QUARANTINE'>> {
  const heads = await Promise.all(keys.map((key) => objects.headObject(bucket, key)));
  return {
    ...somePlans.QUARANTINE,
    objects: heads.map(({ key, versionId, size, etag }) => ({ bucket, key, versionId, size, etag })),
    quarantinePrefix: `quarantine/${INCIDENT_ID}/`,
    totalBytes: heads.reduce((sum, head) => sum + head.size, 0),
  };
}

export function safetyOf(plan: Plan, changes: Partial<SafetySection> = {}): SafetySection {
  return {
    verdict: 'allow',
    action: plan.action,
    plan,
    planHash: canonicalHash(plan),
    mode: 'auto',
    reason: 'allowed',
    rulings: [],
    passedOver: [],
    guardrailVersion: 'guardrails-1',
    approvalId: null,
    ...changes,
  };
}

/** Ready for ExecuteAction. */
export function documentOf(plan: Plan, sections: Partial<Incident> = {}): Reading<'evidence' | 'findings' | 'safety' | 'capability'> {
  const document: Incident = {
    ...aDocument(),
    incident: anIncident({ lineage: lineageOf('orders', { '--day': '2026-11-05' }) }),
    evidence: someEvidence(),
    findings: someFindings(),
    safety: safetyOf(plan),
    capability: aCapability('available'),
    ...sections,
  };
  return document as ReturnType<typeof documentOf>;
}

/** Every INTENT has its RESULT, each audited once, in an unbroken chain. */
export async function expectLedgerComplete(ports: Ports): Promise<void> {
  const rows = await new ActionLedger(ports, INCIDENT_ID).rows();
  const trail = new AuditTrail(ports);
  const steps = (await trail.entries(INCIDENT_ID)).map((entry) => entry.stepKey);
  for (const row of rows) {
    expect(row.resultAt).not.toBeNull();
    expect(steps.filter((step) => step === `INTENT:${row.call}`)).toHaveLength(1);
    expect(steps.filter((step) => step === `RESULT:${row.call}`)).toHaveLength(1);
  }
  expect(await trail.verify(INCIDENT_ID)).toMatchObject({ verdict: 'intact' });
}
