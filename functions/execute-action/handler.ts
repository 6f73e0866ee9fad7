/** ExecuteAction: reads the plan that was allowed and found possible; adds `execution`. The only step, with UndoAction, that mutates. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { ExecutionSectionSchema } from '../shared/incident.ts';
import { executeAction } from './execute-action.ts';

export const executeActionStep = defineStep({
  name: 'ExecuteAction',
  reads: ['evidence', 'safety', 'capability'],
  section: ExecutionSectionSchema,
  run: executeAction,
});

export const handler = executeActionStep(awsPorts);
