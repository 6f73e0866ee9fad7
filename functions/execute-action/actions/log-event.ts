/** LOG_EVENT: records and does nothing more; also the answer where a retry is doomed and it is harmless to leave things be. */
import type { ActionDefinition } from './action.ts';

export const logEvent: ActionDefinition<'LOG_EVENT'> = {
  action: 'LOG_EVENT',
  plan: (facts) => ({ plan: { action: 'LOG_EVENT', reason: `${facts.findings.state.family}: recorded, nothing done`, delaySeconds: 0 } }),
  async execute() {},
  async postconditions() {
    return [];
  },
  async undo() {
    return false;
  },
};
