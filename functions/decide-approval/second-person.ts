/** Four eyes: where a registration asks for it, whoever last changed that registration does not approve what it gives authority for. */
import type { Action } from '../shared/actions.ts';
import { InputError, quoteForMessage } from '../shared/errors.ts';
import type { JobRegistration } from '../shared/job-registration.ts';
import { isSamePerson } from '../shared/same-person.ts';
import type { Approval } from '../shared/stores/approvals.ts';

/** The registration as it was when people were asked, and as it is now: leaving four eyes out in between changes nothing. */
export interface SecondPersonFacts {
  readonly approval: Pick<Approval, 'approvalId' | 'jobName' | 'fourEyes'>;
  readonly registration: Pick<JobRegistration, 'fourEyes' | 'changedBy'> | null;
  readonly action: Action;
  readonly by: string;
}

/** Error: E_SELF_APPROVAL; also where nobody knows who changed the registration. */
export function requireSecondPerson({ approval, registration, action, by }: SecondPersonFacts): void {
  const askedThen = approval.fourEyes?.actions.includes(action) === true;
  if (!askedThen && registration?.fourEyes.some((each) => each === action) !== true) return;
  const authors = [...(askedThen ? [approval.fourEyes?.author ?? null] : []), ...(registration ? [registration.changedBy] : [])];
  if (authors.every((author) => author !== null && !isSamePerson(author, by))) return;
  const job = quoteForMessage(approval.jobName);
  const why = authors.includes(null)
    ? `nobody knows who changed the registration of ${job} last; register it again`
    : `who changed the registration of ${job} last does not approve ${action}`;
  throw new InputError(
    'E_SELF_APPROVAL',
    `${approval.approvalId} cannot be approved by ${quoteForMessage(by)}: ${why}; nothing was decided`,
  );
}
