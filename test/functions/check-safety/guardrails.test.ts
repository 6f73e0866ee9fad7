import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CAPABILITIES } from '../../../functions/check-capability/capabilities/index.ts';
import type { GuardrailFacts } from '../../../functions/check-safety/guardrail.ts';
import { GUARDRAILS } from '../../../functions/check-safety/guardrails/index.ts';
import { ACTIVE_ACTIONS } from '../../../functions/shared/actions.ts';
import { RulingSchema } from '../../../functions/shared/incident.ts';
import { guardrailFacts, noUsage } from '../../support/guardrail-facts.ts';
import { NOW, secondsAgo } from '../../support/memory-ports.ts';
import {
  aRegistration,
  aRerun,
  aTable,
  type FindingChanges,
  someEvidence,
  someFindings,
  somePlans,
} from '../../support/sample-incident.ts';

type Changes = Partial<GuardrailFacts>;
const ask = (id: string, changes: Changes = {}) => {
  const guardrail = GUARDRAILS[id];
  if (!guardrail) throw new Error(`no guardrail ${id}`);
  return guardrail(guardrailFacts(changes));
};
const verdict = (id: string, changes: Changes = {}) => ask(id, changes).verdict;
const plan = <P extends keyof typeof somePlans>(action: P, changes: Record<string, unknown> = {}): Changes => ({
  action,
  plan: { ...somePlans[action], ...changes } as GuardrailFacts['plan'],
});
const limits = (changes: Partial<GuardrailFacts['limits']>): Changes => ({ limits: { ...guardrailFacts().limits, ...changes } });
const usage = (changes: Partial<GuardrailFacts['usage']>): Changes => ({ usage: { ...noUsage, ...changes } });
const findings = (changes: FindingChanges): Changes => ({ findings: someFindings(changes) });
const aFreeze = { jobName: 'orders', incidentId: 'inc-7', reason: 'inverse failed', at: secondsAgo(60) };
const objects = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ bucket: 'lake', key: `k${index}`, versionId: null, size: 1, etag: 'e' }));

describe('one file, one id', () => {
  const filesIn = (folder: string) =>
    readdirSync(join(import.meta.dirname, '../../../functions', folder))
      .filter((file) => file !== 'index.ts')
      .map((file) => file.replace(/\.ts$/, ''))
      .toSorted();

  it('each guardrail is a file of its name', () => {
    expect(Object.keys(GUARDRAILS).toSorted()).toEqual(filesIn('check-safety/guardrails'));
  });

  it('each capability is a file of its name', () => {
    expect(Object.keys(CAPABILITIES).toSorted()).toEqual(filesIn('check-capability/capabilities'));
  });
});

describe('guardrails', () => {
  it.each(Object.keys(GUARDRAILS))(
    '%s answers with value, limit and reason, in bounds, and allows or does not apply where nothing is wrong',
    (id) => {
      for (const action of Object.keys(somePlans) as (keyof typeof somePlans)[]) {
        const answer = ask(id, { ...plan(action), ...findings(addressedBy(action)) });
        expect(RulingSchema.safeParse({ guardrail: id, ...answer }).success).toBe(true);
        expect(['allow', 'not-applicable']).toContain(answer.verdict);
      }
    },
  );

  it.each(Object.keys(GUARDRAILS).filter((id) => id !== 'critical-anomaly'))('%s has nothing to say about recording and asking', (id) => {
    for (const action of ['LOG_EVENT', 'ESCALATE'] as const) {
      expect(verdict(id, { ...plan(action), killSwitch: { engaged: true, reason: 'x' }, freeze: aFreeze, registration: null })).toBe(
        'not-applicable',
      );
    }
  });

  it('kill-switch: allows while off, denies once engaged', () => {
    expect(verdict('kill-switch')).toBe('allow');
    expect(ask('kill-switch', { killSwitch: { engaged: true, reason: 'engaged by ada: incident 7' } })).toMatchObject({
      verdict: 'deny',
      reason: 'engaged by ada: incident 7',
    });
  });

  it('F32 frozen-job: allows while no freeze holds, denies once one does, naming the incident', () => {
    expect(verdict('frozen-job')).toBe('allow');
    expect(ask('frozen-job', { freeze: aFreeze })).toMatchObject({
      verdict: 'deny',
      value: `frozen since ${secondsAgo(60)}`,
      reason: 'frozen by inc-7: inverse failed',
    });
  });

  it.each(['low', 'medium', 'high'] as const)('critical-anomaly: allows below critical (%s)', (risk) => {
    expect(verdict('critical-anomaly', findings({ state: { risk } }))).toBe('allow');
  });

  it.each([...ACTIVE_ACTIONS, 'LOG_EVENT'] as const)('critical-anomaly: denies %s; only a person is asked', (action) => {
    const critical = findings({ state: { risk: 'critical' } });
    expect(verdict('critical-anomaly', { ...plan(action), ...critical })).toBe('deny');
    expect(verdict('critical-anomaly', { ...plan('ESCALATE'), ...critical })).toBe('allow');
  });

  it.each([
    ['low', 'allow'],
    ['medium', 'allow'],
    ['high', 'needs-approval'],
    ['critical', 'needs-approval'],
  ] as const)('high-risk: %s → %s', (risk, expected) => {
    expect(verdict('high-risk', findings({ state: { risk } }))).toBe(expected);
  });

  it('unknown-failure: allows a named family, asks about an unknown one', () => {
    expect(verdict('unknown-failure')).toBe('allow');
    expect(verdict('unknown-failure', findings({ state: { family: 'unknown' } }))).toBe('needs-approval');
  });

  it.each([
    [0.69, 'needs-approval'],
    [0.7, 'allow'],
    [0.71, 'allow'],
  ] as const)('R33 confidence-floor 0.7: %d → %s', (confidence, expected) => {
    expect(verdict('confidence-floor', { ...findings({ confidence }), ...limits({ confidenceFloor: 0.7 }) })).toBe(expected);
  });

  describe('normality', () => {
    it.each(ACTIVE_ACTIONS)('allows %s for what it addresses, denies it for what it does not, and for anything normal', (action) => {
      const addressed = addressedBy(action);
      expect(verdict('normality', { ...plan(action), ...findings(addressed) })).toBe('allow');
      expect(verdict('normality', { ...plan(action), ...findings({ state: { family: 'code_defect' } }) })).toBe('deny');
      for (const found of ['normal', 'no-evidence'] as const) {
        expect(verdict('normality', { ...plan(action), ...findings({ ...addressed, verdict: found }) })).toBe('deny');
      }
    });

    it('takes compatible drift of the catalog for no reason to roll back', () => {
      const drift = [{ subject: 'catalog' as const, name: 'orders', severity: 'compatible' as const, changes: [], changesOmitted: 0 }];
      expect(verdict('normality', { ...plan('ROLLBACK_SCHEMA'), ...findings({ drift }) })).toBe('deny');
    });
  });

  describe('R34 empty-target: an empty set is a refusal, never "all"', () => {
    it.each([
      ['QUARANTINE', { objects: [] }],
      ['COERCE_SCHEMA', { changes: [] }],
      ['ROLLBACK_SCHEMA', { changes: [] }],
    ] as const)('B11 denies %s without targets, allows it with', (action, nothing) => {
      expect(ask('empty-target', plan(action, nothing))).toMatchObject({
        verdict: 'deny',
        reason: expect.stringContaining('E_SCOPE_EMPTY'),
      });
      expect(verdict('empty-target', plan(action))).toBe('allow');
    });

    it('does not apply to RETRY', () => {
      expect(verdict('empty-target', plan('RETRY'))).toBe('not-applicable');
    });
  });

  it.each([
    [9, 'allow'],
    [10, 'allow'],
    [11, 'needs-approval'],
  ] as const)('R33 B11 blast-radius-objects 10: %i → %s', (count, expected) => {
    const answer = ask('blast-radius-objects', {
      ...plan('QUARANTINE', { objects: objects(count) }),
      ...limits({ quarantineObjects: 10 }),
    });
    expect(answer.verdict).toBe(expected);
    if (expected !== 'allow') expect(answer.reason).toBe('E_SCOPE_TOO_LARGE: 11 > 10');
  });

  it.each([
    [99, 'allow'],
    [100, 'allow'],
    [101, 'needs-approval'],
  ] as const)('R33 blast-radius-bytes 100: %i → %s', (totalBytes, expected) => {
    expect(verdict('blast-radius-bytes', { ...plan('QUARANTINE', { totalBytes }), ...limits({ quarantineBytes: 100 }) })).toBe(expected);
  });

  it.each([
    [0.33, 'allow'],
    [0.34, 'allow'],
    [0.35, 'needs-approval'],
    [0.99, 'needs-approval'],
    [1, 'deny'],
  ] as const)('R33 R28 blast-radius-share 0.34: %d → %s', (shareOfInput, expected) => {
    const facts = { ...plan('QUARANTINE', { shareOfInput }), ...limits({ quarantineShareOfInput: 0.34 }) };
    expect(verdict('blast-radius-share', facts)).toBe(expected);
  });

  it('blast-radius-share: the whole input is denied, whatever the limit', () => {
    expect(verdict('blast-radius-share', { ...plan('QUARANTINE', { shareOfInput: 1 }), ...limits({ quarantineShareOfInput: 1 }) })).toBe(
      'deny',
    );
  });

  describe('blast-radius-tables', () => {
    const withTable = (changes: Parameters<typeof aTable>[0]) => ({ evidence: someEvidence({ tables: [aTable(changes)] }) });

    it('allows one plain table, asks where none may be changed', () => {
      expect(verdict('blast-radius-tables', { ...plan('ROLLBACK_SCHEMA'), ...withTable({}) })).toBe('allow');
      expect(verdict('blast-radius-tables', { ...plan('ROLLBACK_SCHEMA'), ...withTable({}), ...limits({ tables: 0 }) })).toBe(
        'needs-approval',
      );
    });

    it('asks where partitions keep columns of their own', () => {
      expect(verdict('blast-radius-tables', { ...plan('COERCE_SCHEMA'), ...withTable({ partitionsInspected: 1 }) })).toBe('needs-approval');
    });

    it.each([
      [1, 'allow'],
      [2, 'needs-approval'],
    ] as const)('R33 rolling back over %i versions by others → %s', (foreignVersionsSinceGood, expected) => {
      expect(verdict('blast-radius-tables', { ...plan('ROLLBACK_SCHEMA'), ...withTable({ foreignVersionsSinceGood }) })).toBe(expected);
    });

    it('does not apply to a coercion by arguments', () => {
      const byArguments = plan('COERCE_SCHEMA', { mode: 'arguments', database: null, table: null, fromVersionId: null });
      expect(verdict('blast-radius-tables', byArguments)).toBe('not-applicable');
    });
  });

  it.each([
    [19, 0, 'allow'],
    [20, 0, 'allow'],
    [21, 0, 'needs-approval'],
    [10, 49, 'allow'],
    [10, 50, 'allow'],
    [10, 51, 'deny'],
  ] as const)('R33 dpu-hours 20 a rerun, 60 a day: %d after %d → %s', (estimatedDpuHours, jobDpuHoursToday, expected) => {
    const facts = { ...plan('RETRY', { rerun: aRerun({ estimatedDpuHours }) }), ...usage({ jobDpuHoursToday }) };
    expect(verdict('dpu-hours', { ...facts, ...limits({ dpuHoursPerRerun: 20, dpuHoursPerJobPerDay: 60 }) })).toBe(expected);
  });

  it.each([
    ['retry-budget', 'lineageRetries', 'retriesPerLineage'],
    ['job-budget', 'jobRemediationsToday', 'remediationsPerJobPerDay'],
    ['fleet-budget', 'fleetRemediationsThisHour', 'remediationsPerFleetPerHour'],
  ] as const)('R33 %s 5: the fifth is allowed, the sixth and seventh are denied', (id, used, limit) => {
    const verdicts = [4, 5, 6].map((count) => verdict(id, { ...usage({ [used]: count }), ...limits({ [limit]: 5 }) }));
    expect(verdicts).toEqual(['allow', 'deny', 'deny']);
  });

  it.each([
    [2, 'allow'],
    [3, 'needs-approval'],
    [4, 'needs-approval'],
  ] as const)('R33 circuit-breaker 3: %i failed in a row → %s', (failedValidationsInRow, expected) => {
    expect(verdict('circuit-breaker', { ...usage({ failedValidationsInRow }), ...limits({ failedValidations: 3 }) })).toBe(expected);
  });

  it.each([
    [null, 'allow'],
    [59, 'deny'],
    [60, 'allow'],
    [61, 'allow'],
  ] as const)('R33 cooldown 60 s: %s s since the last → %s', (secondsSinceLastOfJob, expected) => {
    expect(verdict('cooldown', { ...usage({ secondsSinceLastOfJob }), ...limits({ cooldownSeconds: 60 }) })).toBe(expected);
  });

  it.each([
    ['a second before it ends', -1, 'deny'],
    ['as it ends', 0, 'allow'],
    ['a second after', 1, 'allow'],
  ] as const)('R33 change-freeze: %s → %s', (_when, seconds, expected) => {
    const changeFreezes = [{ from: secondsAgo(3600), to: secondsAgo(seconds), reason: 'year end' }];
    expect(verdict('change-freeze', { registration: aRegistration({ changeFreezes }), now: NOW })).toBe(expected);
  });

  it('change-freeze: denies from its first moment on', () => {
    const freeze = (from: string) => aRegistration({ changeFreezes: [{ from, to: secondsAgo(-3600), reason: 'year end' }] });
    expect(verdict('change-freeze', { registration: freeze(secondsAgo(0)) })).toBe('deny');
    expect(verdict('change-freeze', { registration: freeze(secondsAgo(-1)) })).toBe('allow');
  });

  it('protected-job: allows any other job, asks about a protected one', () => {
    expect(verdict('protected-job')).toBe('allow');
    expect(verdict('protected-job', { registration: aRegistration({ protected: true }) })).toBe('needs-approval');
  });

  it('rerun-safety: allows where it is declared, asks where it is not', () => {
    expect(verdict('rerun-safety')).toBe('allow');
    expect(verdict('rerun-safety', { registration: aRegistration({ rerunSafe: false }) })).toBe('needs-approval');
    expect(verdict('rerun-safety', { registration: null })).toBe('needs-approval');
  });

  it('data-quality-ruleset: allows where none failed, asks where one did', () => {
    const run = (state: string) => ({
      evidence: someEvidence({ dataQualityRuns: [{ resultId: 'dq-1', state, score: 0.5, rulesFailed: 1 }] }),
    });
    expect(verdict('data-quality-ruleset', run('SUCCEEDED'))).toBe('allow');
    expect(verdict('data-quality-ruleset', run('FAILED'))).toBe('needs-approval');
  });

  it('execution-mode: auto acts, approve asks, shadow is only shown', () => {
    expect(verdict('execution-mode', { mode: 'auto' })).toBe('allow');
    expect(verdict('execution-mode', { mode: 'approve' })).toBe('needs-approval');
    expect(ask('execution-mode', { mode: 'shadow' })).toMatchObject({ verdict: 'allow', reason: 'shown only: nothing is done in shadow' });
  });
});

/** Findings that the action addresses. */
function addressedBy(action: keyof typeof somePlans): FindingChanges {
  const change = { path: 'amount', kind: 'type_changed', from: 'int', to: 'bigint', verdict: 'widening' };
  const drift = (subject: 'catalog' | 'data') => [
    { subject, name: 'orders', severity: 'breaking' as const, changes: [change], changesOmitted: 0 },
  ];
  if (action === 'COERCE_SCHEMA') return { drift: drift('data') };
  if (action === 'ROLLBACK_SCHEMA') return { drift: drift('catalog') };
  if (action !== 'QUARANTINE') return {};
  return {
    offendingObjects: [
      { bucket: 'lake', key: 'orders/incoming/3.csv', versionId: 'v1', size: 1, etag: 'e', input: 'orders', reason: 'corrupt' },
    ],
  };
}
