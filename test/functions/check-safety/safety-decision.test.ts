import { CURRENT_GUARDRAILS, GUARDRAIL_SETS, type GuardrailSet } from '../../../functions/check-safety/guardrail-sets.ts';
import {
  decideSafety,
  isOnlyShown,
  judgeSafety,
  type SafetyWeighed,
  safetyDecision,
  safetyDecisionBy,
} from '../../../functions/check-safety/safety-decision.ts';
import { ACTIONS, type Action } from '../../../functions/shared/actions.ts';
import type { Reading } from '../../../functions/shared/define-step.ts';
import type { Mode } from '../../../functions/shared/job-registration.ts';
import { noUsage } from '../../support/guardrail-facts.ts';
import { secondsAgo } from '../../support/memory-ports.ts';
import { aDocument, anApproval, aProposal, aRegistration, aSafety, someEvidence, someFindings } from '../../support/sample-incident.ts';

const registration = aRegistration();
const modesOf = (mode: Mode) => Object.fromEntries(ACTIONS.map((action) => [action, mode])) as Record<Action, Mode>;
const weighed = (changes: Partial<SafetyWeighed> = {}): SafetyWeighed => ({
  registration,
  limits: registration.limits,
  modes: modesOf('auto'),
  usage: noUsage,
  killSwitch: { engaged: false, reason: 'not engaged' },
  freeze: null,
  now: secondsAgo(0),
  approval: null,
  storm: { place: 1, deferred: false },
  budget: { full: null },
  ...changes,
});
const document: Reading<'evidence' | 'findings' | 'proposal'> = {
  ...aDocument(),
  evidence: someEvidence(),
  findings: someFindings(),
  proposal: aProposal(['RETRY']),
};

describe('isOnlyShown', () => {
  it.each([
    ['a plan in shadow', aSafety('allow', 'RETRY', { mode: 'shadow' }), true],
    ['an event that is recorded', aSafety('allow', 'LOG_EVENT'), true],
    ['a plan that is carried out', aSafety('allow', 'RETRY'), false],
    ['a person who is asked', aSafety('escalate', 'ESCALATE'), false],
  ])('R30 %s: %#', (_what, safety, expected) => {
    expect(isOnlyShown(safety)).toBe(expected);
  });
});

describe('decideSafety', () => {
  it('passes on what the guardrails allow, where there is a place for it', () => {
    expect(decideSafety(document, weighed())).toEqual(judgeSafety(document, weighed()));
    expect(decideSafety(document, weighed()).verdict).toBe('allow');
  });

  it('R33 asks a person where its place in a budget went to another', () => {
    expect(decideSafety(document, weighed({ budget: { full: 'fleet' } }))).toMatchObject({
      verdict: 'escalate',
      passedOver: [{ action: 'RETRY', guardrails: ['fleet-budget'] }],
    });
  });

  it('F38 waits where it is one of too many, whatever the budgets say', () => {
    expect(decideSafety(document, weighed({ storm: { place: 9, deferred: true }, budget: null }))).toMatchObject({
      verdict: 'deferred',
      reason: expect.stringContaining('incident 9 of throttling'),
    });
  });

  it('F38 what a person has approved waits for nobody', () => {
    const approval = anApproval('approved');
    expect(decideSafety(document, weighed({ approval, storm: null })).verdict).toBe('allow');
  });

  it('R30 in shadow it needs neither place nor budget', () => {
    const shown = weighed({ modes: modesOf('shadow'), storm: null, budget: null });
    expect(decideSafety(document, shown)).toMatchObject({ verdict: 'allow', mode: 'shadow' });
  });

  it('needs no budget for what it asks a person about', () => {
    expect(decideSafety(document, weighed({ modes: modesOf('approve'), budget: null })).verdict).toBe('needs-approval');
  });

  it.each([
    ['its place in a storm', { storm: null }, 'its place among the failures of its signature'],
    ['the budgets', { budget: null }, 'room in the budgets'],
  ] as const)('R18 is not decided where nobody has asked for %s: nothing is taken for granted', (_what, changes, words) => {
    const deciding = () => decideSafety(document, weighed(changes));
    expect(deciding).toThrow(`E_NOT_WEIGHED: nobody asked for ${words}`);
    expect(deciding).toThrow(expect.objectContaining({ name: 'NotWeighedError' }));
  });
});

describe('safetyDecision', () => {
  it('R19 is recorded with version and hash of the set that rules', () => {
    expect(safetyDecision.rules).toEqual({ guardrails: CURRENT_GUARDRAILS.version, rulesHash: CURRENT_GUARDRAILS.rulesHash });
    expect(GUARDRAIL_SETS[CURRENT_GUARDRAILS.version]).toBe(CURRENT_GUARDRAILS);
  });

  it('R19 decides by the set that it is given, and says by which', async () => {
    const no: GuardrailSet = {
      version: 'no-to-everything',
      rulesHash: 'f'.repeat(64),
      guardrails: { no: () => ({ verdict: 'deny', value: '1', limit: '0', reason: 'no' }) },
    };
    const decision = safetyDecisionBy(no);
    expect(decision.rules).toEqual({ guardrails: 'no-to-everything', rulesHash: 'f'.repeat(64) });
    const artefact = async () => null;
    expect(await decision.decide(document, weighed(), artefact)).toMatchObject({
      verdict: 'escalate',
      guardrailVersion: 'no-to-everything',
    });
    expect(await safetyDecision.decide(document, weighed(), artefact)).toMatchObject({
      verdict: 'allow',
      guardrailVersion: CURRENT_GUARDRAILS.version,
    });
  });

  it('R18 takes what was weighed as it will be read back', () => {
    const full = weighed({
      approval: anApproval('approved'),
      freeze: { jobName: 'orders', incidentId: 'inc-1', reason: 'the inverse failed', at: secondsAgo(0) },
      budget: { full: 'lineage' },
    });
    expect(safetyDecision.weighed.parse(JSON.parse(JSON.stringify(full)))).toEqual(full);
    for (const budget of ['lineage', 'job', 'job-dpu-hours', 'fleet'] as const) {
      expect(safetyDecision.weighed.safeParse(weighed({ budget: { full: budget } })).success).toBe(true);
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ['a field that nobody knows', { token: 'x' }],
    ['a count below zero', { usage: { ...noUsage, lineageRetries: -1 } }],
    ['a count that is half', { usage: { ...noUsage, failedValidationsInRow: 0.5 } }],
    ['DPU-hours below zero', { usage: { ...noUsage, jobDpuHoursToday: -0.5 } }],
    ['usage that lacks a budget', { usage: { ...noUsage, jobRemediationsToday: undefined } }],
    ['no kill switch', { killSwitch: {} }],
    ['no place in a storm', { storm: { place: 0, deferred: false } }],
    ['a storm without a place', { storm: {} }],
    ['a budget that nobody knows', { budget: { full: 'nobody’s' } }],
    ['a budget that is half written', { budget: {} }],
    ['a time that is none', { now: 'noon' }],
    ['a mode that is none', { modes: { ...modesOf('auto'), RETRY: 'on' } }],
  ])('R18 refuses to decide on %s', (_what, changes) => {
    expect(safetyDecision.weighed.safeParse({ ...weighed(), ...changes }).success).toBe(false);
  });
});
