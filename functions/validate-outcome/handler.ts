/** ValidateOutcome: reads the execution, looks at run and data; adds `validation`, each poll anew. */
import { recordGoodRunOf } from '../record-good-run/record-good-run.ts';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import { defineStep, type Reading } from '../shared/define-step.ts';
import { type ValidationSection, ValidationSectionSchema } from '../shared/incident.ts';
import type { Ports } from '../shared/ports.ts';
import { lastAttemptOf } from './last-attempt.ts';
import { validateOutcome } from './validate-outcome.ts';

export const validateOutcomeStep = defineStep({
  name: 'ValidateOutcome',
  reads: ['evidence', 'findings', 'safety', 'execution'],
  section: ValidationSectionSchema,
  pass: (document) => (document.validation?.poll ?? 0) + 1,
  run: validate,
});

async function validate(document: Reading<'evidence' | 'findings' | 'safety' | 'execution'>, ports: Ports): Promise<ValidationSection> {
  const validation = await validateOutcome(document, ports);
  const { incident, execution, evidence } = document;
  if (validation.verdict !== 'validated' || execution.runId === null) return validation;
  // A validated rerun is a good run: the next failure is compared with it.
  const run = await lastAttemptOf(incident.jobName, execution.runId, evidence.job.maxRetries, ports.jobRuns);
  await recordGoodRunOf(incident.jobName, run.id, ports, true);
  return validation;
}

export const handler = validateOutcomeStep(awsPorts);
