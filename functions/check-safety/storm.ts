/** From the k-th incident of one signature within the window on, incidents wait for what becomes of the first: also those that people would be asked about. */
import type { Reading } from '../shared/define-step.ts';
import type { SafetySection } from '../shared/incident.ts';
import type { Limits } from '../shared/job-registration.ts';

type Document = Pick<Reading<'findings'>, 'findings'>;

/** Characters of a line that tell one failure without a signature from another. */
const TOLD_BY = 80;

/** What makes failures one storm: the same signature; where there is none, the same line but for names and numbers; without a line, the same family. */
export function stormSignature({ findings }: Document): string {
  const { signature, family, rootCauseLine, evidenceLine } = findings.classification;
  if (signature !== null) return signature;
  const line = rootCauseLine ?? evidenceLine;
  return line === null ? `family:${family}` : `${family}: ${withoutNames(line)}`;
}

/** What is quoted, and what holds a digit or is a path or an address, differs from run to run. Linear in the line. */
function withoutNames(line: string): string {
  const words = line
    .toLowerCase()
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '…')
    .split(/\s+/)
    .map((word) => (/[\d/\\@]/.test(word) ? '…' : word));
  return words.join(' ').trim().slice(0, TOLD_BY).toWellFormed();
}

export function deferredAt(place: number, document: Document, safety: SafetySection, limits: Limits): SafetySection {
  return {
    ...safety,
    verdict: 'deferred',
    reason: `incident ${place} of ${stormSignature(document)} within ${limits.stormWindowSeconds} s; from ${limits.stormIncidents} on they wait for the first`,
  };
}
