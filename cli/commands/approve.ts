/** `glue-medic approve`: lets exactly the plan that was shown be carried out. */
import type { Command } from '../command.ts';
import { decide } from '../decide.ts';
import { DIRECTORY_OPTION } from '../local-client.ts';

export const approve: Command = {
  summary: 'approve the plan of an escalated incident, or one of its alternatives',
  usage: 'approve APPROVAL_ID [--plan HASH] [--reason TEXT] [--data-directory DIR]',
  options: { ...DIRECTORY_OPTION, plan: { type: 'string' }, reason: { type: 'string' } },
  run: (invocation) => {
    const named = invocation.values['plan'];
    return decide(invocation, 'approved', (approval) => (typeof named === 'string' ? named : (approval.options[0]?.planHash ?? null)));
  },
};
