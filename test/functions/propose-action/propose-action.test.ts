import fc from 'fast-check';
import { type ProposalFacts, proposeAction } from '../../../functions/propose-action/propose-action.ts';
import { emptyRow, type QRow } from '../../../functions/propose-action/q-table.ts';
import { rulesFor } from '../../../functions/propose-action/rules-policy.ts';
import { ACTIONS, type Action, isActive } from '../../../functions/shared/actions.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import { ProposalSectionSchema } from '../../../functions/shared/incident.ts';
import { allStates } from '../../../functions/shared/rl-state.ts';
import { anIncident, aRegistration, someEvidence, someFindings } from '../../support/sample-incident.ts';

const facts = (changes: Partial<ProposalFacts> = {}): ProposalFacts => ({
  incident: anIncident(),
  evidence: someEvidence(),
  findings: someFindings(),
  registration: aRegistration(),
  settings: { quarantineBucket: 'quarantine' },
  policy: { version: 'v1', hash: 'a'.repeat(64), fallbackReason: null, row: null },
  random: () => 0.5,
  ...changes,
});
const inState = (state: Parameters<typeof someFindings>[0]) => facts({ findings: someFindings(state) });

describe('proposeAction', () => {
  it('ranks all six actions once, each with its plan and the plan’s hash, or the reason why there is none', () => {
    for (const state of allStates()) {
      const proposal = ProposalSectionSchema.parse(proposeAction(inState({ state })));
      expect(proposal.ranking.map((option) => option.action).toSorted()).toEqual(ACTIONS.toSorted());
      for (const option of proposal.ranking) {
        expect(option.planHash).toBe(option.plan === null ? null : canonicalHash(option.plan));
        if (option.plan !== null) expect(option.plan.action).toBe(option.action);
        expect(option.reason).not.toBe('');
      }
    }
  });

  it('R20 proposes only what has a plan; ESCALATE always has one', () => {
    for (const state of allStates()) {
      const { action, ranking } = proposeAction(inState({ state }));
      expect(ranking[0]).toMatchObject({ action });
      expect(ranking[0]?.plan).not.toBeNull();
      expect(ranking.find((option) => option.action === 'ESCALATE')?.plan).not.toBeNull();
    }
  });

  it('R21 acts as the rules where it has learned nothing', () => {
    for (const state of allStates()) {
      const proposal = proposeAction(inState({ state }));
      expect(proposal.decidedBy).toBe('rules');
      expect(proposal.action).toBe(proposal.rulesAction);
      expect(proposal.propensity).toBe(1);
    }
  });

  it('R22 is deterministic: the same facts give the same bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allStates()), fc.double({ min: 0, max: 0.999, noNaN: true }), (state, draw) => {
        const once = proposeAction({ ...inState({ state }), random: () => draw });
        expect(JSON.stringify(proposeAction({ ...inState({ state }), random: () => draw }))).toBe(JSON.stringify(once));
      }),
    );
  });

  it('R25 explores nothing: whatever is drawn changes nothing', () => {
    const registration = aRegistration({ explorationRate: 0.1 });
    for (const draw of [0, 0.05, 0.999]) {
      expect(proposeAction(facts({ registration, random: () => draw }))).toEqual(proposeAction(facts()));
    }
  });

  it('says where it acts by the rules because the policy cannot be trusted', () => {
    const policy = { version: 'rules', hash: 'b'.repeat(64), fallbackReason: 'E_POLICY: v1 has another hash', row: null };
    expect(proposeAction(facts({ policy }))).toMatchObject({
      decidedBy: 'rules',
      policyVersion: 'rules',
      reason: expect.stringContaining('(acting by the rules: E_POLICY: v1 has another hash)'),
    });
  });

  it('shows what the policy has learned of each action', () => {
    const row: QRow = { ...emptyRow(), RETRY: { ...emptyRow().RETRY, q: 0.5, visits: 7 } };
    const { ranking } = proposeAction(facts({ policy: { ...facts().policy, row } }));
    expect(ranking.find((option) => option.action === 'RETRY')).toMatchObject({ qValue: 0.5, visits: 7 });
  });

  it('R19 after a deny only what the rules would do, or list, may be looked at: never the rest of the ranking', () => {
    for (const state of allStates()) {
      const { action, rulesAlternatives } = proposeAction(inState({ state }));
      const rules = rulesFor(state);
      const listed: readonly Action[] = [rules.action, ...rules.alternatives];
      expect(rulesAlternatives).not.toContain(action);
      expect(rulesAlternatives).not.toContain('ESCALATE');
      expect(rulesAlternatives.filter((alternative) => !listed.includes(alternative))).toEqual([]);
    }
  });

  it('R19 proposes nothing active in any state of critical risk', () => {
    for (const state of allStates()) {
      if (state.risk === 'critical') expect(isActive(proposeAction(inState({ state })).action)).toBe(false);
    }
  });
});
