/** ESCALATE: a person decides. Always possible; never executed as an action, the workflow opens the task. */
import type { ActionDefinition } from './action.ts';

export const escalate: ActionDefinition<'ESCALATE'> = {
  action: 'ESCALATE',
  plan: (facts) => ({
    plan: { action: 'ESCALATE', reason: `${facts.findings.state.family}: beyond evidence or authority`, delaySeconds: 0 },
  }),
  async execute() {},
  async postconditions() {
    return [];
  },
  async undo() {
    return false;
  },
};
