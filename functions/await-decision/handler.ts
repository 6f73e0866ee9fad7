/** AwaitDecision: reads the escalation and the task token; the section `approval` is added by the decision, not by this Lambda. */
import * as z from 'zod';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import type { Step } from '../shared/define-step.ts';
import { IncidentSchema } from '../shared/incident.ts';
import { awaitDecision } from './await-decision.ts';

const InputSchema = z.object({ document: IncidentSchema.required({ escalation: true }), taskToken: z.string().min(1).max(2048) });

export const awaitDecisionStep: Step = (portsOf) => async (input) => {
  const { document, taskToken } = InputSchema.parse(input);
  const approval = await awaitDecision(document, taskToken, portsOf());
  return { approvalId: approval.approvalId, status: approval.status };
};

export const handler = awaitDecisionStep(awsPorts);
