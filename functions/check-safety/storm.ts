/** From the k-th incident of one signature within the window on, incidents wait for what becomes of the first: also those that people would be asked about. */
import type { Incident, SafetySection } from '../shared/incident.ts';
import type { Limits } from '../shared/job-registration.ts';
import type { Ports } from '../shared/ports.ts';
import { joinStorm } from '../shared/stores/storms.ts';

export async function deferInStormOf(
  document: Incident,
  safety: SafetySection,
  limits: Limits,
  ports: Ports,
): Promise<SafetySection | undefined> {
  if (document.approval) return undefined;
  const signature = stormSignature(document);
  const { place, deferred } = await joinStorm(ports, signature, document.incident.id, limits);
  if (!deferred) return undefined;
  return {
    ...safety,
    verdict: 'deferred',
    reason: `incident ${place} of ${signature} within ${limits.stormWindowSeconds} s; from ${limits.stormIncidents} on they wait for the first`,
  };
}

/** What makes failures one storm: the same signature, or, where there is none, the same family. */
export function stormSignature(document: Pick<Incident, 'findings'>): string {
  const classification = document.findings?.classification;
  return classification?.signature ?? `family:${classification?.family ?? 'unknown'}`;
}
