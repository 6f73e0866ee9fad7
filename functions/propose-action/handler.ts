/** ProposeAction: reads evidence and findings; adds `proposal`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep, type Reading } from '../shared/define-step.ts';
import { type ProposalSection, ProposalSectionSchema } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { registrationOf } from '../shared/stores/registrations.ts';
import { PolicyStore } from './policy-store.ts';
import { proposeAction } from './propose-action.ts';

export const proposeActionStep = defineStep({
  name: 'ProposeAction',
  reads: ['evidence', 'findings'],
  section: ProposalSectionSchema,
  run: propose,
});

async function propose({ incident, evidence, findings }: Reading<'evidence' | 'findings'>, ports: Ports): Promise<ProposalSection> {
  const policy = await new PolicyStore(ports).lookUp(incident.policyVersion, findings.stateId);
  const registration = await registrationOf(ports.operations, incident.jobName);
  // Exploration is off: nothing is drawn that would matter.
  return proposeAction({ incident, evidence, findings, registration, settings: ports.settings, policy, random: () => 0 });
}

export const handler = proposeActionStep(awsPorts);
