import { choiceIn, diffPolicies } from '../../../functions/propose-action/diff-policies.ts';
import { emptyRow, type QRow } from '../../../functions/propose-action/q-table.ts';

const STATE = 'connectivity|medium|1|none|good';
const row: QRow = { ...emptyRow(), RETRY: { q: 0.6, visits: 90, m2: 9 }, ESCALATE: { q: -0.1, visits: 90, m2: 0 } };

describe('diffPolicies', () => {
  it('tells a state whose action changes, with value and interval of both actions', () => {
    expect(diffPolicies(new Map(), new Map([[STATE, row]]))).toEqual([
      {
        stateId: STATE,
        from: 'ESCALATE',
        to: 'RETRY',
        estimates: {
          // 2.576 * sqrt(m2 + 1) / visits
          from: { action: 'ESCALATE', value: -0.1, plusMinus: 0, visits: 90 },
          to: { action: 'RETRY', value: 0.6, plusMinus: 0.0905, visits: 90 },
        },
        reason: expect.stringContaining('learned: RETRY'),
      },
    ]);
  });

  it('tells the way back too: what one policy had learned and the other has not', () => {
    expect(diffPolicies(new Map([[STATE, row]]), new Map())).toMatchObject([
      { from: 'RETRY', to: 'ESCALATE', estimates: { from: { value: null, visits: 0 }, to: { value: -0.1 } } },
    ]);
  });

  it('is empty where knowledge differs but no action does', () => {
    expect(diffPolicies(new Map(), new Map([[STATE, { ...row, RETRY: { q: 0.6, visits: 5, m2: 1 } }]]))).toEqual([]);
    expect(choiceIn(STATE, null).rulesAction).toBe('ESCALATE');
  });
});
