/** CheckCapability: reads the plan that safety let through; adds `capability`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { CapabilitySectionSchema } from '../shared/incident.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { checkCapability } from './check-capability.ts';

export const checkCapabilityStep = defineStep({
  name: 'CheckCapability',
  reads: ['evidence', 'safety'],
  section: CapabilitySectionSchema,
  pass: (document) => (document.approval ? 2 : 1),
  run: async ({ incident, evidence, safety }, ports) =>
    checkCapability(
      { plan: safety.plan, incident, evidence, registration: await registrationOf(ports.operations, incident.jobName) },
      ports,
    ),
});

export const handler = checkCapabilityStep(awsPorts);
