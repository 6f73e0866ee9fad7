/** What each of the six actions exports: its plan, made of facts; its effect; what must hold afterwards; and its inverse. */
import type { Action, Plan, PlanOf } from '../../shared/actions.ts';
import type { EvidenceSection, FindingsSection, IncidentSection, ValidationSection } from '../../shared/incident.ts';
import type { JobRegistration } from '../../shared/job-registration.ts';
import type { Settings } from '../../shared/ports.ts';
import type { LedgerRow } from '../../shared/stores/action-ledger.ts';
import type { ReadingPorts } from '../guarded-writers.ts';
import type { Mutations } from '../mutations.ts';

export interface PlanningFacts {
  readonly incident: IncidentSection;
  readonly evidence: EvidenceSection;
  readonly findings: FindingsSection;
  readonly registration: JobRegistration | null;
  readonly settings: Pick<Settings, 'quarantineBucket'>;
}

/** A plan, or why the facts give none: the action's preconditions. */
export type Planned<A extends Action> = { readonly plan: PlanOf<A> } | { readonly plan: null; readonly reason: string };

export type Postcondition = ValidationSection['checks'][number];

export interface ActionDefinition<A extends Action> {
  readonly action: A;
  /** Pure and deterministic: the same facts give the same plan, so the same hash. */
  plan(facts: PlanningFacts): Planned<A>;
  /** Everything but the rerun, each mutation through the ledger. */
  execute(plan: PlanOf<A>, mutations: Mutations, ports: ReadingPorts): Promise<void>;
  /** Judged on what is there now, after the rerun. Read-only. */
  postconditions(plan: PlanOf<A>, ledger: readonly LedgerRow[], ports: ReadingPorts): Promise<Postcondition[]>;
  /** Restores catalog and input from the ledger, each mutation through it; false where there is nothing to restore. */
  undo(plan: PlanOf<A>, ledger: readonly LedgerRow[], mutations: Mutations, ports: ReadingPorts): Promise<boolean>;
}

/** Actions that end in a rerun carry one in their plan. */
export function rerunOf(plan: Plan) {
  return 'rerun' in plan ? plan.rerun : null;
}
