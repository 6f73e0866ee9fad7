/** Where the team's own data quality rules failed in this run, active actions are confirmed by a person. */
import { isActive } from '../../shared/actions.ts';
import { allow, type Guardrail, needsApproval, PASSIVE } from '../guardrail.ts';

export const dataQualityRuleset: Guardrail = ({ action, evidence }) => {
  if (!isActive(action)) return PASSIVE;
  const failed = evidence.dataQualityRuns.filter((run) => run.state === 'FAILED').length;
  return failed > 0
    ? needsApproval(`${failed} failed`, 'none', 'a Data Quality ruleset of this run failed')
    : allow('none failed', 'none', 'no failed ruleset');
};
