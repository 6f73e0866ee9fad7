/** ProposeAction as a decision: what it weighs besides evidence and findings, and what follows from it. */
import * as z from 'zod';
import type { Decision } from '../shared/define-decision.ts';
import type { Reading } from '../shared/define-step.ts';
import { type ProposalSection, ProposalSectionSchema } from '../shared/incident.ts';
import { JobRegistrationSchema } from '../shared/job-registration.ts';
import { proposeAction } from './propose-action.ts';
import { QRowSchema } from './q-table.ts';
import { RULES_HASH } from './rules-policy.ts';

const ProposalWeighedSchema = z.strictObject({
  registration: JobRegistrationSchema.nullable(),
  quarantineBucket: z.string(),
  /** What the policy of this incident knew of its state, or the rules, and why they stand in. */
  policy: z.strictObject({
    version: z.string(),
    hash: z.string(),
    fallbackReason: z.string().nullable(),
    row: QRowSchema.nullable(),
  }),
  /** What was drawn for exploration, in [0,1). */
  draw: z.number().min(0).lt(1),
});
export type ProposalWeighed = z.infer<typeof ProposalWeighedSchema>;

/** Pure. */
export function decideProposal(
  { incident, evidence, findings }: Reading<'evidence' | 'findings'>,
  { registration, quarantineBucket, policy, draw }: ProposalWeighed,
): ProposalSection {
  return proposeAction({ incident, evidence, findings, registration, settings: { quarantineBucket }, policy, random: () => draw });
}

export const proposalDecision: Decision<'evidence' | 'findings', ProposalWeighed, ProposalSection> = {
  name: 'ProposeAction',
  reads: ['evidence', 'findings'],
  section: ProposalSectionSchema,
  weighed: ProposalWeighedSchema,
  rules: { policyRules: RULES_HASH },
  decide: decideProposal,
};
