/** RecordGoodRun: a SUCCEEDED run of a registered job, announced by EventBridge. Opens no incident. */
import * as z from 'zod';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import type { Step } from '../shared/define-step.ts';
import { REMEDIATION_ID } from '../shared/lineage.ts';
import { recordGoodRunOf } from './record-good-run.ts';

const EventSchema = z.looseObject({
  detail: z.looseObject({ jobName: z.string().min(1), jobRunId: z.string().min(1), state: z.literal('SUCCEEDED') }),
});

export const recordGoodRunStep: Step = (portsOf) => async (input) => {
  const event = EventSchema.safeParse(input);
  if (!event.success) return { verdict: 'not-recorded', reason: 'E_EVENT_SHAPE: expected a SUCCEEDED Glue Job State Change' };
  const ports = portsOf();
  const { jobName, jobRunId } = event.data.detail;
  const run = await ports.jobRuns.getJobRun(jobName, jobRunId);
  // A remediation's rerun is recorded by its validation, or not at all.
  if (run.arguments[REMEDIATION_ID] !== undefined) return { verdict: 'not-recorded', reason: 'the run belongs to a remediation' };
  return recordGoodRunOf(jobName, jobRunId, ports);
};

export const handler = recordGoodRunStep(awsPorts);
