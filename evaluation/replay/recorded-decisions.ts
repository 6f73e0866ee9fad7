/** The decisions in an audit trail: each with the document that it was made on, by the same code, or it is refused. */
import { capabilityDecision } from '../../functions/check-capability/capability-decision.ts';
import { GUARDRAIL_SETS } from '../../functions/check-safety/guardrail-sets.ts';
import { safetyDecision, safetyDecisionBy } from '../../functions/check-safety/safety-decision.ts';
import { findingsDecision } from '../../functions/detect-anomalies/findings-decision.ts';
import { proposalDecision } from '../../functions/propose-action/proposal-decision.ts';
import { canonicalJson } from '../../functions/shared/canonical-hash.ts';
import type { ArtefactReader, Decision } from '../../functions/shared/define-decision.ts';
import { readDocument } from '../../functions/shared/define-step.ts';
import { InputError } from '../../functions/shared/errors.ts';
import type { Incident, SectionName } from '../../functions/shared/incident.ts';
import { documentOf } from '../../functions/shared/incident-report.ts';
import { RELEASE } from '../../functions/shared/release.ts';
import type { AuditEntry, Basis } from '../../functions/shared/stores/audit-trail.ts';

export interface RecordedDecision {
  /** `CheckSafety`; with `@<opening>` and `#<pass>` it is the entry's step key. */
  readonly step: string;
  readonly opening: number;
  readonly pass: number;
  readonly entry: AuditEntry;
  /** What was on the table: the sections that the trail held before this entry. */
  readonly document: Partial<Incident>;
  /** Decides again. Error: E_DOCUMENT where the trail does not hold what the decision reads; a ZodError where the basis is unreadable. */
  decide(artefact: ArtefactReader): Promise<unknown>;
}

/**
 * In the order of the trail. Error: E_VERSION where a decision was made by other code than this, and so cannot be made again by it.
 * Those that were recorded without their basis are told by `entry.basis` being undefined.
 */
export function recordedDecisions(entries: readonly AuditEntry[]): RecordedDecision[] {
  return entries.flatMap((entry, index) => {
    const {
      step = '',
      opening = '1',
      pass = '1',
    } = /^(?<step>[A-Za-z]+)(?:@(?<opening>\d+))?#(?<pass>\d+)$/.exec(entry.stepKey)?.groups ?? {};
    const code = Object.hasOwn(DECISIONS, step) ? codeOf(step, entry.basis) : undefined;
    if (!code) return [];
    if (entry.basis) requireSameCode(entry.stepKey, entry.basis, code.rules);
    const document = documentBefore(entries.slice(0, index), entry.basis);
    return [
      {
        ...{ step, entry, document, opening: Number(opening), pass: Number(pass) },
        decide: (artefact: ArtefactReader) => code.redecide(document, entry.basis?.weighed, artefact),
      },
    ];
  });
}

/** A decision whose own types are closed in. */
interface Code {
  readonly rules: Readonly<Record<string, string>>;
  redecide(document: unknown, weighed: unknown, artefact: ArtefactReader): Promise<unknown>;
}

function codeFor<R extends SectionName, Weighed, Section>(decision: Decision<R, Weighed, Section>): Code {
  return {
    rules: decision.rules,
    redecide: async (document, weighed, artefact) =>
      decision.section.parse(await decision.decide(readDocument(decision, document), decision.weighed.parse(weighed), artefact)),
  };
}

const DECISIONS: Readonly<Record<string, Code>> = {
  [findingsDecision.name]: codeFor(findingsDecision),
  [proposalDecision.name]: codeFor(proposalDecision),
  [safetyDecision.name]: codeFor(safetyDecision),
  [capabilityDecision.name]: codeFor(capabilityDecision),
};

/** Guardrail sets that are still known decide again as they did. */
function codeOf(step: string, basis: Basis | undefined): Code | undefined {
  const version = basis?.by['guardrails'] ?? '';
  const set = step === safetyDecision.name && Object.hasOwn(GUARDRAIL_SETS, version) ? GUARDRAIL_SETS[version] : undefined;
  return set ? codeFor(safetyDecisionBy(set)) : DECISIONS[step];
}

function requireSameCode(stepKey: string, { by }: Basis, rules: Code['rules']): void {
  const here = { release: RELEASE, ...rules };
  if (canonicalJson(by) === canonicalJson(here)) return;
  throw new InputError(
    'E_VERSION',
    `${stepKey} was decided by ${told(by)}; this is ${told(here)}; replay it with the release that decided it`,
  );
}

function told(by: Readonly<Record<string, string>>): string {
  return Object.entries(by)
    .map(([name, value]) => `${name} ${value.slice(0, 40)}`)
    .join(', ');
}

/** Of several executions that claimed the incident one after the other, the one that decided says what the incident was. */
function documentBefore(before: readonly AuditEntry[], basis: Basis | undefined): Partial<Incident> {
  const isOthersClaim = ({ stepKey, payload }: AuditEntry) =>
    basis !== undefined &&
    stepKey.startsWith('ClaimIncident#') &&
    (payload as { executionId?: unknown } | null)?.executionId !== basis.executionId;
  return documentOf(before.filter((entry) => !isOthersClaim(entry)));
}
