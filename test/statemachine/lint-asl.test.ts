import { readFileSync } from 'node:fs';
import aslValidator from 'asl-validator';
import { OUTCOMES } from '../../functions/shared/incident.ts';
import { type Definition, DefinitionSchema, enumeratePaths, type State } from '../../statemachine/asl-definition.ts';
import { lintAsl, RULES, type Rule } from '../../statemachine/lint-asl.ts';

const text = readFileSync(new URL('../../statemachine/glue-medic.asl.json', import.meta.url), 'utf8');
const sound = (): Definition => DefinitionSchema.parse(JSON.parse(text));

/** The real machine with one change. */
function changed(change: (definition: Definition, state: (name: string) => State) => void): Definition {
  const definition = sound();
  change(definition, (name) => {
    const state = definition.States[name];
    if (!state) throw new Error(`no state ${name}`);
    return state;
  });
  return definition;
}

function first<T>(items: readonly T[] | undefined): T {
  const [item] = items ?? [];
  if (item === undefined) throw new Error('nothing there to change');
  return item;
}

describe('the state machine', () => {
  it('R55 R56 has no finding', () => {
    expect(lintAsl(JSON.parse(text))).toEqual([]);
  });

  it('is valid Amazon States Language', () => {
    expect(aslValidator(JSON.parse(text))).toMatchObject({ isValid: true, errors: [] });
  });

  it('ends in every outcome that an incident can have, and in no other', () => {
    const succeeding = Object.entries(sound().States).flatMap(([name, state]) => (state.Type === 'Succeed' ? [name] : []));
    expect(succeeding.sort()).toEqual([...OUTCOMES].sort());
  });

  it('R56 has its ways enumerated: each begins at the start, ends at an end, and passes no state a third time', () => {
    const { StartAt, States } = sound();
    const ends = new Set<string>();
    const paths = enumeratePaths(sound()).map((path) => path.map(({ state }) => state));
    for (const names of paths) {
      if (names[0] !== StartAt || names.length > 2 * new Set(names).size) throw new Error(names.join(' '));
      ends.add(names.at(-1) ?? '');
    }
    expect(paths.length).toBeGreaterThan(1000);
    expect([...ends].sort()).toEqual(
      Object.entries(States)
        .flatMap(([name, state]) => (['Succeed', 'Fail'].includes(state.Type) ? [name] : []))
        .sort(),
    );
  });
});

describe('the lint finds', () => {
  const planted: [Rule, string, string, Definition | unknown][] = [
    ['shape', '', 'a definition without states', { StartAt: 'A' }],
    ['feature', '', 'JSONata', changed((d) => Object.assign(d, { QueryLanguage: 'JSONata' }))],
    [
      'feature',
      'CheckSafety',
      'a field that the local engine lacks',
      changed((_, s) => Object.assign(s('CheckSafety'), { HeartbeatSeconds: 5 })),
    ],
    ['feature', 'AwaitDecision', 'a timeout by path', changed((_, s) => Object.assign(s('AwaitDecision'), { TimeoutSecondsPath: '$.x' }))],
    ['feature', 'CheckSafety', 'the default written out', changed((_, s) => Object.assign(s('CheckSafety'), { ResultPath: '$' }))],
    [
      'feature',
      'Decision',
      'an absence asked for directly',
      changed((_, s) => Object.assign(s('Decision'), { Choices: [{ Variable: '$.execution', IsPresent: false, Next: 'CloseIncident' }] })),
    ],
    ['feature', 'CheckSafety', 'variables', changed((_, s) => Object.assign(s('CheckSafety'), { Assign: { a: 1 } }))],
    ['feature', 'CheckSafety', 'a state that runs others', changed((_, s) => Object.assign(s('CheckSafety'), { Type: 'Parallel' }))],
    [
      'feature',
      'Authority',
      'a comparison that is not known everywhere, however deep',
      changed((_, s) =>
        Object.assign(s('Authority'), {
          Choices: [{ Not: { And: [{ Variable: '$.safety.mode', StringMatches: 's*' }] }, Next: 'CloseIncident' }],
        }),
      ),
    ],
    [
      'feature',
      'AwaitDecision',
      'an intrinsic function',
      changed((_, s) => Object.assign(s('AwaitDecision'), { Parameters: { 'a.$': 'States.UUID()' } })),
    ],
    [
      'feature',
      'ExecuteAction',
      'a call of a service beside the steps',
      changed((_, s) => Object.assign(s('ExecuteAction'), { Resource: 'arn:aws:states:::glue:startJobRun.sync' })),
    ],
    ['task-timeout', 'GatherEvidence', 'a task without timeout', changed((_, s) => delete s('GatherEvidence').TimeoutSeconds)],
    ['task-timeout', '', 'a machine without timeout', changed((d) => delete d.TimeoutSeconds)],
    ['token-timeout', 'AwaitDecision', 'an endless wait for a person', changed((_, s) => delete s('AwaitDecision').TimeoutSeconds)],
    ['catch-all', 'ProposeAction', 'a task without Catch', changed((_, s) => delete s('ProposeAction').Catch)],
    [
      'catch-all',
      'ProposeAction',
      'a Catch of some errors only',
      changed((_, s) => Object.assign(first(s('ProposeAction').Catch), { ErrorEquals: ['States.TaskFailed'] })),
    ],
    [
      'catch-all',
      'CheckSafety',
      'an error that ends well',
      changed((_, s) => Object.assign(first(s('CheckSafety').Catch), { Next: 'CloseIncident' })),
    ],
    [
      'catch-all',
      'EscalateIncident',
      'an escalation that escalates its own failure',
      changed((_, s) => Object.assign(first(s('EscalateIncident').Catch), { Next: 'EscalateIncident' })),
    ],
    [
      'catch-all',
      'UndoAction',
      'an undo whose failure nobody hears of',
      changed((_, s) => Object.assign(first(s('UndoAction').Catch), { Next: 'UpdatePolicy' })),
    ],
    [
      'catch-all',
      'GatherEvidence',
      'a Catch that throws the document away',
      changed((_, s) => Object.assign(first(s('GatherEvidence').Catch), { ResultPath: '$' })),
    ],
    [
      'retry-bounded',
      'GatherEvidence',
      'a Retry without jitter',
      changed((_, s) => Object.assign(first(s('GatherEvidence').Retry), { JitterStrategy: 'NONE' })),
    ],
    [
      'retry-bounded',
      'GatherEvidence',
      'a Retry without longest delay',
      changed((_, s) => delete first(s('GatherEvidence').Retry).MaxDelaySeconds),
    ],
    [
      'retry-bounded',
      'GatherEvidence',
      'a Retry for ever',
      changed((_, s) => Object.assign(first(s('GatherEvidence').Retry), { MaxAttempts: 99_999 })),
    ],
    [
      'retry-idempotent',
      'ExecuteAction',
      'a retried action that may have had its effect',
      changed((_, s) => first(s('ExecuteAction').Retry).ErrorEquals.push('Lambda.ClientExecutionTimeoutException')),
    ],
    [
      'retry-idempotent',
      'GatherEvidence',
      'a Retry of everything',
      changed((_, s) => Object.assign(first(s('GatherEvidence').Retry), { ErrorEquals: ['States.ALL'] })),
    ],
    ['choice-default', 'Authority', 'a Choice without Default', changed((_, s) => delete s('Authority').Default)],
    [
      'choice-default',
      'Authority',
      'a Default that acts',
      changed((_, s) => Object.assign(s('Authority'), { Default: 'WaitBeforeAction' })),
    ],
    [
      'reachable',
      'Orphan',
      'a state on no way',
      changed((d) => Object.assign(d.States, { Orphan: { Type: 'Wait', Seconds: 1, Next: 'CloseIncident' } })),
    ],
    ['terminals', 'Healed', 'an end of another name', changed((d) => Object.assign(d.States, { Healed: { Type: 'Succeed' } }))],
    ['terminals', 'HandedOver', 'a missing end', changed((d) => delete d.States['HandedOver'])],
    ['terminals', 'MachineFailed', 'a failure that succeeds', changed((_, s) => Object.assign(s('MachineFailed'), { Type: 'Succeed' }))],
    ['terminals', 'CloseIncident', 'a step that simply ends', changed((_, s) => Object.assign(s('CloseIncident'), { End: true }))],
    [
      'outcome-terminal',
      'Outcome',
      'an outcome that ends as another',
      changed((_, s) => Object.assign(first(s('Outcome').Choices), { Next: 'Logged' })),
    ],
    [
      'loop-waits',
      'ValidateOutcome',
      'a poll without pause',
      changed((_, s) =>
        s('ValidationVerdict').Choices?.push({ Variable: '$.validation.verdict', StringEquals: 'soon', Next: 'ValidateOutcome' }),
      ),
    ],
    [
      'mutation-guarded',
      'ExecuteAction',
      'an action without capability check',
      changed((_, s) => s('SafetyVerdict').Choices?.push({ Variable: '$.safety.verdict', StringEquals: 'sure', Next: 'ExecuteAction' })),
    ],
    [
      'mutation-guarded',
      'ExecuteAction',
      'an approval that goes straight to the action',
      changed((_, s) => Object.assign(first(s('Decision').Choices), { Next: 'ExecuteAction' })),
    ],
    [
      'mutation-guarded',
      'ExecuteAction',
      'an action after a capability check that failed',
      changed((_, s) => Object.assign(first(s('CheckCapability').Catch), { Next: 'ExecuteAction' })),
    ],
    [
      'success-closed',
      'HandedOver',
      'an end beside the audit',
      changed((_, s) =>
        s('EscalationDisposition').Choices?.push({ Variable: '$.escalation.disposition', StringEquals: 'x', Next: 'HandedOver' }),
      ),
    ],
    [
      'success-closed',
      'StoodDown',
      'an incident dropped on the way',
      changed((_, s) => s('FailureFound').Choices?.push({ Variable: '$.findings.stateId', StringEquals: 'x', Next: 'StoodDown' })),
    ],
    [
      'success-closed',
      'Resolved',
      'an end after a closure that failed',
      changed((_, s) => Object.assign(first(s('CloseIncident').Catch), { Next: 'Resolved' })),
    ],
    [
      'read-before-written',
      'EscalationDisposition',
      'a choice by what a path has not written',
      changed((_, s) =>
        s('EscalationDisposition').Choices?.push({ Variable: '$.validation.verdict', StringEquals: 'x', Next: 'CloseIncident' }),
      ),
    ],
  ];

  it.each(planted)('R55 R56 %s at %s: %s', (rule, state, _, definition) => {
    expect(lintAsl(definition)).toContainEqual({ rule, state, message: expect.any(String) });
  });

  it('R55 R56 every rule that it has', () => {
    expect([...new Set(planted.map(([rule]) => rule))].sort()).toEqual([...RULES].sort());
  });

  it('nothing in a comparison of what was made sure of before', () => {
    const guarded = changed((_, s) =>
      s('EscalationDisposition').Choices?.push({
        And: [{ And: [{ Variable: '$.validation.verdict', IsPresent: true }] }, { Variable: '$.validation.verdict', StringEquals: 'x' }],
        Next: 'CloseIncident',
      }),
    );
    expect(lintAsl(guarded)).toEqual([]);
  });
});
