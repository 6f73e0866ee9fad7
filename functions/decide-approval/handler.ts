/** DecideApproval: invoked with IAM by the command line. Reads one decision; answers what is recorded now. */
import * as z from 'zod';
import { awsPorts } from '../shared/aws/aws-ports.ts';
import type { Step } from '../shared/define-step.ts';
import { InputError } from '../shared/errors.ts';
import { decideApproval } from './decide-approval.ts';

export const DecisionRequestSchema = z.strictObject({
  approvalId: z.string().regex(/^apr-[0-9a-f]{16}$/, 'an approval id: apr- and 16 hex digits'),
  decision: z.enum(['approved', 'rejected', 'false-positive']),
  planHash: z.string().max(64).nullable(),
  by: z.string().min(1).max(200),
  identity: z.string().min(1).max(200),
  channel: z.enum(['command-line', 'console']),
  /** Kept up to 2,000 characters, the rest is cut off. */
  reason: z.string(),
});

export const decideApprovalStep: Step = (portsOf) => async (input) => {
  const request = DecisionRequestSchema.safeParse(input);
  if (!request.success) {
    const issue = request.error.issues[0];
    throw new InputError(
      issue?.path[0] === 'approvalId' ? 'E_APPROVAL_ID' : 'E_DECISION',
      `${issue?.path.join('.') || 'decision'}: ${issue?.message}`,
    );
  }
  const { approval, delivery } = await decideApproval(request.data, portsOf());
  return {
    approvalId: approval.approvalId,
    incidentId: approval.incidentId,
    status: approval.status,
    decision: approval.decision,
    delivery,
  };
};

export const handler = decideApprovalStep(awsPorts);
