/** `glue-medic reject`: nothing is done; the incident is handed over to whoever rejects it. */
import type { Command } from '../command.ts';
import { decide } from '../decide.ts';
import { DIRECTORY_OPTION } from '../local-client.ts';

export const reject: Command = {
  summary: 'reject the plan of an escalated incident, or mark it as a false positive',
  usage: 'reject APPROVAL_ID [--false-positive] [--reason TEXT] [--data-directory DIR]',
  options: { ...DIRECTORY_OPTION, reason: { type: 'string' }, 'false-positive': { type: 'boolean' } },
  run: (invocation) => decide(invocation, invocation.values['false-positive'] === true ? 'false-positive' : 'rejected', () => null),
};
