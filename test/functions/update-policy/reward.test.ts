import fc from 'fast-check';
import { ACTIONS, ACTIVE_ACTIONS } from '../../../functions/shared/actions.ts';
import { RISK_LEVELS } from '../../../functions/shared/rl-state.ts';
import { ESCALATE_REWARD, LOG_EVENT_REWARD, type RemediationOutcome, rewardFor } from '../../../functions/update-policy/reward.ts';

const FIXED: RemediationOutcome = {
  action: 'RETRY',
  risk: 'medium',
  verdict: 'validated',
  minutes: 0,
  dpuHours: 0,
  humanMinutes: 0,
  shareOfInputWithheld: 0,
  undoFailed: false,
};
const rewardOf = (outcome: Partial<RemediationOutcome>) => rewardFor({ ...FIXED, ...outcome })?.reward;

const anyAmount = fc.double({ min: 0, max: 1e9, noNaN: true });
const anyOutcome: fc.Arbitrary<RemediationOutcome> = fc.record({
  action: fc.constantFrom(...ACTIONS),
  risk: fc.constantFrom(...RISK_LEVELS),
  verdict: fc.constantFrom('validated' as const, 'failed' as const, 'unknown' as const),
  minutes: anyAmount,
  dpuHours: anyAmount,
  humanMinutes: anyAmount,
  shareOfInputWithheld: fc.double({ min: 0, max: 1, noNaN: true }),
  undoFailed: fc.boolean(),
});

describe('rewardFor', () => {
  it.each<[string, Partial<RemediationOutcome>, number]>([
    ['a fix that cost nothing', {}, 1],
    ['a fix after two hours and five DPU-hours', { minutes: 120, dpuHours: 5 }, 0.9],
    ['a fix that a person approved in a quarter of an hour', { humanMinutes: 15 }, 0.95],
    ['a fix that withheld a tenth of the input', { action: 'QUARANTINE', shareOfInputWithheld: 0.1 }, 0.8],
    ['a failed fix', { verdict: 'failed' }, -0.7],
    ['a failed fix that could not be undone', { verdict: 'failed', undoFailed: true }, -1],
    ['an escalation, whatever a validator says', { action: 'ESCALATE', verdict: 'failed' }, ESCALATE_REWARD],
    ['a log entry at high risk', { action: 'LOG_EVENT', risk: 'high' }, LOG_EVENT_REWARD.high],
  ])('pays %s', (_name, outcome, reward) => {
    expect(rewardOf(outcome)).toBeCloseTo(reward, 12);
  });

  it('names every term that counted, and they sum to the reward', () => {
    expect(rewardFor({ ...FIXED, minutes: 60, humanMinutes: 30 })).toEqual({
      reward: expect.closeTo(0.875),
      terms: [
        { name: 'validatedFix', value: 1 },
        { name: 'time', value: -0.025 },
        { name: 'humanMinutes', value: -0.1 },
      ],
    });
  });

  it('learns nothing from an unknown outcome', () => {
    for (const action of ACTIVE_ACTIONS) expect(rewardFor({ ...FIXED, action, verdict: 'unknown' })).toBeNull();
  });

  it('R28: quarantining everything is worth less than doing nothing, though the run succeeds', () => {
    for (const risk of RISK_LEVELS) {
      expect(rewardOf({ action: 'QUARANTINE', risk, shareOfInputWithheld: 1 })).toBeLessThan(LOG_EVENT_REWARD[risk]);
    }
  });

  it('never pays for recording more than for asking', () => {
    for (const risk of RISK_LEVELS) expect(LOG_EVENT_REWARD[risk]).toBeLessThanOrEqual(ESCALATE_REWARD);
  });

  it('stays within [-1, 1] for any outcome', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        const result = rewardFor(outcome);
        expect(result === null || (result.reward >= -1 && result.reward <= 1)).toBe(true);
      }),
    );
  });

  it.each(['minutes', 'dpuHours', 'humanMinutes', 'shareOfInputWithheld'] as const)(
    'R23 B23: refuses a %s that is no amount',
    (measure) => {
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -1]) expect(() => rewardOf({ [measure]: wrong })).toThrow(/E_REWARD/);
    },
  );
});
