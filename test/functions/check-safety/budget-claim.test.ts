import { budgetClaimOf, withoutBudget } from '../../../functions/check-safety/budget-claim.ts';
import { GUARDRAILS } from '../../../functions/check-safety/guardrails/index.ts';
import { ACTIVE_ACTIONS } from '../../../functions/shared/actions.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import { SafetySectionSchema } from '../../../functions/shared/incident.ts';
import { anIncident, aProposal, aSafety, somePlans } from '../../support/sample-incident.ts';

const document = { incident: anIncident(), proposal: aProposal(['RETRY']) };

describe('budgetClaimOf', () => {
  it.each(ACTIVE_ACTIONS)(
    'R33 claims for an allowed %s a place of its lineage, job and fleet, and what its rerun is estimated at',
    (action) => {
      const { id: incidentId, jobName, lineage } = document.incident;
      expect(budgetClaimOf(document, aSafety('allow', action))).toEqual({ incidentId, jobName, lineage, dpuHours: 0.5 });
    },
  );

  it.each(['needs-approval', 'escalate', 'deferred'] as const)('R33 claims nothing for what is not allowed (%s)', (verdict) => {
    expect(budgetClaimOf(document, aSafety(verdict, 'RETRY'))).toBeNull();
  });

  it.each(['LOG_EVENT', 'ESCALATE'] as const)('R33 claims nothing for %s, which starts no run', (action) => {
    expect(budgetClaimOf(document, aSafety('allow', action))).toBeNull();
  });
});

describe('withoutBudget', () => {
  const denied = { action: 'QUARANTINE' as const, verdict: 'deny' as const, guardrails: ['cooldown'], reason: 'too soon' };

  it.each([
    ['lineage', 'retry-budget'],
    ['job', 'job-budget'],
    ['job-dpu-hours', 'dpu-hours'],
    ['fleet', 'fleet-budget'],
  ] as const)('R33 asks a person where the %s budget went to another incident, as if %s had denied it', (full, guardrail) => {
    const safety = aSafety('allow', 'RETRY', { passedOver: [denied] });
    expect(SafetySectionSchema.parse(withoutBudget(document, safety, full))).toEqual({
      ...safety,
      verdict: 'escalate',
      action: 'ESCALATE',
      plan: somePlans.ESCALATE,
      planHash: canonicalHash(somePlans.ESCALATE),
      reason: `the ${full} budget was used up by another incident at the same moment`,
      passedOver: [denied, { action: 'RETRY', verdict: 'deny', guardrails: [guardrail], reason: `the ${full} budget is used up` }],
    });
    expect(Object.keys(GUARDRAILS)).toContain(guardrail);
  });
});
