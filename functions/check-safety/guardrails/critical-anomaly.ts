/** A critical anomaly allows a person only. */
import { allow, deny, type Guardrail } from '../guardrail.ts';

export const criticalAnomaly: Guardrail = ({ action, findings }) => {
  const { level } = findings.risk;
  if (level !== 'critical') return allow(level, 'below critical', 'the anomaly is not critical');
  return action === 'ESCALATE'
    ? allow(level, 'ESCALATE only', 'a person is asked')
    : deny(level, 'ESCALATE only', 'a critical anomaly is handed to a person, whatever the action');
};
