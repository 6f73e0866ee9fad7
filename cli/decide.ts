/** What `approve` and `reject` have in common: one decision about one request, told plainly. */
import { InputError } from '../functions/shared/errors.ts';
import type { Approval } from '../functions/shared/stores/approvals.ts';
import type { ExitCode, Invocation } from './command.ts';
import { ask } from './local-client.ts';
import { orderOf } from './order.ts';

interface Answer {
  readonly approvalId: string;
  readonly incidentId: string;
  readonly status: string;
  readonly decision: Approval['decision'];
  readonly delivery: string;
}

export async function decide(
  invocation: Invocation,
  decision: 'approved' | 'rejected' | 'false-positive',
  planHashOf: (approval: Approval) => string | null,
): Promise<ExitCode> {
  const [approvalId, ...extra] = invocation.positionals;
  if (approvalId === undefined || extra.length > 0)
    throw new InputError('E_USAGE', 'exactly one approval id is needed; `glue-medic incidents` lists what waits');
  const approval = await ask<Approval>(invocation, `/approvals/${encodeURIComponent(approvalId)}`);
  const answer = await ask<Answer>(invocation, '/decisions', {
    approvalId,
    decision,
    planHash: planHashOf(approval),
    ...orderOf(invocation),
    channel: 'command-line',
  });
  const action = answer.decision?.action ? ` ${answer.decision.action}, plan ${answer.decision.planHash?.slice(0, 12)}` : '';
  invocation.io.stdout.write(
    invocation.json
      ? `${JSON.stringify(answer)}\n`
      : `${answer.approvalId} ${answer.status}${action} (${answer.delivery}); \`npm run medic -- incidents ${answer.incidentId}\` shows what follows\n`,
  );
  return 0;
}
