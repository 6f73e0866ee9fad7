/**
 * The Incident: the one document that travels through the state machine. Each step adds its own section once and edits no other.
 * These schemas are the single source of the types; ResultPath in the ASL files each section under its key here.
 */
import * as z from 'zod';
import { ActionSchema, ColumnSchema, ObjectVersionSchema, PlanSchema } from './actions.ts';
import { MODES } from './job-registration.ts';
import { FAILURE_FAMILIES, RISK_LEVELS, RlStateSchema } from './rl-state.ts';

const text = (limit: number) => z.string().max(limit);
const instant = z.iso.datetime();
const ratio = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

/** Large evidence lives in S3; the document carries where, and the hash that is verified when it is read back. */
export const ArtefactPointerSchema = z.strictObject({ bucket: z.string(), key: z.string(), sha256: z.string().length(64), bytes: count });
export type ArtefactPointer = z.infer<typeof ArtefactPointerSchema>;

// ---- incident (ClaimIncident) ----------------------------------------------------------------------------------------------

export const IncidentSectionSchema = z.strictObject({
  id: z.string(),
  disposition: z.enum(['claimed', 'duplicate', 'stood-down']),
  reason: text(500),
  jobName: z.string(),
  runId: z.string(),
  attempt: count,
  runState: z.string(),
  /** Job plus the caller's arguments: what may be retried only so often. */
  lineage: z.string(),
  /** Remediations of this lineage that ran and failed before this incident. */
  retryCount: count,
  previousIncidentId: z.string().nullable(),
  /** 1, and one more each time a storm's end opens it again. */
  opening: z.number().int().positive(),
  openedAt: instant,
  executionId: z.string(),
  source: z.enum(['event', 'reconciler', 'lineage', 'data-quality']),
  registered: z.boolean(),
  policyVersion: z.string(),
  guardrailVersion: z.string(),
});
export type IncidentSection = z.infer<typeof IncidentSectionSchema>;

// ---- evidence (GatherEvidence) ---------------------------------------------------------------------------------------------

export const RunEvidenceSchema = z.strictObject({
  state: z.string(),
  errorMessage: text(4096).nullable(),
  attempt: count,
  startedOn: instant,
  completedOn: instant.nullable(),
  executionTimeSeconds: z.number().nonnegative(),
  dpuSeconds: z.number().nonnegative().nullable(),
  workerType: z.string().nullable(),
  numberOfWorkers: count.nullable(),
  maxCapacity: z.number().nonnegative().nullable(),
  glueVersion: z.string().nullable(),
  /** Redacted: shown to people, never used to start a run. */
  arguments: z.record(z.string(), text(500)),
});

export const JobEvidenceSchema = z.strictObject({
  command: z.string(),
  glueVersion: z.string().nullable(),
  maxRetries: count,
  maxConcurrentRuns: count,
  workerType: z.string().nullable(),
  numberOfWorkers: count.nullable(),
  maxCapacity: z.number().nonnegative().nullable(),
  /** Median of the last succeeded runs, null where there is none. */
  medianRunSeconds: z.number().nonnegative().nullable(),
});

export const LogEvidenceSchema = z.strictObject({
  /** The end of the driver's log, redacted. */
  excerpt: text(24_000),
  lines: count,
  bytes: count,
  truncated: z.boolean(),
  groups: z.array(z.string()).max(8),
  artefact: ArtefactPointerSchema.nullable(),
});

export const TableEvidenceSchema = z.strictObject({
  database: z.string(),
  name: z.string(),
  versionId: z.string(),
  columns: z.array(ColumnSchema).max(2000),
  partitionKeys: z.array(ColumnSchema).max(50),
  tableType: z.string().nullable(),
  tableFormat: z.string().nullable(),
  isResourceLink: z.boolean(),
  isFederated: z.boolean(),
  /** The version that the last validated good run saw, and its columns where that version still exists. */
  lastGoodVersionId: z.string().nullable(),
  lastGoodColumns: z.array(ColumnSchema).max(2000).nullable(),
  lastGoodPartitionKeys: z.array(ColumnSchema).max(50).nullable(),
  /** Versions since the last good one, and how many of them somebody else than Glue Medic wrote. */
  versionsSinceGood: count,
  foreignVersionsSinceGood: count,
  partitionsInspected: count,
  partitionsWithOtherColumns: count,
});

export const ObjectEvidenceSchema = z.strictObject({
  ...ObjectVersionSchema.shape,
  lastModified: instant,
  isNew: z.boolean(),
  rows: count.nullable(),
  readError: z.strictObject({ code: z.string(), message: text(500) }).nullable(),
});
export type ObjectEvidence = z.infer<typeof ObjectEvidenceSchema>;

export const DatasetEvidenceSchema = z.strictObject({
  input: z.string(),
  bucket: z.string(),
  prefix: z.string(),
  format: z.enum(['csv', 'jsonl', 'parquet']),
  objectCount: count,
  totalBytes: count,
  newObjectCount: count,
  /** The objects that were read, newest first; a prefix with more is sampled evenly. */
  inspected: z.array(ObjectEvidenceSchema).max(60),
  /** The rows read from the new objects, as an artefact; null where nothing could be read. */
  sample: ArtefactPointerSchema.nullable(),
  /** Profile and quality model of the last validated good run. */
  baseline: ArtefactPointerSchema.nullable(),
});
export type DatasetEvidence = z.infer<typeof DatasetEvidenceSchema>;

export const EvidenceSectionSchema = z.strictObject({
  completeness: z.enum(['FULL', 'PARTIAL']),
  gaps: z.array(z.strictObject({ source: z.string(), reason: text(300) })).max(40),
  gatheredAt: instant,
  run: RunEvidenceSchema,
  job: JobEvidenceSchema,
  log: LogEvidenceSchema,
  tables: z.array(TableEvidenceSchema).max(20),
  datasets: z.array(DatasetEvidenceSchema).max(20),
  bookmark: z.strictObject({ run: count, attempt: count, version: count }).nullable(),
  dataQualityRuns: z
    .array(z.strictObject({ resultId: z.string(), state: z.string(), score: z.number().nullable(), rulesFailed: count }))
    .max(10),
});
export type EvidenceSection = z.infer<typeof EvidenceSectionSchema>;

// ---- findings (DetectAnomalies) --------------------------------------------------------------------------------------------

export const DriftChangeSchema = z.strictObject({
  path: z.string(),
  kind: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  verdict: z.string(),
});

export const DriftFindingSchema = z.strictObject({
  /** `catalog`: table now against its last good version; `data`: new objects against the baseline. */
  subject: z.enum(['catalog', 'data']),
  name: z.string(),
  severity: z.enum(['none', 'compatible', 'breaking', 'unmeasured']),
  changes: z.array(DriftChangeSchema).max(100),
  changesOmitted: count,
});

export const QualityFindingSchema = z.strictObject({
  input: z.string(),
  condition: z.enum(['good', 'degraded', 'poor', 'unmeasured']),
  score: ratio.nullable(),
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        completeness: ratio.nullable(),
        validity: ratio.nullable(),
        consistency: ratio.nullable(),
        uniqueness: ratio.nullable(),
        reasons: z.array(text(300)).max(8),
      }),
    )
    .max(50),
});

/** Deterministic rule → what it saw, what it expected, the evidence that proves it. */
export const AnomalySchema = z.strictObject({
  rule: z.string(),
  verdict: z.enum(['anomalous', 'normal', 'no-evidence']),
  value: text(300),
  expected: text(300),
  evidence: text(1000),
});
export type Anomaly = z.infer<typeof AnomalySchema>;

export const RiskSchema = z.strictObject({
  score: ratio,
  level: z.enum(RISK_LEVELS),
  terms: z.array(z.strictObject({ name: z.string(), value: z.number(), weight: z.number(), contribution: z.number() })),
});
export type Risk = z.infer<typeof RiskSchema>;

export const FindingsSectionSchema = z.strictObject({
  verdict: z.enum(['anomalous', 'normal', 'no-evidence']),
  classification: z.strictObject({
    family: z.enum([...FAILURE_FAMILIES, 'none']),
    confidence: ratio,
    signature: z.string().nullable(),
    evidenceLine: text(1000).nullable(),
    rootCauseLine: text(1000).nullable(),
  }),
  drift: z.array(DriftFindingSchema).max(40),
  quality: z.array(QualityFindingSchema).max(20),
  anomalies: z.array(AnomalySchema).max(60),
  /** Objects that evidence shows to be the cause, with the evidence. */
  offendingObjects: z.array(z.strictObject({ ...ObjectVersionSchema.shape, input: z.string(), reason: text(300) })).max(1000),
  risk: RiskSchema,
  /** The state of the decision problem; its id is `stateId(state)`. */
  state: RlStateSchema,
  stateId: z.string(),
});
export type FindingsSection = z.infer<typeof FindingsSectionSchema>;

// ---- proposal (ProposeAction) ----------------------------------------------------------------------------------------------

export const OptionSchema = z.strictObject({
  action: ActionSchema,
  /** Null where the facts give no plan for this action; then `reason` says why. */
  plan: PlanSchema.nullable(),
  planHash: z.string().nullable(),
  reason: text(500),
  qValue: z.number(),
  visits: count,
});
export type Option = z.infer<typeof OptionSchema>;

export const ProposalSectionSchema = z.strictObject({
  action: ActionSchema,
  reason: text(1000),
  /** Who decided: the learned policy where it is proven better, else the deterministic rules. */
  decidedBy: z.enum(['policy', 'rules', 'exploration']),
  rulesAction: ActionSchema,
  /** Alternatives that the rules allow in this state after a deny. */
  rulesAlternatives: z.array(ActionSchema),
  policyVersion: z.string(),
  policyHash: z.string(),
  stateId: z.string(),
  propensity: z.number().gt(0).max(1),
  /** All six actions, best first. */
  ranking: z.array(OptionSchema).length(6),
});
export type ProposalSection = z.infer<typeof ProposalSectionSchema>;

// ---- safety (CheckSafety) --------------------------------------------------------------------------------------------------

export const RulingSchema = z.strictObject({
  guardrail: z.string(),
  verdict: z.enum(['allow', 'needs-approval', 'deny', 'not-applicable']),
  value: text(200),
  limit: text(200),
  reason: text(500),
});
export type Ruling = z.infer<typeof RulingSchema>;

export const SafetySectionSchema = z.strictObject({
  verdict: z.enum(['allow', 'needs-approval', 'escalate', 'deferred']),
  /** The action that came through; ESCALATE where none did. */
  action: ActionSchema,
  plan: PlanSchema,
  planHash: z.string(),
  mode: z.enum(MODES),
  reason: text(1000),
  rulings: z.array(RulingSchema),
  /** What the ranking put before `action` and why it was passed over. */
  passedOver: z.array(z.strictObject({ action: ActionSchema, verdict: z.string(), guardrails: z.array(z.string()), reason: text(500) })),
  guardrailVersion: z.string(),
  /** The approval that this check has weighed, null on the first pass. */
  approvalId: z.string().nullable(),
});
export type SafetySection = z.infer<typeof SafetySectionSchema>;

// ---- capability (CheckCapability) ------------------------------------------------------------------------------------------

export const CapabilitySectionSchema = z.strictObject({
  verdict: z.enum(['available', 'unavailable']),
  reason: text(1000),
  checks: z.array(
    z.strictObject({
      capability: z.string(),
      verdict: z.enum(['available', 'unavailable', 'not-applicable']),
      reason: text(500),
      /** What would make it available. */
      remedy: text(500).nullable(),
    }),
  ),
  suggestedPatch: text(4000).nullable(),
  delaySeconds: count,
});
export type CapabilitySection = z.infer<typeof CapabilitySectionSchema>;

// ---- escalation (EscalateIncident) and approval (AwaitDecision) -------------------------------------------------------------

export const EscalationSectionSchema = z.strictObject({
  /** `ask` waits for a person; in shadow nobody is asked or told. */
  disposition: z.enum(['ask', 'shadow']),
  kind: z.enum(['needs-approval', 'unsafe', 'unavailable', 'proposed', 'failed-validation', 'unknown-outcome', 'refused', 'error']),
  reason: text(1000),
  approvalId: z.string(),
  /** The plan that an approval would carry out; null where there is nothing to approve. */
  action: ActionSchema.nullable(),
  planHash: z.string().nullable(),
  alternatives: z.array(z.strictObject({ action: ActionSchema, planHash: z.string(), reason: text(500) })),
  suggestedPatch: text(4000).nullable(),
  deadline: instant,
  timeoutSeconds: z.number().int().positive(),
  escalatedAt: instant,
});
export type EscalationSection = z.infer<typeof EscalationSectionSchema>;

export const ApprovalSectionSchema = z.strictObject({
  approvalId: z.string(),
  decision: z.enum(['approved', 'rejected', 'false-positive', 'expired']),
  action: ActionSchema.nullable(),
  planHash: z.string().nullable(),
  decidedBy: z.string(),
  decidedAt: instant,
  reason: text(2000),
});
export type ApprovalSection = z.infer<typeof ApprovalSectionSchema>;

// ---- execution (ExecuteAction), validation (ValidateOutcome), undo (UndoAction) ----------------------------------------------

export const ExecutionSectionSchema = z.strictObject({
  status: z.enum(['started', 'recorded', 'refused']),
  reason: text(1000),
  action: ActionSchema,
  planHash: z.string(),
  remediationId: z.string(),
  /** The rerun; null where none was started. */
  runId: z.string().nullable(),
  adopted: z.boolean(),
  /** Every mutation with its effect, in order: the ledger's rows. */
  effects: z.array(z.strictObject({ call: z.string(), target: z.string(), result: text(500) })).max(500),
  executedAt: instant,
  /** First wait before looking at the run: the job's median run time. */
  waitSeconds: z.number().int().nonnegative(),
});
export type ExecutionSection = z.infer<typeof ExecutionSectionSchema>;

export const ValidationSectionSchema = z.strictObject({
  verdict: z.enum(['pending', 'validated', 'failed', 'unknown']),
  reason: text(1000),
  runState: z.string(),
  poll: count,
  waitSeconds: z.number().int().nonnegative(),
  checks: z.array(
    z.strictObject({ postcondition: z.string(), verdict: z.enum(['holds', 'fails', 'unmeasured']), value: text(300), expected: text(300) }),
  ),
  dpuSeconds: z.number().nonnegative().nullable(),
});
export type ValidationSection = z.infer<typeof ValidationSectionSchema>;

export const UndoSectionSchema = z.strictObject({
  status: z.enum(['undone', 'nothing-to-undo', 'stopped', 'failed']),
  reason: text(1000),
  effects: z.array(z.strictObject({ call: z.string(), target: z.string(), result: text(500) })).max(500),
});
export type UndoSection = z.infer<typeof UndoSectionSchema>;

// ---- learning (UpdatePolicy), closure (CloseIncident) ------------------------------------------------------------------------

export const LearningSectionSchema = z.strictObject({
  status: z.enum(['learned', 'already-learned', 'nothing-to-learn']),
  reason: text(500),
  action: ActionSchema,
  stateId: z.string(),
  reward: z.number().nullable(),
  terms: z.array(z.strictObject({ name: z.string(), value: z.number() })),
  policyVersion: z.string().nullable(),
  qValueBefore: z.number().nullable(),
  qValueAfter: z.number().nullable(),
  visits: count.nullable(),
});
export type LearningSection = z.infer<typeof LearningSectionSchema>;

export const OUTCOMES = ['Resolved', 'Logged', 'HandedOver', 'Shadowed', 'Duplicate', 'StoodDown', 'Deferred', 'Superseded'] as const;
export const ClosureSectionSchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  reason: text(1000),
  closedAt: instant,
  /** From the failed run's end to here. */
  minutes: z.number().nonnegative(),
  /** The incident that took over the failed rerun. */
  nextIncident: z.strictObject({ jobName: z.string(), runId: z.string() }).nullable(),
});
export type ClosureSection = z.infer<typeof ClosureSectionSchema>;

/** What a Catch leaves behind. */
export const ErrorSectionSchema = z.looseObject({ Error: z.string(), Cause: z.string().optional() });

/** The document. Only `incident` is there from the start, and not even that where ClaimIncident itself failed. */
export const IncidentSchema = z.object({
  incident: IncidentSectionSchema,
  evidence: EvidenceSectionSchema.optional(),
  findings: FindingsSectionSchema.optional(),
  proposal: ProposalSectionSchema.optional(),
  safety: SafetySectionSchema.optional(),
  capability: CapabilitySectionSchema.optional(),
  escalation: EscalationSectionSchema.optional(),
  approval: ApprovalSectionSchema.optional(),
  execution: ExecutionSectionSchema.optional(),
  validation: ValidationSectionSchema.optional(),
  undo: UndoSectionSchema.optional(),
  learning: LearningSectionSchema.optional(),
  closure: ClosureSectionSchema.optional(),
  error: ErrorSectionSchema.optional(),
});
export type Incident = z.infer<typeof IncidentSchema>;
export type SectionName = keyof Incident;
