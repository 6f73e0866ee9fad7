/** DetectAnomalies: reads the evidence and its artefacts; adds `findings`. */
import * as z from 'zod';
import type { InputSample } from '../gather-evidence/merge-samples.ts';
import { getArtefact } from '../shared/artefacts.ts';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep, type Reading } from '../shared/define-step.ts';
import { type ArtefactPointer, type EvidenceSection, type FindingsSection, FindingsSectionSchema } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { parseBaseline } from './dataset-baseline.ts';
import { detectAnomalies } from './detect-anomalies.ts';

export const detectAnomaliesStep = defineStep({
  name: 'DetectAnomalies',
  reads: ['evidence'],
  section: FindingsSectionSchema,
  run: detect,
});

async function detect({ incident, evidence }: Reading<'evidence'>, ports: Ports): Promise<FindingsSection> {
  const [log, samples, baselines, registration] = await Promise.all([
    readLog(evidence, ports),
    readPerInput(evidence, ports, 'sample', (stored) => stored as InputSample),
    readPerInput(evidence, ports, 'baseline', parseBaseline),
    registrationOf(ports.operations, incident.jobName),
  ]);
  return detectAnomalies({ incident, evidence, log, registration, samples, baselines });
}

async function readLog({ log }: EvidenceSection, ports: Ports): Promise<string> {
  if (log.artefact === null) return log.excerpt;
  return z.object({ log: z.string() }).parse(await getArtefact(ports, log.artefact)).log;
}

async function readPerInput<T>(
  evidence: EvidenceSection,
  ports: Ports,
  which: 'sample' | 'baseline',
  parse: (stored: unknown) => T,
): Promise<Map<string, T>> {
  const read = async (input: string, pointer: ArtefactPointer) => [input, parse(await getArtefact(ports, pointer))] as const;
  return new Map(
    await Promise.all(
      evidence.datasets.flatMap((dataset) => {
        const pointer = dataset[which];
        return pointer === null ? [] : [read(dataset.input, pointer)];
      }),
    ),
  );
}

export const handler = detectAnomaliesStep(awsPorts);
