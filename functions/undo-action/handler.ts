/** UndoAction: reads an execution whose validation failed; adds `undo`. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep } from '../shared/define-step.ts';
import { UndoSectionSchema } from '../shared/incident.ts';
import { undoAction } from './undo-action.ts';

export const undoActionStep = defineStep({
  name: 'UndoAction',
  reads: ['safety', 'execution', 'validation'],
  section: UndoSectionSchema,
  run: undoAction,
});

export const handler = undoActionStep(awsPorts);
