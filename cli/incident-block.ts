/** One incident as a block of text that a person on call can read at a glance. */
import type { Incident } from '../functions/shared/incident.ts';
import type { IncidentReport } from '../functions/shared/incident-report.ts';
import type { ChainVerdict } from '../functions/shared/stores/audit-trail.ts';
import { printable } from './printable.ts';

const WIDTH = 240;

export function incidentBlock(report: IncidentReport, document: Partial<Incident>, chain?: ChainVerdict): string {
  const { findings, proposal, safety, capability, execution, validation, undo, escalation, closure, incident, learning } = document;
  const lines: [string, string | undefined][] = [
    ['failed', failureLine(document)],
    [
      'family',
      findings &&
        `${findings.classification.family} (confidence ${findings.classification.confidence}${findings.classification.signature ? `, ${findings.classification.signature}` : ''})`,
    ],
    [
      'risk',
      findings &&
        `${findings.risk.level} ${findings.risk.score} = ${findings.risk.terms
          .filter((term) => term.contribution > 0)
          .map((term) => `${term.name} ${term.contribution}`)
          .join(' + ')}`,
    ],
    ['state', findings?.stateId],
    [
      'evidence',
      document.evidence && document.evidence.gaps.length > 0
        ? `gaps: ${document.evidence.gaps.map((gap) => `${gap.source} (${gap.reason})`).join('; ')}`
        : undefined,
    ],
    ['facts', findings && factsLine(findings)],
    ['proposed', proposal && `${proposal.action}: ${proposal.reason}`],
    ['guardrails', safety && `${safety.verdict} ${safety.action} (${safety.mode}): ${safety.reason}`],
    ['capability', capability && `${capability.verdict}: ${capability.reason}`],
    [
      'done',
      execution &&
        (execution.status === 'refused'
          ? `refused: ${execution.reason}`
          : `${execution.effects.map((effect) => `${effect.call} ${effect.target}`).join('; ') || 'recorded'}`),
    ],
    ['validation', validation && `${validation.verdict}: ${measuredBy(validation)}`],
    ['undone', undo && `${undo.status}: ${undo.reason}`],
    [
      'learned',
      learning?.reward === undefined || learning.reward === null
        ? undefined
        : `reward ${learning.reward.toFixed(3)} for ${learning.action}, now ${learning.qValueAfter?.toFixed(3)} after ${learning.visits} visits (candidate)`,
    ],
    ['person', escalation && escalation.disposition === 'ask' && !closure ? `${escalation.kind}: ${escalation.reason}` : undefined],
    ['decide', decideLine(document)],
    [
      'alternatives',
      escalation && !closure && escalation.alternatives.length > 0
        ? escalation.alternatives.map((each) => `${each.action} --plan ${each.planHash.slice(0, 12)}`).join(', ')
        : undefined,
    ],
    [
      'audit',
      chain &&
        (chain.verdict === 'intact'
          ? `${chain.entries} entries, hash chain intact`
          : `BROKEN at entry #${chain.firstBadEntry}: ${chain.reason}`),
    ],
    [
      'outcome',
      `${report.outcome ?? 'open'}${closure ? `: ${closure.reason}` : incident?.disposition === 'stood-down' ? `: ${incident.reason}` : ''}`,
    ],
    ['minutes', report.minutes === null ? undefined : String(report.minutes)],
  ];
  const body = lines.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(13)}${oneLine(text)}`]));
  const patch =
    escalation && !closure && escalation.suggestedPatch
      ? ['  patch', ...escalation.suggestedPatch.split('\n').map((line) => `    ${printable(line)}`)]
      : [];
  return [`${printable(report.job)}  ${report.incidentId}`, ...body, ...patch].join('\n');
}

/** What validation measured: each postcondition with its value, those that fail first. */
function measuredBy(validation: NonNullable<Incident['validation']>): string {
  const failing = validation.checks.filter((check) => check.verdict === 'fails');
  const checks = [...failing, ...validation.checks.filter((check) => check.verdict !== 'fails')];
  return checks.length === 0 ? validation.reason : checks.map((check) => `${check.postcondition} (${check.value})`).join('; ');
}

function failureLine({ evidence, findings, incident }: Partial<Incident>): string {
  return (
    findings?.classification.rootCauseLine ??
    findings?.classification.evidenceLine ??
    evidence?.run.errorMessage ??
    incident?.runState ??
    '-'
  );
}

function factsLine(findings: NonNullable<Incident['findings']>): string | undefined {
  const drift = findings.drift.flatMap((each) =>
    each.changes.slice(0, 3).map((change) => `${each.subject} ${change.path} ${change.kind} ${change.from ?? ''} → ${change.to ?? ''}`),
  );
  const quality = findings.quality.flatMap((each) =>
    each.columns.slice(0, 2).map((column) => `${column.name}: ${column.reasons[0] ?? 'degraded'}`),
  );
  const objects = findings.offendingObjects.slice(0, 2).map((object) => `${object.key}: ${object.reason}`);
  const facts = [...objects, ...drift, ...quality];
  return facts.length > 0 ? facts.join('; ') : undefined;
}

function decideLine({ escalation, closure }: Partial<Incident>): string | undefined {
  if (escalation?.disposition !== 'ask' || closure) return undefined;
  const approve = escalation.planHash
    ? `npm run medic -- approve ${escalation.approvalId}   (${escalation.action}, plan ${escalation.planHash.slice(0, 12)})   or   `
    : '';
  return `${approve}npm run medic -- reject ${escalation.approvalId}`;
}

function oneLine(text: string): string {
  const clean = printable(text);
  return clean.length > WIDTH ? `${clean.slice(0, WIDTH - 1)}…` : clean;
}
