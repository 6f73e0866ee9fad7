/** RecordAbort: an execution of the state machine that somebody has aborted, announced by EventBridge. */
import * as z from 'zod';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import type { Step } from '../shared/define-step.ts';
import { recordAbort } from './record-abort.ts';

const EventSchema = z.looseObject({
  source: z.literal('aws.states'),
  detail: z.looseObject({ executionArn: z.string().min(1).max(2048), status: z.literal('ABORTED') }),
});

export const recordAbortStep: Step = (portsOf) => async (input) => {
  const event = EventSchema.safeParse(input);
  if (!event.success)
    return {
      verdict: 'not-recorded',
      incidentId: null,
      reason: 'E_EVENT_SHAPE: expected an ABORTED Step Functions Execution Status Change',
    };
  return recordAbort(event.data.detail.executionArn, portsOf());
};

export const handler = recordAbortStep(awsPorts);
