/** CheckCapability: reads the plan that safety let through; adds `capability`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineDecision } from '../shared/define-decision.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { askCapabilities } from './ask-capabilities.ts';
import { capabilityDecision } from './capability-decision.ts';

export const checkCapabilityStep = defineDecision(capabilityDecision, async ({ incident, evidence, safety }, ports) => ({
  answers: await askCapabilities(
    { plan: safety.plan, incident, evidence, registration: await registrationOf(ports.operations, incident.jobName) },
    ports,
  ),
}));

export const handler = checkCapabilityStep(awsPorts);
