/** The six actions by name. */
import type { Action, Plan, PlanOf } from '../../shared/actions.ts';
import type { ActionDefinition } from './action.ts';
import { coerceSchema } from './coerce-schema.ts';
import { escalate } from './escalate.ts';
import { logEvent } from './log-event.ts';
import { quarantine } from './quarantine.ts';
import { retry } from './retry.ts';
import { rollbackSchema } from './rollback-schema.ts';

export const ACTION_DEFINITIONS: { readonly [A in Action]: ActionDefinition<A> } = {
  RETRY: retry,
  COERCE_SCHEMA: coerceSchema,
  ROLLBACK_SCHEMA: rollbackSchema,
  QUARANTINE: quarantine,
  LOG_EVENT: logEvent,
  ESCALATE: escalate,
};

/** The definition that goes with a plan: the plan's `action` is what ties the two, which the compiler cannot follow by itself. */
export function definitionOf<P extends Plan>(
  plan: P,
): ActionDefinition<P['action']> & { execute(plan: PlanOf<P['action']>, ...rest: never[]): Promise<void> } {
  return ACTION_DEFINITIONS[plan.action] as unknown as ActionDefinition<P['action']>;
}
