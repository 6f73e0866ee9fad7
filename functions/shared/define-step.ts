/**
 * What every step of the state machine has in common: it reads sections it names, adds one section of its own, and writes that
 * section to the audit trail before it returns it. Run again, after a crash, a retry or a redrive, it returns what it recorded.
 */
import type * as z from 'zod';
import { InputError, MedicError } from './errors.ts';
import { type Incident, IncidentSchema, type SectionName } from './incident.ts';
import type { Ports } from './ports.ts';
import { AuditTrail, type Basis } from './stores/audit-trail.ts';
import { IncidentStore } from './stores/incidents.ts';

/** Bytes. Step Functions fails at 256 KiB, uncatchable; the whole document stays well below. */
export const DOCUMENT_LIMIT_BYTES = 200 * 1024;

export type Reading<R extends SectionName> = Incident & { [K in R]-?: NonNullable<Incident[K]> };

/** What a step says of itself before it does anything. */
export interface StepOutline<R extends SectionName, Section> {
  /** The state's name; the folder is its kebab-case form. */
  readonly name: string;
  /** Sections that have to be there besides `incident`. */
  readonly reads: readonly R[];
  readonly section: z.ZodType<Section>;
  /** Distinguishes repeated visits to one state, e.g. polls; 1 where the state is visited once. */
  readonly pass?: (document: Reading<R>) => number;
}

export interface StepDefinition<R extends SectionName, Section> extends StepOutline<R, Section> {
  run(document: Reading<R>, ports: Ports): Promise<Section>;
}

/** What a run of a step comes to; the basis of a decision is recorded beside its section and does not travel. */
export interface Outcome<Section> {
  readonly section: Section;
  readonly basis?: Basis;
}

/** A step waits for its ports, so that nothing is built or read from the environment at import. */
export type Step = (ports: () => Ports) => (input: unknown) => Promise<unknown>;

/**
 * @example
 * export const proposeActionStep = defineStep({ name: 'ProposeAction', reads: ['findings'], section: ProposalSectionSchema, run });
 * export const handler = proposeActionStep(awsPorts);
 */
export function defineStep<R extends SectionName, Section>(step: StepDefinition<R, Section>): Step {
  return recordedStep(step, async (document, ports) => ({ section: await step.run(document, ports) }));
}

/** Runs once per step key: what `produce` comes to is recorded before it is returned, and returned from the record ever after. */
export function recordedStep<R extends SectionName, Section>(
  step: StepOutline<R, Section>,
  produce: (document: Reading<R>, ports: Ports) => Promise<Outcome<Section>>,
): Step {
  return (portsOf) => async (input) => {
    const ports = portsOf();
    const document = readDocument(step, input);
    const trail = new AuditTrail(ports);
    const { opening } = document.incident;
    const stepKey = `${step.name}${opening > 1 ? `@${opening}` : ''}#${step.pass?.(document) ?? 1}`;
    const recorded = await trail.recorded(document.incident.id, stepKey);
    if (recorded) return step.section.parse(recorded.payload);

    const produced = await produce(document, ports);
    const section = withinLimit(step.name, document, step.section.parse(produced.section));
    const entry = await trail.append(document.incident.id, stepKey, section, produced.basis);
    await new IncidentStore(ports).renewLease(document.incident.id, document.incident.executionId);
    return step.section.parse(entry.payload);
  };
}

/** Error: E_DOCUMENT where it is no document, or lacks a section that the step reads. */
export function readDocument<R extends SectionName>(step: { name: string; reads: readonly R[] }, input: unknown): Reading<R> {
  const parsed = IncidentSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError(
      'E_DOCUMENT',
      `${step.name} got a document that is wrong at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`,
    );
  }
  const missing = step.reads.filter((section) => parsed.data[section] === undefined);
  if (missing.length > 0) throw new InputError('E_DOCUMENT', `${step.name} needs ${missing.join(', ')}, which no step before it has added`);
  return parsed.data as Reading<R>;
}

function withinLimit<Section>(name: string, document: unknown, section: Section): Section {
  const bytes = Buffer.byteLength(JSON.stringify(document)) + Buffer.byteLength(JSON.stringify(section));
  if (bytes > DOCUMENT_LIMIT_BYTES) {
    throw new MedicError(
      'E_OUTPUT_SIZE',
      `${name} would make the document ${bytes} bytes, more than ${DOCUMENT_LIMIT_BYTES}; large evidence belongs in an artefact`,
    );
  }
  return section;
}
