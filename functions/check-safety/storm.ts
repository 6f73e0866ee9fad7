/** From the k-th incident of one signature within the window on, incidents wait for what becomes of the first: also those that people would be asked about. */
import type { Reading } from '../shared/define-step.ts';
import type { SafetySection } from '../shared/incident.ts';
import type { Limits } from '../shared/job-registration.ts';

type Document = Pick<Reading<'findings'>, 'findings'>;

/** What makes failures one storm: the same signature, or, where there is none, the same family. */
export function stormSignature({ findings }: Document): string {
  const { signature, family } = findings.classification;
  return signature ?? `family:${family}`;
}

export function deferredAt(place: number, document: Document, safety: SafetySection, limits: Limits): SafetySection {
  return {
    ...safety,
    verdict: 'deferred',
    reason: `incident ${place} of ${stormSignature(document)} within ${limits.stormWindowSeconds} s; from ${limits.stormIncidents} on they wait for the first`,
  };
}
