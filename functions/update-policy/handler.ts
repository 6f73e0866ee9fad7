/** UpdatePolicy: reads execution and validation; adds `learning`. A failure here changes no outcome. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { LearningSectionSchema } from '../shared/incident.ts';
import { updatePolicy } from './update-policy.ts';

export const updatePolicyStep = defineStep({
  name: 'UpdatePolicy',
  reads: ['findings', 'safety', 'execution'],
  section: LearningSectionSchema,
  run: updatePolicy,
});

export const handler = updatePolicyStep(awsPorts);
