/** DetectAnomalies: reads the evidence and its artefacts; adds `findings`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineDecision } from '../shared/define-decision.ts';
import { weighRegistration } from '../shared/weigh-registration.ts';
import { findingsDecision } from './findings-decision.ts';

export const detectAnomaliesStep = defineDecision(findingsDecision, async ({ incident }, ports) => ({
  registration: await weighRegistration(ports.operations, incident.jobName),
}));

export const handler = detectAnomaliesStep(awsPorts);
