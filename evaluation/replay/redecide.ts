/** Makes every recorded decision again, and compares the bytes. */
import * as z from 'zod';
import { NotWeighedError } from '../../functions/check-safety/safety-decision.ts';
import { isServiceError } from '../../functions/shared/aws-errors.ts';
import type { ArtefactReader } from '../../functions/shared/define-decision.ts';
import { InputError } from '../../functions/shared/errors.ts';
import { type Difference, firstDifference } from './first-difference.ts';
import type { RecordedDecision } from './recorded-decisions.ts';

export interface ReplayedStep {
  /** The entry's step key, e.g. `CheckSafety#1`. */
  readonly step: string;
  readonly sequence: number;
  readonly verdict: 'same' | 'different' | 'NOT_EVALUABLE';
  /** Why it is not evaluable, or different without a section to compare; null otherwise. */
  readonly reason: string | null;
  readonly difference: Difference | null;
}

/** IntegrityError where an artefact is not the one that was written; the services' own errors, but for what is gone by now. */
export async function redecide({ entry, decide }: RecordedDecision, artefact: ArtefactReader): Promise<ReplayedStep> {
  const { stepKey: step, sequence } = entry;
  const notEvaluable = (reason: string): ReplayedStep => ({ step, sequence, verdict: 'NOT_EVALUABLE', reason, difference: null });
  if (!entry.basis) return notEvaluable('it was recorded without what was weighed');
  try {
    const difference = firstDifference(entry.payload, await decide(artefact));
    return { step, sequence, verdict: difference ? 'different' : 'same', reason: null, difference };
  } catch (error) {
    // With these facts it would have been asked for: the decision on record was made on others.
    if (error instanceof NotWeighedError) return { step, sequence, verdict: 'different', reason: error.message, difference: null };
    if (error instanceof z.ZodError) return notEvaluable(`what was weighed is unreadable at ${error.issues[0]?.path.join('.')}`);
    if (error instanceof InputError) return notEvaluable(error.message);
    if (isServiceError(error, 'NoSuchKey', 'NoSuchBucket', 'AccessDenied'))
      return notEvaluable(`an artefact of the evidence is out of reach: ${error.name}`);
    throw error;
  }
}
