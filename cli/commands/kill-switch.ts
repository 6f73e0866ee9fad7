/** `glue-medic kill-switch`: stops every active action at once, everywhere. */
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { KillSwitch } from '../../functions/shared/stores/settings.ts';
import type { Command } from '../command.ts';
import { ask, DIRECTORY_OPTION } from '../local-client.ts';
import { orderOf, REASON_OPTION } from '../order.ts';

export const killSwitch: Command = {
  summary: 'show the kill switch, or turn it on (nothing active is done) or off',
  usage: 'kill-switch [on|off] [--reason TEXT] [--data-directory DIR]',
  options: { ...DIRECTORY_OPTION, ...REASON_OPTION },
  async run(invocation) {
    const [position, ...extra] = invocation.positionals;
    if ((position !== undefined && position !== 'on' && position !== 'off') || extra.length > 0)
      throw new InputError('E_USAGE', `expected on or off, got ${quoteForMessage(invocation.positionals.join(' '))}`);
    const state = await ask<KillSwitch>(
      invocation,
      '/kill-switch',
      position === undefined ? undefined : { engaged: position === 'on', ...orderOf(invocation) },
    );
    invocation.io.stdout.write(invocation.json ? `${JSON.stringify(state)}\n` : `${state.engaged ? 'engaged' : 'off'}: ${state.reason}\n`);
    return 0;
  },
};
