/** What a capability check is: a read-only question to the environment about one plan. */
import type { Plan } from '../shared/actions.ts';
import type { CapabilitySection, EvidenceSection, IncidentSection } from '../shared/incident.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import type { Ports } from '../shared/ports.ts';

export interface CapabilityFacts {
  readonly plan: Plan;
  readonly incident: IncidentSection;
  readonly evidence: EvidenceSection;
  readonly registration: JobRegistration | null;
}

export type ReadingPorts = Pick<Ports, 'jobRuns' | 'catalog' | 'objects'>;
export type Answer = Omit<CapabilitySection['checks'][number], 'capability'>;
export type Capability = (facts: CapabilityFacts, ports: ReadingPorts) => Promise<Answer>;

export const available = (reason: string): Answer => ({ verdict: 'available', reason: reason.slice(0, 500), remedy: null });
/** `remedy`: what a team would have to do to make it available. */
export const unavailable = (reason: string, remedy: string): Answer => ({
  verdict: 'unavailable',
  reason: reason.slice(0, 500),
  remedy: remedy.slice(0, 500),
});
export const notApplicable = (reason: string): Answer => ({ verdict: 'not-applicable', reason: reason.slice(0, 500), remedy: null });
