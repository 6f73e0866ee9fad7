import { readFileSync } from 'node:fs';
import { randomSource } from '../../evaluation/random-source.ts';
import { drawState, valuePolicy } from '../../evaluation/simulator.ts';
import { DEFAULT_TRAINING, trainWarmStart, warmStartText } from '../../evaluation/train-warm-start.ts';
import { rulesFor } from '../../functions/propose-action/rules-policy.ts';
import { MIN_VISITS, selectAction } from '../../functions/propose-action/select-action.ts';
import { readWarmStart, shippedWarmStart } from '../../functions/propose-action/warm-start.ts';
import { ACTIONS } from '../../functions/shared/actions.ts';
import { type RlState, stateId } from '../../functions/shared/rl-state.ts';

const SMALL = { seed: 42, episodes: 3000, trust: 10 };
const SHIPPED = new URL('../../functions/propose-action/warm-start.json', import.meta.url);

describe('trainWarmStart', () => {
  it('R22: gives the same bytes for the same options, down to a pinned hash', () => {
    const text = warmStartText(trainWarmStart(SMALL));
    expect(warmStartText(trainWarmStart(SMALL))).toBe(text);
    expect(trainWarmStart(SMALL).hash).toBe('1f2007254d2f28f84aa5beccd1ecf6aa6aed72e1fd78b23b186773eb4a8c399a');
  });

  it('gives other bytes for another seed', () => {
    expect(trainWarmStart({ ...SMALL, seed: 43 }).hash).not.toBe(trainWarmStart(SMALL).hash);
  });

  it.each([
    [{ episodes: 0 }, /E_CONFIG: episodes is 0/],
    [{ episodes: 1.5 }, /E_CONFIG: episodes is 1.5/],
    [{ trust: 0 }, /E_CONFIG: trust is 0/],
    [{ seed: -1 }, /E_CONFIG: seed is -1/],
  ])('B22 refuses %p', (wrong, message) => {
    expect(() => trainWarmStart({ ...SMALL, ...wrong })).toThrow(message);
  });

  it('where simulation is trusted like experience, what it learns is worth more than the rules in the simulated world', () => {
    const { table } = readWarmStart(trainWarmStart({ seed: 42, episodes: 20_000, trust: 60 }));
    const learned = (state: RlState) =>
      selectAction({
        state,
        qRow: table.get(stateId(state)) ?? null,
        rules: rulesFor(state),
        feasible: ACTIONS,
        explorationRate: 0,
        random: () => 0,
      }).action;
    const value = (policy: typeof learned) => valuePolicy(policy, { random: randomSource(7), episodes: 20_000 }).reward;
    expect(value(learned)).toBeGreaterThan(value((state) => rulesFor(state).action));
  });
});

describe('the shipped warm start', () => {
  // After a change of the risk scorer, the reward or the simulator: policy train --out functions/propose-action/warm-start.json
  it('is what its own command gives, byte for byte', () => {
    const shipped = readFileSync(SHIPPED, 'utf8');
    const { seed, episodes, trust } = shippedWarmStart().trainedWith;
    expect({ seed, episodes, trust }).toEqual(DEFAULT_TRAINING);
    const trained = trainWarmStart({ seed, episodes, trust });
    expect(trained.version).toBe(shippedWarmStart().version);
    expect(shipped === warmStartText(trained)).toBe(true);
  });

  it('is marked as learned in simulation and stays small', () => {
    expect(JSON.parse(readFileSync(SHIPPED, 'utf8'))).toMatchObject({
      kind: 'warm-start',
      note: 'learned in simulation, not in the world',
    });
    expect(readFileSync(SHIPPED).length).toBeLessThan(300_000);
  });

  it('knows nineteen of twenty states that the simulated world meets', () => {
    const { table } = shippedWarmStart();
    const random = randomSource(11);
    let known = 0;
    for (let i = 0; i < 4000; i++) if (table.has(stateId(drawState(random)))) known += 1;
    expect(known / 4000).toBeGreaterThan(0.95);
  });

  it('never overrides the rules by itself: no simulated cell counts for enough visits', () => {
    for (const row of shippedWarmStart().table.values()) for (const action of ACTIONS) expect(row[action].visits).toBeLessThan(MIN_VISITS);
  });
});

describe('readWarmStart', () => {
  const good = trainWarmStart(SMALL);
  const [firstState] = Object.keys(good.rows);

  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /E_POLICY: no warm start/],
    ['a number that was changed', { ...good, rows: { ...good.rows, [firstState ?? '']: ACTIONS.map(() => [0.5, 10, 0]) } }, /hash to/],
    ['a value that is not finite', { ...good, rows: { x: ACTIONS.map(() => [null, 1, 0]) } }, /E_POLICY: no warm start: rows.x/],
    ['a value out of range', { ...good, rows: { [firstState ?? '']: ACTIONS.map(() => [1.5, 1, 0]) } }, /E_POLICY: state .* RETRY.q/],
    ['another order of actions', { ...good, actions: [...ACTIONS].reverse() }, /its actions are ESCALATE/],
    ['a state that is none', { ...good, rows: { 'a|b': ACTIONS.map(() => [0, 0, 0]) } }, /E_STATE/],
  ])('B21 refuses %s', (_name, content, message) => {
    expect(() => readWarmStart(content)).toThrow(message);
  });
});
