/** GatherEvidence: reads the claimed incident; adds `evidence`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { EvidenceSectionSchema } from '../shared/incident.ts';
import { gatherEvidence } from './gather-evidence.ts';

export const gatherEvidenceStep = defineStep({
  name: 'GatherEvidence',
  reads: [],
  section: EvidenceSectionSchema,
  run: (document, ports) => gatherEvidence(document.incident, ports),
});

export const handler = gatherEvidenceStep(awsPorts);
