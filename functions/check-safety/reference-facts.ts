/**
 * The reference incident of the guardrails: facts to which none of them objects, whatever the action. What a guardrail says is told by varying
 * these facts: that is how the set is fingerprinted, and how it is proven.
 */
import type { Action, PlanOf, Rerun } from '../shared/actions.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { EvidenceSection, FindingsSection, IncidentSection } from '../shared/incident.ts';
import { type JobRegistration, JobRegistrationSchema } from '../shared/job-registration.ts';
import { type RlState, stateId } from '../shared/rl-state.ts';
import type { JobFreeze } from '../shared/stores/frozen-jobs.ts';
import type { GuardrailFacts } from './guardrail.ts';

export const REFERENCE_TIME = '2026-01-15T12:00:00.000Z';
export const REFERENCE_STATE: RlState = {
  family: 'transient_infrastructure',
  risk: 'low',
  retryCount: '0',
  drift: 'breaking',
  quality: 'degraded',
};

const rerun: Rerun = {
  jobName: 'orders',
  failedRunId: 'jr_1',
  argumentChanges: {},
  workerType: 'G.1X',
  numberOfWorkers: 2,
  estimatedDpuHours: 1,
};
const object = { bucket: 'lake', key: 'orders/incoming/3.csv', versionId: 'v1', size: 100, etag: 'e' };

export const REFERENCE_PLANS: { readonly [A in Action]: PlanOf<A> } = {
  RETRY: { action: 'RETRY', reason: 'time may cure it', delaySeconds: 60, rung: 0, rerun },
  COERCE_SCHEMA: {
    action: 'COERCE_SCHEMA',
    reason: 'int became bigint',
    mode: 'catalog',
    database: 'sales',
    table: 'orders',
    fromVersionId: '7',
    changes: [{ name: 'amount', kind: 'type_changed', from: 'int', to: 'bigint' }],
    suggestedPatch: null,
    delaySeconds: 0,
    rerun,
  },
  ROLLBACK_SCHEMA: {
    action: 'ROLLBACK_SCHEMA',
    reason: 'version 6 worked',
    database: 'sales',
    table: 'orders',
    fromVersionId: '7',
    toVersionId: '6',
    changes: [{ name: 'amount', from: 'string', to: 'int' }],
    delaySeconds: 0,
    rerun,
  },
  QUARANTINE: {
    action: 'QUARANTINE',
    reason: 'one object is corrupt',
    objects: [object],
    quarantineBucket: 'quarantine',
    quarantinePrefix: 'orders/',
    totalBytes: 100,
    shareOfInput: 0.2,
    delaySeconds: 0,
    rerun,
  },
  LOG_EVENT: { action: 'LOG_EVENT', reason: 'recorded', delaySeconds: 0 },
  ESCALATE: { action: 'ESCALATE', reason: 'a person decides', delaySeconds: 0 },
};

export const REFERENCE_INCIDENT: IncidentSection = {
  id: `inc-${canonicalHash('reference').slice(0, 16)}`,
  disposition: 'claimed',
  reason: 'a failed run that nobody else handles',
  jobName: 'orders',
  runId: 'jr_1',
  attempt: 0,
  runState: 'FAILED',
  lineage: '0123456789abcdef',
  retryCount: 0,
  previousIncidentId: null,
  opening: 1,
  openedAt: REFERENCE_TIME,
  executionId: 'execution-1',
  source: 'event',
  registered: true,
  policyVersion: 'rules',
  guardrailVersion: 'reference',
};

/** What the job is like after one of its inverses was not completed. */
export const REFERENCE_FREEZE: JobFreeze = { jobName: 'orders', incidentId: 'inc-1', reason: 'the inverse failed', at: REFERENCE_TIME };

export const REFERENCE_EVIDENCE: EvidenceSection = {
  completeness: 'FULL',
  gaps: [],
  gatheredAt: REFERENCE_TIME,
  run: {
    state: 'FAILED',
    errorMessage: 'An error occurred',
    attempt: 0,
    startedOn: REFERENCE_TIME,
    completedOn: REFERENCE_TIME,
    executionTimeSeconds: 300,
    dpuSeconds: 600,
    workerType: 'G.1X',
    numberOfWorkers: 2,
    maxCapacity: null,
    glueVersion: '5.0',
    arguments: {},
  },
  job: {
    command: 'glueetl',
    glueVersion: '5.0',
    maxRetries: 0,
    maxConcurrentRuns: 1,
    workerType: 'G.1X',
    numberOfWorkers: 2,
    maxCapacity: null,
    medianRunSeconds: 300,
  },
  log: { excerpt: '', lines: 0, bytes: 0, truncated: false, groups: [], artefact: null },
  tables: [
    {
      database: 'sales',
      name: 'orders',
      versionId: '7',
      columns: [],
      partitionKeys: [],
      tableType: 'EXTERNAL_TABLE',
      tableFormat: null,
      isResourceLink: false,
      isFederated: false,
      lastGoodVersionId: '6',
      lastGoodColumns: [],
      lastGoodPartitionKeys: [],
      versionsSinceGood: 1,
      foreignVersionsSinceGood: 1,
      partitionsInspected: 0,
      partitionsWithOtherColumns: 0,
    },
  ],
  datasets: [],
  bookmark: null,
  dataQualityRuns: [],
};

/** Findings of `state` that every active action addresses, as far as the state lets it. */
export function referenceFindings(state: RlState = REFERENCE_STATE): FindingsSection {
  const drift = (subject: 'catalog' | 'data') => ({
    subject,
    name: 'orders',
    severity: 'breaking' as const,
    changes: [{ path: 'amount', kind: 'type_changed', from: 'int', to: 'bigint', verdict: 'widening' }],
    changesOmitted: 0,
  });
  return {
    verdict: 'anomalous',
    classification: { family: state.family, confidence: 1, signature: null, evidenceLine: null, rootCauseLine: null },
    drift: [drift('catalog'), drift('data')],
    quality: [],
    anomalies: [],
    offendingObjects: [{ ...object, input: 'orders', reason: 'corrupt' }],
    risk: { score: 0.1, level: state.risk, terms: [] },
    state,
    stateId: stateId(state),
  };
}

export function referenceRegistration(changes: Partial<JobRegistration> = {}): JobRegistration {
  return JobRegistrationSchema.parse({
    jobName: 'orders',
    registeredAt: REFERENCE_TIME,
    criticality: 'low',
    rerunSafe: true,
    modes: { RETRY: 'auto', COERCE_SCHEMA: 'auto', ROLLBACK_SCHEMA: 'auto', QUARANTINE: 'auto' },
    inputs: [],
    ...changes,
  });
}

export function referenceFacts(action: Action): GuardrailFacts {
  const registration = referenceRegistration();
  return {
    action,
    plan: REFERENCE_PLANS[action],
    mode: 'auto',
    incident: REFERENCE_INCIDENT,
    evidence: REFERENCE_EVIDENCE,
    findings: referenceFindings(),
    registration,
    limits: registration.limits,
    usage: {
      lineageRetries: 0,
      jobRemediationsToday: 0,
      jobDpuHoursToday: 0,
      fleetRemediationsThisHour: 0,
      secondsSinceLastOfJob: null,
      failedValidationsInRow: 0,
    },
    killSwitch: { engaged: false, reason: 'not engaged' },
    freeze: null,
    now: new Date(REFERENCE_TIME),
  };
}
