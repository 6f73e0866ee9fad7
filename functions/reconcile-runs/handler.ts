/** ReconcileRuns: on a schedule; opens what no event announced. */
import { awsPorts } from '../shared/aws/aws-ports.ts';
import type { Step } from '../shared/define-step.ts';
import { reconcileRuns } from './reconcile-runs.ts';

export const reconcileRunsStep: Step = (portsOf) => async () => reconcileRuns(portsOf());

export const handler = reconcileRunsStep(awsPorts);
