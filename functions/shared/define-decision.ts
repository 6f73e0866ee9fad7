/**
 * A step that decides: first it weighs, which asks the world and is recorded, then it decides, which asks nothing more. So what was
 * decided can be decided again from the audit trail alone, and is the same to the byte.
 */
import type * as z from 'zod';
import { getArtefact } from './artefacts.ts';
import { type Reading, recordedStep, type Step, type StepOutline } from './define-step.ts';
import { MedicError } from './errors.ts';
import type { ArtefactPointer, SectionName } from './incident.ts';
import type { Ports } from './ports.ts';
import { RELEASE } from './release.ts';
import type { Basis } from './stores/audit-trail.ts';
import { wellFormed } from './well-formed.ts';

/** Bytes. With a document at its limit the entry still stays below DynamoDB's 400 KB. */
export const BASIS_LIMIT_BYTES = 100 * 1024;

/** Reads an artefact that a section points to, verified by the hash that the section holds: the one thing a decision may still look at. */
export type ArtefactReader = (pointer: ArtefactPointer) => Promise<unknown>;

export interface Decision<R extends SectionName, Weighed, Section> extends StepOutline<R, Section> {
  /** JSON, free of secrets: it is kept for good. */
  readonly weighed: z.ZodType<Weighed>;
  /** Versions or hashes of the rules that decide, beside the release. */
  readonly rules: Readonly<Record<string, string>>;
  /** Deterministic: the same sections, the same that was weighed and the same artefacts give the same bytes. */
  decide(document: Reading<R>, weighed: Weighed, artefact: ArtefactReader): Section | Promise<Section>;
}

/**
 * @example
 * export const checkSafetyStep = defineDecision(safetyDecision, async (document, ports) => ({ killSwitch: await readKillSwitch(ports.operations) }));
 */
export function defineDecision<R extends SectionName, Weighed, Section>(
  decision: Decision<R, Weighed, Section>,
  weigh: (document: Reading<R>, ports: Ports) => Promise<Weighed>,
): Step {
  return recordedStep(decision, async (document, ports) => {
    // Decided on what will be read back, and on nothing that recording it would lose.
    const weighed = decision.weighed.parse(wellFormed(JSON.parse(JSON.stringify(await weigh(document, ports)))));
    const basis: Basis = { executionId: document.incident.executionId, by: { release: RELEASE, ...decision.rules }, weighed };
    requireBounded(decision.name, basis);
    return { section: await decision.decide(document, weighed, (pointer) => getArtefact(ports, pointer)), basis };
  });
}

function requireBounded(name: string, basis: Basis): void {
  const bytes = Buffer.byteLength(JSON.stringify(basis));
  if (bytes <= BASIS_LIMIT_BYTES) return;
  throw new MedicError(
    'E_OUTPUT_SIZE',
    `${name} would have to record ${bytes} bytes of what it weighed, more than ${BASIS_LIMIT_BYTES}; shorten the job's registration`,
  );
}
