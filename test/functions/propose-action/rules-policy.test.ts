import { RULES, RULES_HASH, rulesFor } from '../../../functions/propose-action/rules-policy.ts';
import { ACTIONS } from '../../../functions/shared/actions.ts';
import { allStates, parseStateId } from '../../../functions/shared/rl-state.ts';

const decide = (id: string) => rulesFor(parseStateId(id));

describe('rulesFor', () => {
  it.each([
    ['transient_infrastructure|low|0|none|good', 'RETRY'],
    ['transient_infrastructure|medium|1|unmeasured|unmeasured', 'RETRY'],
    ['transient_infrastructure|medium|2+|none|good', 'ESCALATE'],
    ['resource_exhaustion|medium|0|none|good', 'RETRY'],
    ['resource_exhaustion|medium|1|none|good', 'RETRY'],
    ['resource_exhaustion|medium|2+|none|good', 'ESCALATE'],
    ['schema_drift|medium|0|compatible|good', 'COERCE_SCHEMA'],
    ['schema_drift|medium|0|unmeasured|degraded', 'COERCE_SCHEMA'],
    ['schema_drift|high|0|breaking|good', 'ROLLBACK_SCHEMA'],
    ['schema_drift|high|2+|breaking|good', 'ESCALATE'],
    ['data_quality|medium|0|none|degraded', 'QUARANTINE'],
    ['missing_input|low|0|unmeasured|unmeasured', 'RETRY'],
    ['missing_input|low|1|unmeasured|unmeasured', 'LOG_EVENT'],
    ['missing_input|low|2+|unmeasured|unmeasured', 'LOG_EVENT'],
    ['missing_input|medium|1|unmeasured|unmeasured', 'ESCALATE'],
    ['connectivity|medium|0|none|good', 'RETRY'],
    ['connectivity|medium|1|none|good', 'ESCALATE'],
    ['access_denied|medium|0|none|good', 'ESCALATE'],
    ['configuration|medium|0|none|good', 'ESCALATE'],
    ['code_defect|medium|0|none|good', 'ESCALATE'],
    ['unknown|high|0|unmeasured|unmeasured', 'ESCALATE'],
  ])('in %s proposes %s', (id, action) => {
    expect(decide(id).action).toBe(action);
  });

  it.each([
    ['schema_drift|medium|0|breaking|good', ['COERCE_SCHEMA']],
    ['schema_drift|medium|0|compatible|good', ['ROLLBACK_SCHEMA']],
    ['schema_drift|medium|0|none|good', []],
    ['missing_input|low|0|unmeasured|unmeasured', ['LOG_EVENT']],
    ['missing_input|medium|0|unmeasured|unmeasured', []],
    ['transient_infrastructure|low|0|none|good', []],
    ['data_quality|medium|0|none|poor', []],
  ])('in %s lets only %p stand in', (id, alternatives) => {
    expect(decide(id).alternatives).toEqual(alternatives);
  });

  it('leaves every critical state to a person, without alternatives', () => {
    const critical = [...allStates()].filter((state) => state.risk === 'critical').map(rulesFor);
    expect(critical).toHaveLength(480);
    for (const decision of critical) expect(decision).toMatchObject({ action: 'ESCALATE', alternatives: [] });
  });

  it('is total: each of the 1,920 states matches a rule, and each rule is some state’s', () => {
    const decisions = [...allStates()].map(rulesFor);
    expect(decisions).toHaveLength(1920);
    for (const { action, alternatives } of decisions) {
      expect(ACTIONS).toContain(action);
      expect(alternatives).not.toContain(action);
    }
    expect(new Set(decisions.map(({ rule }) => rule))).toEqual(new Set(RULES.map(({ id }) => id)));
  });

  it('never acts actively after two failed remediations of the lineage', () => {
    for (const state of allStates()) if (state.retryCount === '2+') expect(['ESCALATE', 'LOG_EVENT']).toContain(rulesFor(state).action);
  });

  it('is identified by a hash over the table', () => {
    expect(RULES_HASH).toMatch(/^[0-9a-f]{64}$/);
  });
});
