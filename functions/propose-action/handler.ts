/** ProposeAction: reads evidence and findings; adds `proposal`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineDecision } from '../shared/define-decision.ts';
import { weighRegistration } from '../shared/weigh-registration.ts';
import { PolicyStore } from './policy-store.ts';
import { proposalDecision } from './proposal-decision.ts';

export const proposeActionStep = defineDecision(proposalDecision, async ({ incident, findings }, ports) => ({
  registration: await weighRegistration(ports.operations, incident.jobName),
  quarantineBucket: ports.settings.quarantineBucket,
  policy: await new PolicyStore(ports).lookUp(incident.policyVersion, findings.stateId),
  // Exploration is off: nothing is drawn that would matter.
  draw: 0,
}));

export const handler = proposeActionStep(awsPorts);
