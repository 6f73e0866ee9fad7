/** An active action needs an anomalous verdict, and one that the action addresses. */
import { type ActiveAction, isActive } from '../../shared/actions.ts';
import type { FindingsSection } from '../../shared/incident.ts';
import { allow, deny, type Guardrail, PASSIVE } from '../guardrail.ts';

const ADDRESSES: Readonly<Record<ActiveAction, { what: string; holds(findings: FindingsSection): boolean }>> = {
  RETRY: {
    what: 'a failure that time or capacity may cure',
    holds: ({ state }) =>
      ['transient_infrastructure', 'resource_exhaustion', 'connectivity', 'missing_input', 'unknown'].includes(state.family),
  },
  COERCE_SCHEMA: {
    what: 'drift of the data',
    holds: ({ drift }) => drift.some((each) => each.subject === 'data' && each.changes.length > 0),
  },
  ROLLBACK_SCHEMA: {
    what: 'breaking drift of the catalog',
    holds: ({ drift }) => drift.some((each) => each.subject === 'catalog' && each.severity === 'breaking'),
  },
  QUARANTINE: { what: 'objects shown to be the cause', holds: ({ offendingObjects }) => offendingObjects.length > 0 },
};

export const normality: Guardrail = ({ action, findings }) => {
  if (!isActive(action)) return PASSIVE;
  const { what, holds } = ADDRESSES[action];
  if (findings.verdict !== 'anomalous') return deny(findings.verdict, 'anomalous', 'nothing abnormal was found: nothing is repaired');
  return holds(findings)
    ? allow(what, what, 'the anomaly is one that this action addresses')
    : deny('not found', what, `${action} addresses ${what}, which was not found`);
};
