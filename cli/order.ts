/** Who orders a change of authority on the command line, how that is known, and why. */
import { userInfo } from 'node:os';
import type { Order } from '../functions/shared/stores/authority-changes.ts';
import type { Invocation } from './command.ts';

export const REASON_OPTION = { reason: { type: 'string' } } as const;

export function orderOf({ values }: Pick<Invocation, 'values'>): Order {
  const { username } = userInfo();
  const reason = values['reason'];
  return { by: username, identity: `operating-system user ${username}`, reason: typeof reason === 'string' ? reason : '' };
}
