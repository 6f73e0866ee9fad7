/** ClaimIncident: reads the event that set the machine going; adds `incident`. */
import * as z from 'zod';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import type { Step } from '../shared/define-step.ts';
import { IncidentSectionSchema } from '../shared/incident.ts';
import { claimIncident } from './claim-incident.ts';

const InputSchema = z.object({ event: z.unknown(), executionId: z.string().min(1) });

/** The one step that is always run again: the claim itself says who may go on. */
export const claimIncidentStep: Step = (portsOf) => async (input) => {
  const { event, executionId } = InputSchema.parse(input);
  return IncidentSectionSchema.parse(await claimIncident(event, executionId, portsOf()));
};

export const handler = claimIncidentStep(awsPorts);
