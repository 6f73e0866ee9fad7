/** DetectAnomalies as a decision: evidence with the artefacts that it points to, and the registration, give the findings. */
import * as z from 'zod';
import type { InputSample } from '../gather-evidence/merge-samples.ts';
import type { ArtefactReader, Decision } from '../shared/define-decision.ts';
import { type ArtefactPointer, type EvidenceSection, type FindingsSection, FindingsSectionSchema } from '../shared/incident.ts';
import { JobRegistrationSchema } from '../shared/job-registration.ts';
import { parseBaseline } from './dataset-baseline.ts';
import { detectAnomalies } from './detect-anomalies.ts';

const FindingsWeighedSchema = z.strictObject({ registration: JobRegistrationSchema.nullable() });
type FindingsWeighed = z.infer<typeof FindingsWeighedSchema>;

export const findingsDecision: Decision<'evidence', FindingsWeighed, FindingsSection> = {
  name: 'DetectAnomalies',
  reads: ['evidence'],
  section: FindingsSectionSchema,
  weighed: FindingsWeighedSchema,
  rules: {},
  async decide({ incident, evidence }, { registration }, artefact) {
    const [log, samples, baselines] = await Promise.all([
      readLog(evidence, artefact),
      readPerInput(evidence, 'sample', artefact, (stored) => stored as InputSample),
      readPerInput(evidence, 'baseline', artefact, parseBaseline),
    ]);
    return detectAnomalies({ incident, evidence, log, registration, samples, baselines });
  },
};

async function readLog({ log }: EvidenceSection, artefact: ArtefactReader): Promise<string> {
  if (log.artefact === null) return log.excerpt;
  return z.object({ log: z.string() }).parse(await artefact(log.artefact)).log;
}

async function readPerInput<T>(
  evidence: EvidenceSection,
  which: 'sample' | 'baseline',
  artefact: ArtefactReader,
  parse: (stored: unknown) => T,
): Promise<Map<string, T>> {
  const read = async (input: string, pointer: ArtefactPointer) => [input, parse(await artefact(pointer))] as const;
  return new Map(
    await Promise.all(
      evidence.datasets.flatMap((dataset) => {
        const pointer = dataset[which];
        return pointer === null ? [] : [read(dataset.input, pointer)];
      }),
    ),
  );
}
