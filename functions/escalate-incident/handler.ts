/** EscalateIncident: reads whatever there is; adds `escalation`. Everything that is beyond evidence or authority comes through here. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { type EscalationSection, EscalationSectionSchema, type Incident } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { redact } from '../shared/redact.ts';
import { freezeJob } from '../shared/stores/frozen-jobs.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { escalateIncident, unfinishedInverseOf } from './escalate-incident.ts';

/** A second escalation follows an approval that could not be carried out, or an action that did not help. */
export const escalationPass = (document: Incident) => (document.approval || document.execution ? 2 : 1);

export const escalateIncidentStep = defineStep({
  name: 'EscalateIncident',
  reads: [],
  section: EscalationSectionSchema,
  pass: escalationPass,
  run: escalate,
});

async function escalate(document: Incident, ports: Ports): Promise<EscalationSection> {
  const { id: incidentId, jobName } = document.incident;
  const unfinished = unfinishedInverseOf(document);
  // UndoAction has frozen the job itself, unless that is what it died of.
  if (unfinished !== null && !document.undo)
    await freezeJob(ports.operations, {
      jobName,
      incidentId,
      reason: `inverse failed: ${redact(unfinished)}`,
      at: ports.clock().toISOString(),
    });
  const registration = await registrationOf(ports.operations, jobName);
  return escalateIncident({ document, registration, now: ports.clock(), pass: escalationPass(document) });
}

export const handler = escalateIncidentStep(awsPorts);
