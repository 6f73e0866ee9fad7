/** EscalateIncident: reads whatever there is; adds `escalation`. Everything that is beyond evidence or authority comes through here. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { EscalationSectionSchema, type Incident } from '../shared/incident.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { escalateIncident } from './escalate-incident.ts';

/** A second escalation follows an approval that could not be carried out, or an action that did not help. */
export const escalationPass = (document: Incident) => (document.approval || document.execution ? 2 : 1);

export const escalateIncidentStep = defineStep({
  name: 'EscalateIncident',
  reads: [],
  section: EscalationSectionSchema,
  pass: escalationPass,
  run: async (document, ports) =>
    escalateIncident({
      document,
      registration: await registrationOf(ports.operations, document.incident.jobName),
      now: ports.clock(),
      pass: escalationPass(document),
    }),
});

export const handler = escalateIncidentStep(awsPorts);
