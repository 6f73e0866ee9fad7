/** From the k-th incident of one signature within the window on, incidents wait for what becomes of the first: also those that people would be asked about. */
import type { Incident, SafetySection } from '../shared/incident.ts';
import type { Limits } from '../shared/job-registration.ts';

/** What makes failures one storm: the same signature, or, where there is none, the same family. */
export function stormSignature(document: Pick<Incident, 'findings'>): string {
  const classification = document.findings?.classification;
  return classification?.signature ?? `family:${classification?.family ?? 'unknown'}`;
}

export function deferredAt(place: number, document: Pick<Incident, 'findings'>, safety: SafetySection, limits: Limits): SafetySection {
  return {
    ...safety,
    verdict: 'deferred',
    reason: `incident ${place} of ${stormSignature(document)} within ${limits.stormWindowSeconds} s; from ${limits.stormIncidents} on they wait for the first`,
  };
}
