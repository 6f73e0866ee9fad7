/** CloseIncident: reads all that was recorded; adds `closure`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { ClosureSectionSchema } from '../shared/incident.ts';
import { closeIncident } from './close-incident.ts';

export const closeIncidentStep = defineStep({
  name: 'CloseIncident',
  reads: [],
  section: ClosureSectionSchema,
  run: closeIncident,
});

export const handler = closeIncidentStep(awsPorts);
