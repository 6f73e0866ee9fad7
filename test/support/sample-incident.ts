/** One incident as its steps would write it, section by section: what a test does not name is as harmless as can be. */
import { ACTIONS, type Action, type Plan, type Rerun } from '../../functions/shared/actions.ts';
import { canonicalHash } from '../../functions/shared/canonical-hash.ts';
import type {
  ApprovalSection,
  CapabilitySection,
  EscalationSection,
  EvidenceSection,
  ExecutionSection,
  FindingsSection,
  Incident,
  IncidentSection,
  Option,
  ProposalSection,
  SafetySection,
  UndoSection,
  ValidationSection,
} from '../../functions/shared/incident.ts';
import { type JobRegistration, JobRegistrationSchema } from '../../functions/shared/job-registration.ts';
import { type RlState, stateId } from '../../functions/shared/rl-state.ts';
import { incidentIdOf } from '../../functions/shared/stores/incidents.ts';
import { secondsAgo } from './memory-ports.ts';

export const INCIDENT_ID = incidentIdOf('orders', 'jr_1', 0);
const HASH = 'a'.repeat(64);

export const anIncident = (changes: Partial<IncidentSection> = {}): IncidentSection => ({
  id: INCIDENT_ID,
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
  openedAt: secondsAgo(0),
  executionId: 'execution-1',
  source: 'event',
  registered: true,
  policyVersion: 'rules',
  guardrailVersion: 'guardrails-1',
  ...changes,
});

export const aRegistration = (changes: Record<string, unknown> = {}): JobRegistration =>
  JobRegistrationSchema.parse({
    jobName: 'orders',
    registeredAt: secondsAgo(30 * 86_400),
    criticality: 'low',
    rerunSafe: true,
    modes: { RETRY: 'auto', COERCE_SCHEMA: 'auto', ROLLBACK_SCHEMA: 'auto', QUARANTINE: 'auto' },
    inputs: [],
    ...changes,
  });

export const someEvidence = (changes: Partial<EvidenceSection> = {}): EvidenceSection => ({
  completeness: 'FULL',
  gaps: [],
  gatheredAt: secondsAgo(0),
  run: {
    state: 'FAILED',
    errorMessage: 'An error occurred',
    attempt: 0,
    startedOn: secondsAgo(900),
    completedOn: secondsAgo(600),
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
  tables: [],
  datasets: [],
  bookmark: null,
  dataQualityRuns: [],
  ...changes,
});

export const aTable = (changes: Partial<EvidenceSection['tables'][number]> = {}): EvidenceSection['tables'][number] => ({
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
  ...changes,
});

export interface FindingChanges extends Partial<Omit<FindingsSection, 'state' | 'stateId' | 'classification' | 'risk'>> {
  readonly state?: Partial<RlState>;
  readonly confidence?: number;
  readonly signature?: string | null;
  readonly riskScore?: number;
}

/** A throttled source: low risk, confident, nothing drifted. */
export function someFindings({
  state: of = {},
  confidence = 0.95,
  signature = 'throttling',
  riskScore = 0.1,
  ...rest
}: FindingChanges = {}): FindingsSection {
  const state: RlState = {
    family: 'transient_infrastructure',
    risk: 'low',
    retryCount: '0',
    drift: 'none',
    quality: 'good',
    ...of,
  };
  return {
    verdict: 'anomalous',
    classification: { family: state.family, confidence, signature, evidenceLine: 'Rate exceeded', rootCauseLine: null },
    drift: [],
    quality: [],
    anomalies: [],
    offendingObjects: [],
    risk: { score: riskScore, level: state.risk, terms: [] },
    state,
    stateId: stateId(state),
    ...rest,
  };
}

export const aRerun = (changes: Partial<Rerun> = {}): Rerun => ({
  jobName: 'orders',
  failedRunId: 'jr_1',
  argumentChanges: {},
  workerType: 'G.1X',
  numberOfWorkers: 2,
  estimatedDpuHours: 0.5,
  ...changes,
});

export const somePlans = {
  RETRY: { action: 'RETRY', reason: 'time may cure it', delaySeconds: 60, rung: 0, rerun: aRerun() },
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
    rerun: aRerun(),
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
    rerun: aRerun(),
  },
  QUARANTINE: {
    action: 'QUARANTINE',
    reason: 'one object is corrupt',
    objects: [{ bucket: 'lake', key: 'orders/incoming/3.csv', versionId: 'v1', size: 100, etag: 'e' }],
    quarantineBucket: 'quarantine',
    quarantinePrefix: 'orders/',
    totalBytes: 100,
    shareOfInput: 0.2,
    delaySeconds: 0,
    rerun: aRerun(),
  },
  LOG_EVENT: { action: 'LOG_EVENT', reason: 'recorded', delaySeconds: 0 },
  ESCALATE: { action: 'ESCALATE', reason: 'a person decides', delaySeconds: 0 },
} as const satisfies Record<Action, Plan>;

export const anOption = (action: Action, plan: Plan | null = somePlans[action]): Option => ({
  action,
  plan,
  planHash: plan === null ? null : canonicalHash(plan),
  reason: plan?.reason ?? 'the facts give no plan',
  qValue: 0,
  visits: 0,
});

/** `ranked` first, in this order, with their plans; the rest is without a plan, except ESCALATE, which always has one. */
export function aProposal(
  ranked: readonly (Action | Plan)[],
  changes: Partial<ProposalSection> & { readonly planned?: readonly Action[] } = {},
): ProposalSection {
  const { planned = [], ...rest } = changes;
  const first = ranked.map((each) => (typeof each === 'string' ? anOption(each) : anOption(each.action, each)));
  const named = new Set(first.map((option) => option.action));
  const others = ACTIONS.filter((action) => !named.has(action)).map((action) =>
    anOption(action, action === 'ESCALATE' || planned.includes(action) ? somePlans[action] : null),
  );
  const ranking = [...first, ...others];
  const action = ranking.find((option) => option.plan !== null)?.action ?? 'ESCALATE';
  return {
    action,
    reason: 'the rules say so',
    decidedBy: 'rules',
    rulesAction: action,
    rulesAlternatives: [],
    policyVersion: 'rules',
    policyHash: HASH,
    stateId: stateId(someFindings().state),
    propensity: 1,
    ranking,
    ...rest,
  };
}

export const aSafety = (verdict: SafetySection['verdict'], action: Action, changes: Partial<SafetySection> = {}): SafetySection => ({
  verdict,
  action,
  plan: somePlans[action],
  planHash: canonicalHash(somePlans[action]),
  mode: 'auto',
  reason: `${verdict} ${action}`,
  rulings: [],
  passedOver: [],
  guardrailVersion: 'guardrails-1',
  approvalId: null,
  ...changes,
});

export const aCapability = (verdict: CapabilitySection['verdict'], changes: Partial<CapabilitySection> = {}): CapabilitySection => ({
  verdict,
  reason: `${verdict} here`,
  checks: [],
  suggestedPatch: null,
  delaySeconds: 0,
  ...changes,
});

export const anEscalation = (changes: Partial<EscalationSection> = {}): EscalationSection => ({
  disposition: 'ask',
  kind: 'needs-approval',
  reason: 'a person confirms this action on this job',
  approvalId: 'apr-0123456789abcdef',
  action: 'RETRY',
  planHash: canonicalHash(somePlans.RETRY),
  alternatives: [],
  suggestedPatch: null,
  deadline: secondsAgo(-3600),
  timeoutSeconds: 3600,
  escalatedAt: secondsAgo(0),
  ...changes,
});

export const anApproval = (decision: ApprovalSection['decision'], changes: Partial<ApprovalSection> = {}): ApprovalSection => ({
  approvalId: 'apr-0123456789abcdef',
  decision,
  action: decision === 'approved' ? 'RETRY' : null,
  planHash: decision === 'approved' ? canonicalHash(somePlans.RETRY) : null,
  decidedBy: 'ada',
  decidedAt: secondsAgo(-60),
  reason: 'looks right',
  ...changes,
});

export const anExecution = (changes: Partial<ExecutionSection> = {}): ExecutionSection => ({
  status: 'started',
  reason: 'time may cure it',
  action: 'RETRY',
  planHash: canonicalHash(somePlans.RETRY),
  remediationId: INCIDENT_ID,
  runId: 'jr_2',
  adopted: false,
  effects: [{ call: 'StartJobRun', target: 'orders', result: 'jr_2' }],
  executedAt: secondsAgo(0),
  waitSeconds: 300,
  ...changes,
});

export const aValidation = (verdict: ValidationSection['verdict'], changes: Partial<ValidationSection> = {}): ValidationSection => ({
  verdict,
  reason: `${verdict}: the run and its data`,
  runState: verdict === 'validated' ? 'SUCCEEDED' : 'FAILED',
  poll: 1,
  waitSeconds: 0,
  checks: [],
  dpuSeconds: 600,
  ...changes,
});

export const anUndo = (status: UndoSection['status']): UndoSection => ({ status, reason: `${status} it is`, effects: [] });

export const aDocument = (sections: Partial<Incident> = {}): Incident => ({ incident: anIncident(), ...sections });

/** Everything up to the proposal. */
export const aProposedDocument = (ranked: readonly (Action | Plan)[] = ['RETRY'], sections: Partial<Incident> = {}) =>
  ({
    ...aDocument(),
    evidence: someEvidence(),
    findings: someFindings(),
    proposal: aProposal(ranked),
    ...sections,
  }) satisfies Incident;
