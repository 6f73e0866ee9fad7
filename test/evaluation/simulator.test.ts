import fc from 'fast-check';
import { randomSource, sampler } from '../../evaluation/random-source.ts';
import { drawState, simulateOutcome, successProbability, valuePolicy } from '../../evaluation/simulator.ts';
import { FAMILY_MIX } from '../../evaluation/simulator-world.ts';
import { rulesFor } from '../../functions/propose-action/rules-policy.ts';
import { ACTIONS, type Action } from '../../functions/shared/actions.ts';
import { allStates, type RlState, RlStateSchema } from '../../functions/shared/rl-state.ts';

const EPISODES = 4000;
const worth = (policy: (state: RlState) => Action, outcome = simulateOutcome) =>
  valuePolicy(policy, { random: randomSource(7), episodes: EPISODES, outcome }).reward;
const rules = (state: RlState) => rulesFor(state).action;
const doNothing = () => 'LOG_EVENT' as const;

describe('simulator', () => {
  it('draws valid states, every family among them, in about the published shares', () => {
    const random = randomSource(1);
    const families = new Map<string, number>();
    for (let i = 0; i < EPISODES; i++) {
      const state = RlStateSchema.parse(drawState(random));
      families.set(state.family, (families.get(state.family) ?? 0) + 1);
    }
    for (const [family, percent] of Object.entries(FAMILY_MIX)) {
      expect((families.get(family) ?? 0) / EPISODES).toBeCloseTo(percent / 100, 1);
    }
  });

  it('gives every action in every state a probability, and none to the passive ones', () => {
    for (const state of allStates()) {
      for (const action of ACTIONS) {
        const probability = successProbability(state, action);
        expect(probability >= 0 && probability <= 1).toBe(true);
        if (action === 'ESCALATE' || action === 'LOG_EVENT') expect(probability).toBe(0);
      }
    }
  });

  it('R22: repeats itself exactly for the same seed, and not for another', () => {
    const value = (seed: number) => valuePolicy(rules, { random: randomSource(seed), episodes: 500 });
    expect(value(42)).toEqual(value(42));
    expect(value(42)).not.toEqual(value(43));
  });

  it('draws equally often whatever the action, so that policies are compared on the same luck', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allStates()), fc.constantFrom(...ACTIONS), (state, action) => {
        let draws = 0;
        simulateOutcome(state, action, () => {
          draws += 1;
          return 0.5;
        });
        expect(draws).toBe(6);
      }),
    );
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 32])('refuses the seed %p', (seed) => {
    expect(() => randomSource(seed)).toThrow(/E_CONFIG/);
  });

  it('refuses to draw from nothing', () => {
    expect(() => sampler({ a: 0 })).toThrow(/E_CONFIG/);
  });
});

describe('planted reward hacks', () => {
  const quarantineEverything: typeof simulateOutcome = (state, action, random) => ({
    ...simulateOutcome(state, action, random),
    verdict: 'validated',
    shareOfInputWithheld: 1,
  });

  it('R28: quarantining everything, whose runs all succeed, is worth less than doing nothing', () => {
    expect(worth(() => 'QUARANTINE', quarantineEverything)).toBeLessThan(worth(doNothing));
  });

  it.each<[string, (state: RlState) => Action]>([
    ['escalating always', () => 'ESCALATE'],
    ['logging always', doNothing],
    ['retrying always', () => 'RETRY'],
    ['quarantining always', () => 'QUARANTINE'],
    ['climbing the ladder for ever', (state) => (state.family === 'resource_exhaustion' ? 'RETRY' : rules(state))],
  ])('%s is worth less than the rules', (_name, hack) => {
    expect(worth(hack)).toBeLessThan(worth(rules));
  });
});
