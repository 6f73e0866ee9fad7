import fc from 'fast-check';
import { emptyRow, type QCell, type QRow } from '../../../functions/propose-action/q-table.ts';
import { rulesFor } from '../../../functions/propose-action/rules-policy.ts';
import {
  advantageLowerBound,
  halfWidth,
  knowledgeOf,
  MIN_VISITS,
  rankActions,
  selectAction,
} from '../../../functions/propose-action/select-action.ts';
import { ACTIONS, type Action } from '../../../functions/shared/actions.ts';
import { allStates, parseStateId } from '../../../functions/shared/rl-state.ts';

const STATE = parseStateId('schema_drift|medium|0|compatible|good');
const RULES = rulesFor(STATE);
const never = () => 1 - Number.EPSILON;

const cell = (q: number, visits: number, spread = 0.2): QCell => ({ q, visits, m2: visits * spread * spread });
const row = (cells: Partial<Record<Action, QCell>>): QRow => ({ ...emptyRow(), ...cells });

function select(overrides: Partial<Parameters<typeof selectAction>[0]> = {}) {
  return selectAction({ state: STATE, qRow: null, rules: RULES, feasible: ACTIONS, explorationRate: 0, random: never, ...overrides });
}

const anyCell: fc.Arbitrary<QCell> = fc.oneof(
  fc.constant({ q: 0, visits: 0, m2: 0 }),
  fc.record({
    q: fc.double({ min: -1, max: 1, noNaN: true }),
    visits: fc.integer({ min: 1, max: 5000 }),
    m2: fc.double({ min: 0, max: 300, noNaN: true }),
  }),
);
const anyRow = fc.option(fc.record(Object.fromEntries(ACTIONS.map((action) => [action, anyCell]))) as fc.Arbitrary<QRow>);
const anyInput = fc.record({
  state: fc.constantFrom(...allStates()),
  qRow: anyRow,
  feasible: fc.subarray([...ACTIONS]),
  explorable: fc.subarray([...ACTIONS]),
  explorationRate: fc.double(),
  draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('selectAction', () => {
  it('R21: acts as the rules in an unseen state', () => {
    expect(select()).toMatchObject({ action: 'COERCE_SCHEMA', decidedBy: 'rules', propensity: 1 });
  });

  it('R21: acts as the rules on a tie, however often both were seen', () => {
    const tie = row({ COERCE_SCHEMA: cell(0.5, 5000, 0), ROLLBACK_SCHEMA: cell(0.5, 5000, 0) });
    expect(select({ qRow: tie })).toMatchObject({ action: 'COERCE_SCHEMA', decidedBy: 'rules' });
  });

  it('deviates where both actions were seen often and the advantage is proven', () => {
    const proven = row({ COERCE_SCHEMA: cell(-0.2, 100), ROLLBACK_SCHEMA: cell(0.7, 100) });
    const selection = select({ qRow: proven });
    expect(selection).toMatchObject({ action: 'ROLLBACK_SCHEMA', decidedBy: 'policy', propensity: 1 });
    expect(selection.reason).toContain('ROLLBACK_SCHEMA (0.70 over 100 visits) beats COERCE_SCHEMA (-0.20 over 100 visits) by at least 0.');
    expect(selection.ranking.slice(0, 2)).toEqual(['ROLLBACK_SCHEMA', 'COERCE_SCHEMA']);
  });

  it.each([
    ['the better action was seen too rarely', { COERCE_SCHEMA: cell(0, 100), ROLLBACK_SCHEMA: cell(1, MIN_VISITS - 1) }],
    ['the rules’ action was seen too rarely', { COERCE_SCHEMA: cell(-0.5, MIN_VISITS - 1), ROLLBACK_SCHEMA: cell(1, 100) }],
    ['the rewards are too scattered to tell', { COERCE_SCHEMA: cell(0.3, 40, 0.8), ROLLBACK_SCHEMA: cell(0.6, 40, 0.8) }],
    ['thirty equal outcomes are no proof of a small advantage', { COERCE_SCHEMA: cell(0.5, 30, 0), ROLLBACK_SCHEMA: cell(0.6, 30, 0) }],
  ])('stays with the rules where %s', (_name, cells) => {
    expect(select({ qRow: row(cells) })).toMatchObject({ action: 'COERCE_SCHEMA', decidedBy: 'rules' });
  });

  it('asks a person where the rules’ action was seen to fail: asking has a published reward and needs no visits', () => {
    const selection = select({ qRow: row({ COERCE_SCHEMA: cell(-0.6, 60) }) });
    expect(selection).toMatchObject({ action: 'ESCALATE', decidedBy: 'policy', rulesAction: 'COERCE_SCHEMA' });
    expect(selection.reason).toContain('ESCALATE (-0.10, published) beats COERCE_SCHEMA (-0.60 over 60 visits)');
  });

  it('acts where the rules would ask, once the action was often seen to mend', () => {
    const state = parseStateId('connectivity|medium|1|none|good');
    const seen = (visits: number) => select({ state, rules: rulesFor(state), qRow: row({ RETRY: cell(0.6, visits) }) });
    expect(seen(60)).toMatchObject({ action: 'RETRY', decidedBy: 'policy', rulesAction: 'ESCALATE' });
    expect(seen(MIN_VISITS - 1)).toMatchObject({ action: 'ESCALATE', decidedBy: 'rules' });
  });

  it('takes the rules’ alternative where the action has no plan, and says so', () => {
    const selection = select({ feasible: ['RETRY', 'ROLLBACK_SCHEMA', 'LOG_EVENT', 'ESCALATE'] });
    expect(selection.action).toBe('ROLLBACK_SCHEMA');
    expect(selection.reason).toContain('COERCE_SCHEMA has no plan, so ROLLBACK_SCHEMA');
    expect(selection.ranking.at(-1)).toBe('QUARANTINE');
  });

  it('never takes an action that the rules do not list only because theirs have no plan', () => {
    expect(select({ feasible: ['RETRY', 'LOG_EVENT'] }).action).toBe('ESCALATE');
  });

  it('R20: escalates when every action is masked', () => {
    for (const state of allStates()) {
      const selection = selectAction({
        state,
        qRow: null,
        rules: rulesFor(state),
        feasible: [],
        explorationRate: 0.1,
        explorable: ACTIONS,
        random: () => 0,
      });
      expect(selection.action).toBe('ESCALATE');
    }
  });

  it('R25: explores only what it was allowed to, at the rate it was given, and logs the propensity', () => {
    const options = { explorationRate: 0.1, explorable: ['RETRY', 'COERCE_SCHEMA'] as const };
    expect(select({ ...options, random: () => 0.01 })).toMatchObject({ action: 'RETRY', decidedBy: 'exploration', propensity: 0.05 });
    expect(select({ ...options, random: () => 0.09 })).toMatchObject({
      action: 'COERCE_SCHEMA',
      decidedBy: 'exploration',
      propensity: expect.closeTo(0.95),
    });
    expect(select({ ...options, random: () => 0.1 })).toMatchObject({
      action: 'COERCE_SCHEMA',
      decidedBy: 'rules',
      propensity: expect.closeTo(0.95),
    });
    expect(select({ explorationRate: 0.1, random: () => 0 })).toMatchObject({ decidedBy: 'rules', propensity: 1 });
    expect(select({ ...options, explorationRate: 5, random: () => 0.11 })).toMatchObject({ decidedBy: 'rules' });
  });

  it('R18 R20 R25: for any state and any experience, the choice has a plan and the propensities of all choices sum to 1', () => {
    fc.assert(
      fc.property(anyInput, ({ draw, ...input }) => {
        const rules = rulesFor(input.state);
        const chosen = selectAction({ ...input, rules, random: () => draw });
        expect(chosen.action === 'ESCALATE' || input.feasible.includes(chosen.action)).toBe(true);
        expect(chosen.propensity).toBeGreaterThan(0);
        expect(chosen.propensity).toBeLessThanOrEqual(1);
        expect(chosen.ranking[0]).toBe(chosen.action);
        expect([...chosen.ranking].sort()).toEqual([...ACTIONS].sort());

        const propensities = new Map<Action, number>();
        for (let step = 0; step < 600; step++) {
          const at = selectAction({ ...input, rules, random: () => step / 600 });
          propensities.set(at.action, at.propensity);
        }
        if (!(input.explorationRate > 0 && input.explorationRate < 0.02)) {
          expect([...propensities.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('R21: the same input gives the same selection', () => {
    fc.assert(
      fc.property(anyInput, ({ draw, ...input }) => {
        const once = () => selectAction({ ...input, rules: rulesFor(input.state), random: () => draw });
        expect(once()).toEqual(once());
      }),
    );
  });

  it('deviates from the rules only where the lower bound of the advantage is above zero', () => {
    fc.assert(
      fc.property(anyInput, ({ state, qRow, feasible }) => {
        const rules = rulesFor(state);
        const baseline = selectAction({ state, qRow: null, rules, feasible, explorationRate: 0, random: never }).action;
        const chosen = selectAction({ state, qRow, rules, feasible, explorationRate: 0, random: never });
        if (chosen.action === baseline) return expect(chosen.decidedBy).toBe('rules');
        expect(chosen.decidedBy).toBe('policy');
        const [better, usual] = [knowledgeOf(chosen.action, { state, qRow }), knowledgeOf(baseline, { state, qRow })];
        return expect(better && usual && advantageLowerBound(better, usual)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('rankActions', () => {
  it('puts a person before whatever neither the rules nor experience speak for', () => {
    const qRow = row({ QUARANTINE: cell(0.9, 500), RETRY: cell(0.1, 500) });
    expect(rankActions({ first: 'COERCE_SCHEMA', rules: RULES, qRow, feasible: ACTIONS })).toEqual([
      'COERCE_SCHEMA',
      'ROLLBACK_SCHEMA',
      'ESCALATE',
      'QUARANTINE',
      'RETRY',
      'LOG_EVENT',
    ]);
  });
});

describe('advantageLowerBound', () => {
  const state = parseStateId('schema_drift|medium|0|compatible|good');
  const bound = (retry: QCell, action: Action, other: QCell = emptyRow().RETRY) => {
    const qRow = row({ RETRY: retry, [action]: other });
    const [challenger, incumbent] = [knowledgeOf('RETRY', { state, qRow }), knowledgeOf(action, { state, qRow })];
    return challenger && incumbent && advantageLowerBound(challenger, incumbent);
  };

  it('equals a value computed by hand', () => {
    // (0.8 - 0.2) - 2.576 * sqrt((3 + 1) / 100² + (0 + 1) / 50²)
    const expected = 0.6 - 2.576 * Math.sqrt(0.0008);
    expect(bound({ q: 0.8, visits: 100, m2: 3 }, 'QUARANTINE', { q: 0.2, visits: 50, m2: 0 })).toBeCloseTo(expected, 12);
  });

  it('compares with a passive action by its published reward, which needs no experience and has no error', () => {
    const cell = { q: 0.8, visits: 100, m2: 3 };
    expect(bound(cell, 'ESCALATE')).toBeCloseTo(0.8 + 0.1 - halfWidth(cell), 12);
  });

  it('does not grow more certain than what is remembered', () => {
    const atVisits = (visits: number) => bound({ q: 0.5, visits, m2: 1 }, 'QUARANTINE', { q: 0.4, visits, m2: 1 });
    expect(atVisits(10_000)).toBe(atVisits(200));
  });
});
