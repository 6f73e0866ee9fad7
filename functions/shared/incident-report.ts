/** An incident as its audit trail tells it: the sections its steps recorded, and one line that sums them up. */
import * as z from 'zod';
import { ActionSchema } from './actions.ts';
import {
  CapabilitySectionSchema,
  ClosureSectionSchema,
  EscalationSectionSchema,
  EvidenceSectionSchema,
  ExecutionSectionSchema,
  FindingsSectionSchema,
  type Incident,
  IncidentSectionSchema,
  LearningSectionSchema,
  ProposalSectionSchema,
  SafetySectionSchema,
  UndoSectionSchema,
  ValidationSectionSchema,
} from './incident.ts';
import type { AuditEntry } from './stores/audit-trail.ts';

const SECTIONS = {
  ClaimIncident: ['incident', IncidentSectionSchema],
  GatherEvidence: ['evidence', EvidenceSectionSchema],
  DetectAnomalies: ['findings', FindingsSectionSchema],
  ProposeAction: ['proposal', ProposalSectionSchema],
  CheckSafety: ['safety', SafetySectionSchema],
  CheckCapability: ['capability', CapabilitySectionSchema],
  ExecuteAction: ['execution', ExecutionSectionSchema],
  ValidateOutcome: ['validation', ValidationSectionSchema],
  UndoAction: ['undo', UndoSectionSchema],
  UpdatePolicy: ['learning', LearningSectionSchema],
  EscalateIncident: ['escalation', EscalationSectionSchema],
  CloseIncident: ['closure', ClosureSectionSchema],
} as const satisfies Record<string, readonly [keyof Incident, z.ZodType]>;

/** What a person decided, as DecideApproval writes it down. */
const DecisionSchema = z.object({
  approvalId: z.string(),
  status: z.enum(['approved', 'rejected', 'false-positive']),
  decision: z.object({
    action: ActionSchema.nullable(),
    planHash: z.string().nullable(),
    by: z.string(),
    at: z.string(),
    reason: z.string(),
  }),
});

/** The document put together again; of sections that were written more than once the last. An incident opened again begins anew. */
export function documentOf(entries: readonly AuditEntry[]): Partial<Incident> {
  let document: Partial<Incident> = {};
  for (const entry of entries) {
    const step = /^[A-Za-z]+/.exec(entry.stepKey)?.[0] ?? '';
    const added = step === 'DecideApproval' ? approvalIn(entry.payload) : sectionIn(step, entry.payload);
    // What other executions wrote, who found the incident taken or not theirs, is not the incident's own.
    if (added.incident && document.incident?.disposition === 'claimed' && added.incident.disposition !== 'claimed') continue;
    const isReopened = added.incident !== undefined && added.incident.opening > (document.incident?.opening ?? 1);
    document = isReopened ? added : { ...document, ...added };
  }
  return document;
}

function sectionIn(step: string, payload: unknown): Partial<Incident> {
  if (!Object.hasOwn(SECTIONS, step)) return {};
  const [section, schema] = SECTIONS[step as keyof typeof SECTIONS];
  const parsed = schema.safeParse(payload);
  return parsed.success ? { [section]: parsed.data } : {};
}

function approvalIn(payload: unknown): Partial<Incident> {
  const parsed = DecisionSchema.safeParse(payload);
  if (!parsed.success) return {};
  const { approvalId, status, decision } = parsed.data;
  const { action, planHash, by, at, reason } = decision;
  return { approval: { approvalId, decision: status, action, planHash, decidedBy: by, decidedAt: at, reason } };
}

export interface IncidentReport {
  readonly incidentId: string;
  readonly job: string;
  readonly family: string | null;
  readonly risk: string | null;
  /** The RL state's id. */
  readonly state: string | null;
  readonly proposed: string | null;
  readonly safety: { readonly verdict: string; readonly reason: string } | null;
  readonly capability: { readonly verdict: string; readonly reason: string } | null;
  readonly executed: string | null;
  readonly validation: { readonly verdict: string; readonly reason: string } | null;
  /** The terminal state, or `Escalated` while a person is asked; null while the machine is at it. */
  readonly outcome: string | null;
  readonly minutes: number | null;
  readonly approvalId: string | null;
}

export function reportOf(incidentId: string, document: Partial<Incident>, now: Date): IncidentReport {
  const { incident, evidence, findings, proposal, safety, capability, execution, validation, escalation, approval, closure } = document;
  const said = (section: { verdict: string; reason: string } | undefined) =>
    section ? { verdict: section.verdict, reason: section.reason } : null;
  const waits = escalation?.disposition === 'ask' && approval?.approvalId !== escalation.approvalId && !closure;
  const since = Date.parse(evidence?.run.completedOn ?? incident?.openedAt ?? now.toISOString());
  return {
    incidentId,
    job: incident?.jobName ?? '',
    family: findings?.classification.family ?? null,
    risk: findings?.risk.level ?? null,
    state: findings?.stateId ?? null,
    proposed: proposal?.action ?? null,
    safety: said(safety),
    capability: said(capability),
    executed: execution && execution.status !== 'refused' ? execution.action : null,
    validation: said(validation),
    outcome: closure?.outcome ?? (incident?.disposition === 'stood-down' ? 'StoodDown' : waits ? 'Escalated' : null),
    minutes: closure?.minutes ?? Math.round(Math.max((now.getTime() - since) / 60_000, 0) * 1000) / 1000,
    approvalId: escalation?.disposition === 'ask' ? escalation.approvalId : null,
  };
}
