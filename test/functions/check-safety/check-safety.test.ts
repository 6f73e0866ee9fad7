import { checkSafety, type SafetyFacts } from '../../../functions/check-safety/check-safety.ts';
import type { Guardrail } from '../../../functions/check-safety/guardrail.ts';
import { checkSafetyStep } from '../../../functions/check-safety/handler.ts';
import { judgePlan, strictest } from '../../../functions/check-safety/judge-plan.ts';
import { ACTIONS, type Action } from '../../../functions/shared/actions.ts';
import { canonicalHash } from '../../../functions/shared/canonical-hash.ts';
import { type Ruling, type SafetySection, SafetySectionSchema } from '../../../functions/shared/incident.ts';
import type { Mode } from '../../../functions/shared/job-registration.ts';
import { AuditTrail } from '../../../functions/shared/stores/audit-trail.ts';
import { BudgetStore } from '../../../functions/shared/stores/budgets.ts';
import { register } from '../../../functions/shared/stores/registrations.ts';
import { initialiseKillSwitch, setKillSwitch } from '../../../functions/shared/stores/settings.ts';
import { listStorms } from '../../../functions/shared/stores/storms.ts';
import { guardrailFacts, noUsage } from '../../support/guardrail-facts.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../support/memory-ports.ts';
import {
  anApproval,
  anIncident,
  aProposal,
  aProposedDocument,
  aRegistration,
  someEvidence,
  someFindings,
  somePlans,
} from '../../support/sample-incident.ts';

const VERDICTS = ['allow', 'needs-approval', 'deny', 'not-applicable'] as const;
const saying =
  (verdict: Ruling['verdict']): Guardrail =>
  () => ({ verdict, value: '1', limit: '2', reason: `says ${verdict}` });

describe('judgePlan', () => {
  it('R19 exhaustively, over every combination of four guardrails: one deny denies, else one needs-approval asks', () => {
    for (const a of VERDICTS)
      for (const b of VERDICTS)
        for (const c of VERDICTS)
          for (const d of VERDICTS) {
            const judgement = judgePlan(guardrailFacts(), { a: saying(a), b: saying(b), c: saying(c), d: saying(d) });
            const said = new Set([a, b, c, d]);
            expect(judgement.verdict).toBe(said.has('deny') ? 'deny' : said.has('needs-approval') ? 'needs-approval' : 'allow');
            expect(judgement.rulings.map((ruling) => [ruling.guardrail, ruling.verdict])).toEqual([
              ['a', a],
              ['b', b],
              ['c', c],
              ['d', d],
            ]);
          }
  });

  it('R19 no guardrail at all is a deny', () => {
    expect(judgePlan(guardrailFacts(), {}).verdict).toBe('deny');
    expect(strictest([])).toBe('deny');
  });

  it('a guardrail that throws is no allow: the error goes up', () => {
    const broken: Guardrail = () => {
      throw new Error('broken');
    };
    expect(() => judgePlan(guardrailFacts(), { fine: saying('allow'), broken })).toThrow('broken');
  });
});

const modesOf = (mode: Mode, changes: Partial<Record<Action, Mode>> = {}): Record<Action, Mode> => ({
  ...(Object.fromEntries(ACTIONS.map((action) => [action, mode])) as Record<Action, Mode>),
  ...changes,
});
const facts = (changes: Partial<SafetyFacts> = {}): SafetyFacts => ({
  ...guardrailFacts(),
  proposal: aProposal(['RETRY']),
  approval: null,
  modes: modesOf('auto'),
  ...changes,
});
const offending = [{ bucket: 'lake', key: 'k', versionId: null, size: 1, etag: 'e', input: 'orders', reason: 'corrupt' }];
const driftOf = (subject: 'catalog' | 'data') => ({
  subject,
  name: 'orders',
  severity: 'breaking' as const,
  changes: [{ path: 'amount', kind: 'type_changed', from: 'int', to: 'bigint', verdict: 'widening' }],
  changesOmitted: 0,
});
/** Findings that every active action addresses, so that nothing but the guardrail in question decides. */
const addressingAll = someFindings({ offendingObjects: offending, drift: [driftOf('catalog'), driftOf('data')] });

describe('checkSafety', () => {
  it.each(ACTIONS)('R19 passes on %s where every guardrail allows it, with exactly its plan', (action) => {
    const section = checkSafety(facts({ proposal: aProposal([action]), findings: addressingAll }));
    expect(SafetySectionSchema.parse(section)).toMatchObject({
      verdict: action === 'ESCALATE' ? 'escalate' : 'allow',
      action,
      plan: somePlans[action],
      planHash: canonicalHash(somePlans[action]),
      passedOver: [],
    });
  });

  it('stops at the first plan that needs approval: what comes after it is not looked at', () => {
    const proposal = aProposal(['RETRY', 'QUARANTINE'], { rulesAlternatives: ['QUARANTINE'] });
    const section = checkSafety(facts({ proposal, findings: addressingAll, modes: modesOf('auto', { RETRY: 'approve' }) }));
    expect(section).toMatchObject({ verdict: 'needs-approval', action: 'RETRY', passedOver: [] });
  });

  it('after a deny looks only at what the rules list for the state, in the order of the ranking', () => {
    const denyRetry = { usage: { ...noUsage }, findings: someFindings({ state: { family: 'code_defect' }, offendingObjects: offending }) };
    const ranked = ['RETRY', 'COERCE_SCHEMA', 'QUARANTINE', 'LOG_EVENT'] as const;
    const through = (rulesAlternatives: Action[]) =>
      checkSafety(facts({ ...denyRetry, proposal: aProposal(ranked, { rulesAlternatives }) }));
    expect(through([])).toMatchObject({ verdict: 'escalate', action: 'ESCALATE' });
    expect(through(['QUARANTINE'])).toMatchObject({ verdict: 'allow', action: 'QUARANTINE' });
    expect(through(['LOG_EVENT', 'QUARANTINE'])).toMatchObject({ verdict: 'allow', action: 'QUARANTINE' });
    expect(through(['LOG_EVENT']).passedOver).toMatchObject([{ action: 'RETRY', verdict: 'deny', guardrails: ['normality'] }]);
  });

  it('records what was passed over and why', () => {
    const section = checkSafety(facts({ killSwitch: { engaged: true, reason: 'engaged by ada: stop' } }));
    expect(section.passedOver).toEqual([
      {
        action: 'RETRY',
        verdict: 'deny',
        guardrails: ['kill-switch'],
        reason: 'kill-switch: engaged by ada: stop (engaged, limit not engaged)',
      },
    ]);
    expect(section.reason).toBe('denied: kill-switch: engaged by ada: stop (engaged, limit not engaged)');
  });

  it('R20 everything denied or without a plan gives ESCALATE', () => {
    const denied = checkSafety(
      facts({ proposal: aProposal(ACTIONS, { rulesAlternatives: [...ACTIONS] }), findings: someFindings({ state: { risk: 'critical' } }) }),
    );
    expect(denied).toMatchObject({ verdict: 'escalate', action: 'ESCALATE' });
    expect(checkSafety(facts({ proposal: aProposal([]) }))).toMatchObject({ verdict: 'escalate', action: 'ESCALATE' });
  });

  it('R19 a critical anomaly passes on nothing, in any mode, for any ranking that begins with any action', () => {
    const findings = { ...addressingAll, risk: { ...addressingAll.risk, level: 'critical' as const } };
    for (const mode of ['shadow', 'approve', 'auto'] as const)
      for (const first of ACTIONS) {
        const proposal = aProposal([first, ...ACTIONS.filter((action) => action !== first)], { rulesAlternatives: [...ACTIONS] });
        expect(checkSafety(facts({ proposal, findings, modes: modesOf(mode) })).verdict).toBe('escalate');
      }
  });

  it('R30 names the mode of the action that came through', () => {
    const modes = modesOf('auto', { RETRY: 'shadow' });
    expect(checkSafety(facts({ modes }))).toMatchObject({ action: 'RETRY', mode: 'shadow' });
    expect(checkSafety(facts({ modes, killSwitch: { engaged: true, reason: 'x' } }))).toMatchObject({ action: 'ESCALATE', mode: 'auto' });
  });

  describe('an approval', () => {
    const approved = anApproval('approved');

    it('turns needs-approval into allow, for the plan that was shown', () => {
      const asked = facts({ modes: modesOf('approve') });
      expect(checkSafety(asked).verdict).toBe('needs-approval');
      expect(checkSafety({ ...asked, approval: approved })).toMatchObject({
        verdict: 'allow',
        action: 'RETRY',
        approvalId: approved.approvalId,
        reason: 'approved by ada: looks right',
      });
    });

    it('lets through an alternative that was ranked lower', () => {
      const approval = anApproval('approved', { action: 'QUARANTINE', planHash: canonicalHash(somePlans.QUARANTINE) });
      const proposal = aProposal(['RETRY', 'QUARANTINE']);
      expect(checkSafety(facts({ proposal, approval, findings: addressingAll }))).toMatchObject({ verdict: 'allow', action: 'QUARANTINE' });
    });

    it('R19 turns no deny into anything', () => {
      const section = checkSafety(facts({ approval: approved, killSwitch: { engaged: true, reason: 'stop' } }));
      expect(section).toMatchObject({
        verdict: 'escalate',
        action: 'ESCALATE',
        reason: 'approved, but denied: kill-switch: stop (engaged, limit not engaged)',
        passedOver: [{ action: 'RETRY', verdict: 'deny', guardrails: ['kill-switch'] }],
      });
    });

    it.each([
      ['another hash', { planHash: 'f'.repeat(64) }],
      ['no hash', { planHash: null }],
      ['the hash of another action', { action: 'QUARANTINE' as const }],
    ])('R49 B27 with %s approves nothing', (_what, changes) => {
      const section = checkSafety(facts({ approval: anApproval('approved', changes) }));
      expect(section).toMatchObject({ verdict: 'escalate', reason: expect.stringMatching(/^E_PLAN_CHANGED/), passedOver: [] });
    });

    it('R49 of ESCALATE carries nothing out: a person is asked again', () => {
      const approval = anApproval('approved', { action: 'ESCALATE', planHash: canonicalHash(somePlans.ESCALATE) });
      expect(checkSafety(facts({ approval }))).toMatchObject({
        verdict: 'escalate',
        action: 'ESCALATE',
        reason: 'approved was that a person is asked, which has been done',
        passedOver: [],
      });
    });

    it('without a reason says so', () => {
      const section = checkSafety(facts({ approval: anApproval('approved', { reason: '' }) }));
      expect(section.reason).toBe('approved by ada: no reason given');
    });

    it.each(['rejected', 'false-positive', 'expired'] as const)('that is %s approves nothing', (decision) => {
      expect(checkSafety(facts({ approval: anApproval(decision), modes: modesOf('approve') })).verdict).toBe('needs-approval');
    });
  });

  describe('what it says', () => {
    const applying = (section: SafetySection) => section.rulings.filter((ruling) => ruling.verdict === 'allow').length;

    it('of a plan that is allowed: how many guardrails apply to it', () => {
      const section = checkSafety(facts());
      expect(applying(section)).toBeGreaterThan(10);
      expect(section.reason).toBe(`all ${applying(section)} guardrails that apply allow it`);
    });

    it('of a plan that needs approval: every guardrail that asks for it, with value and limit', () => {
      const section = checkSafety(
        facts({ modes: modesOf('approve'), findings: someFindings({ state: { risk: 'high' }, riskScore: 0.7 }) }),
      );
      expect(section.reason).toBe(
        'high-risk: active actions at high risk are confirmed by a person (high (0.7), limit below high); ' +
          'execution-mode: a person confirms this action on this job (approve, limit auto)',
      );
    });

    it('of plans that are denied: each of them', () => {
      const says =
        (action: Action): Guardrail =>
        (asked) =>
          asked.action === action ? { verdict: 'deny', value: '1', limit: '0', reason: `no ${action}` } : saying('allow')(asked);
      const proposal = aProposal(['RETRY', 'QUARANTINE'], { rulesAlternatives: ['QUARANTINE'] });
      const section = checkSafety(facts({ proposal }), { a: says('RETRY'), b: says('QUARANTINE') });
      expect(section.reason).toBe('denied: a: no RETRY (1, limit 0); b: no QUARANTINE (1, limit 0)');
      expect(section.passedOver.map(({ action, guardrails }) => ({ action, guardrails }))).toEqual([
        { action: 'RETRY', guardrails: ['a'] },
        { action: 'QUARANTINE', guardrails: ['b'] },
      ]);
    });

    it('of a person who is asked first of all: why the policy proposed it', () => {
      const section = checkSafety(facts({ proposal: aProposal(['ESCALATE', 'RETRY'], { reason: 'nothing is known of it' }) }));
      expect(section).toMatchObject({ verdict: 'escalate', reason: 'nothing is known of it', passedOver: [] });
    });
  });

  it.each([
    ['a plan without a hash', { planHash: null }],
    ['a hash without a plan', { plan: null }],
  ])('R49 does not look at an option that is %s', (_what, changes) => {
    const proposal = aProposal(['RETRY', 'LOG_EVENT']);
    const ranking = proposal.ranking.map((option) => (option.action === 'RETRY' ? { ...option, ...changes } : option));
    expect(checkSafety(facts({ proposal: { ...proposal, ranking } }))).toMatchObject({ verdict: 'allow', action: 'LOG_EVENT' });
  });

  it.each([
    ['a ranking of nothing', []],
    ['a ranking without a way to a person', aProposal(['RETRY']).ranking.filter((option) => option.action !== 'ESCALATE')],
  ])('R20 decides nothing on %s: that would end in nobody’s hands', (_what, ranking) => {
    const stopped = facts({ proposal: { ...aProposal(['RETRY']), ranking }, killSwitch: { engaged: true, reason: 'stop' } });
    expect(() => checkSafety(stopped)).toThrow('a ranking without a plan for ESCALATE: ProposeAction always adds one');
  });

  it('bounds its reason however much was passed over', () => {
    const killSwitch = { engaged: true, reason: 'x'.repeat(5000) };
    const proposal = aProposal(['RETRY', 'QUARANTINE', 'COERCE_SCHEMA', 'ROLLBACK_SCHEMA'], { rulesAlternatives: [...ACTIONS] });
    expect(SafetySectionSchema.safeParse(checkSafety(facts({ proposal, killSwitch }))).success).toBe(true);
  });
});

describe('CheckSafety', () => {
  let ports: MemoryPorts;
  beforeEach(async () => {
    ports = memoryPorts();
    await initialiseKillSwitch(ports.operations, NOW);
  });
  const numbered = (index: number, ranked: Parameters<typeof aProposal>[0] = ['RETRY']) => ({
    ...aProposedDocument(ranked),
    incident: anIncident({ id: `inc-${index}`, lineage: `lineage-${index}` }),
  });
  const check = async (document: object = aProposedDocument()) => (await checkSafetyStep(() => ports)(document)) as SafetySection;
  const used = () => new BudgetStore(ports).usage({ incidentId: 'asker', jobName: 'orders', lineage: anIncident().lineage });

  it('allows what the team has given authority for, and reserves it before anything is done', async () => {
    await register(ports.operations, aRegistration());
    expect(await check()).toMatchObject({ verdict: 'allow', action: 'RETRY', mode: 'auto' });
    expect(await used()).toMatchObject({ lineageRetries: 1, jobDpuHoursToday: 0.5, fleetRemediationsThisHour: 1 });
  });

  it('reserves nothing for what only needs approval', async () => {
    await register(ports.operations, aRegistration({ modes: { RETRY: 'approve' } }));
    expect((await check()).verdict).toBe('needs-approval');
    expect(await used()).toMatchObject(noUsage);
  });

  it('R30 in shadow it reserves nothing and joins no storm, although every guardrail allows it', async () => {
    await register(ports.operations, aRegistration({ modes: {}, limits: { stormIncidents: 2 } }));
    for (const index of [1, 2, 3]) expect(await check(numbered(index))).toMatchObject({ verdict: 'allow', mode: 'shadow' });
    expect(await used()).toMatchObject(noUsage);
    expect(await listStorms(ports.operations)).toEqual([]);
  });

  describe('R31 what cannot be read gives no authority', () => {
    it('B8 a job that is not registered is in shadow, and uses no budget', async () => {
      expect(await check()).toMatchObject({ mode: 'shadow' });
      expect(await used()).toMatchObject(noUsage);
    });

    it.each([
      ['B24 an unknown mode', { ...aRegistration(), modes: { RETRY: 'actve' } }],
      ['B25 a negative limit', { ...aRegistration(), limits: { ...aRegistration().limits, retriesPerLineage: -1 } }],
      ['B25 a limit that is no number', { ...aRegistration(), limits: { ...aRegistration().limits, retriesPerLineage: null } }],
      ['an unknown key', { ...aRegistration(), mode: 'auto' }],
      ['nothing', {}],
    ])('%s in the stored registration is shadow', async (_what, attributes) => {
      await ports.operations.create({ pk: 'JOBS', sk: 'orders' }, attributes);
      expect((await check()).mode).toBe('shadow');
    });

    it.each([
      ['never set', undefined],
      ['corrupt', { engaged: 'no' }],
      ['half written', {}],
    ])('a kill switch that is %s stops', async (_what, attributes) => {
      ports = memoryPorts();
      await register(ports.operations, aRegistration());
      if (attributes) await ports.operations.create({ pk: 'SETTINGS', sk: 'KILL_SWITCH' }, attributes);
      expect(await check()).toMatchObject({ verdict: 'escalate', passedOver: [{ guardrails: ['kill-switch'] }] });
    });

    it('a kill switch that cannot be reached stops', async () => {
      await register(ports.operations, aRegistration());
      const get = ports.operations.get.bind(ports.operations);
      ports.operations.get = async (key) => {
        if (key.sk === 'KILL_SWITCH') throw Object.assign(new Error('no'), { name: 'ThrottlingException' });
        return get(key);
      };
      expect((await check()).passedOver[0]?.reason).toContain('could not be read (ThrottlingException), which counts as engaged');
    });
  });

  it('the kill switch stops what was allowed a moment ago', async () => {
    await register(ports.operations, aRegistration());
    await setKillSwitch(ports.operations, true, 'ada', 'something is wrong', NOW);
    expect((await check()).verdict).toBe('escalate');
    await setKillSwitch(ports.operations, false, 'ada', 'all is well', NOW);
    expect((await check(numbered(2))).verdict).toBe('allow');
  });

  it('R33 twelve incidents at once never exceed a limit of 5 a day; those that lose go to a person', async () => {
    await register(ports.operations, aRegistration({ limits: { remediationsPerJobPerDay: 5, stormIncidents: 99 } }));
    const sections = await Promise.all(Array.from({ length: 12 }, (_, index) => check(numbered(index))));
    expect(sections.filter((section) => section.verdict === 'allow')).toHaveLength(5);
    const lost = sections.filter((section) => section.verdict === 'escalate');
    expect(lost).toHaveLength(7);
    for (const section of lost) expect(section.passedOver[0]?.guardrails).toEqual(['job-budget']);
    expect((await used()).jobRemediationsToday).toBe(5);
  });

  it('an approval is weighed by a second pass, which is written down beside the first', async () => {
    await register(ports.operations, aRegistration({ modes: { RETRY: 'approve' } }));
    const document = aProposedDocument();
    expect((await check(document)).verdict).toBe('needs-approval');
    expect((await check({ ...document, approval: anApproval('approved') })).verdict).toBe('allow');
    const entries = await new AuditTrail(ports).entries(document.incident.id);
    expect(entries.map((entry) => entry.stepKey)).toEqual(['CheckSafety#1', 'CheckSafety#2']);
  });

  describe('F38 storms of limit 4', () => {
    const K = 4;
    beforeEach(async () => {
      await register(
        ports.operations,
        aRegistration({ limits: { stormIncidents: K, retriesPerLineage: 99, remediationsPerJobPerDay: 99 } }),
      );
    });

    it('the k-1st acts, the k-th and k+1st wait, and reserve nothing', async () => {
      const sections = [];
      for (let index = 1; index <= K + 1; index += 1) sections.push(await check(numbered(index)));
      expect(sections.map((section) => section.verdict)).toEqual(['allow', 'allow', 'allow', 'deferred', 'deferred']);
      expect((await used()).jobRemediationsToday).toBe(K - 1);
      expect((await listStorms(ports.operations))[0]?.deferred).toEqual(['inc-4', 'inc-5']);
    });

    it('those that people would be asked about wait too: a hundred failures are no hundred tasks', async () => {
      const sections = await Promise.all(Array.from({ length: 100 }, (_, index) => check(numbered(index, ['ESCALATE']))));
      expect(sections.filter((section) => section.verdict === 'escalate')).toHaveLength(K - 1);
      expect(sections.filter((section) => section.verdict === 'deferred')).toHaveLength(100 - (K - 1));
    });

    it('another signature, an approved plan, a recorded event and shadow are no part of it', async () => {
      for (let index = 1; index <= K; index += 1) await check(numbered(index));
      const other = { ...numbered(5), findings: someFindings({ signature: 'disk-full' }) };
      expect((await check(other)).verdict).toBe('allow');
      expect((await check({ ...numbered(6), approval: anApproval('approved') })).verdict).toBe('allow');
      expect((await check(numbered(7, ['LOG_EVENT']))).verdict).toBe('allow');
      const shadowed = { ...numbered(8), incident: anIncident({ id: 'inc-8', jobName: 'not-registered' }) };
      expect(await check(shadowed)).toMatchObject({ verdict: 'needs-approval', mode: 'shadow' });
    });
  });

  it('refuses a document without what it reads', async () => {
    await expect(check({ incident: anIncident(), evidence: someEvidence() })).rejects.toThrow(
      'E_DOCUMENT: CheckSafety needs findings, proposal',
    );
  });
});
