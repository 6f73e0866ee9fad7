import { readFileSync } from 'node:fs';
import { compileMachine, ENDLESS, NO_SUCH_STATE, RUNTIME_ERROR, type Step } from '../../../evaluation/prove/machine.ts';
import type { Incident } from '../../../functions/shared/incident.ts';
import { aDocument } from '../../support/sample-incident.ts';

const choice = (condition: Record<string, unknown>) => ({
  StartAt: 'Look',
  States: {
    Look: { Type: 'Choice', Choices: [{ ...condition, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Succeed' },
    No: { Type: 'Succeed' },
  },
});
const endsOf = (definition: unknown, steps: Record<string, Step> = {}, from = 'Look', document: Incident = aDocument()): string[] => {
  const ends: string[] = [];
  compileMachine(definition).walk(from, document, steps, (_document, end) => ends.push(end));
  return ends;
};
const job = (name: string) => ({ Variable: '$.incident.jobName', StringEquals: name });
const yes = job('orders');
const no = job('another');

describe('compileMachine', () => {
  it.each([
    ['StringEquals that holds', yes, 'Yes'],
    ['StringEquals that does not', no, 'No'],
    ['And of two', { And: [yes, yes] }, 'Yes'],
    ['And with one that fails', { And: [yes, no] }, 'No'],
    ['Or with one that holds', { Or: [no, yes] }, 'Yes'],
    ['Or of none', { Or: [no, no] }, 'No'],
    ['Not', { Not: no }, 'Yes'],
    ['IsPresent of what is there', { Variable: '$.incident', IsPresent: true }, 'Yes'],
    ['IsPresent of what is not', { Variable: '$.safety.verdict', IsPresent: true }, 'No'],
    ['IsString', { Variable: '$.incident.jobName', IsString: true }, 'Yes'],
    ['IsString of a number', { Variable: '$.incident.attempt', IsString: true }, 'No'],
    [
      'a comparison that an And has made sure of',
      {
        And: [
          { Variable: '$.safety', IsPresent: true },
          { Variable: '$.safety.verdict', StringEquals: 'x' },
        ],
      },
      'No',
    ],
    ['a comparison with what is not there', { Variable: '$.safety.verdict', StringEquals: 'x' }, RUNTIME_ERROR],
  ])('evaluates %s', (_what, condition, end) => {
    expect(endsOf(choice(condition))).toEqual([end]);
  });

  const task = {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        ResultPath: '$.capability',
        Next: 'Look',
        Catch: [
          { ErrorEquals: ['States.Timeout'], Next: 'TooLate' },
          { ErrorEquals: ['States.ALL'], Next: 'Broken' },
        ],
      },
      Look: { Type: 'Choice', Choices: [{ Variable: '$.capability.verdict', StringEquals: 'available', Next: 'Can' }], Default: 'Cannot' },
      Can: { Type: 'Succeed' },
      Cannot: { Type: 'Succeed' },
      TooLate: { Type: 'Succeed' },
      Broken: { Type: 'Fail' },
    },
  };

  it('follows every answer of a task in turn, filed where ResultPath says, and every error to its Catch', () => {
    const answers = [
      { section: { verdict: 'available' } },
      { section: { verdict: 'unavailable' } },
      { error: 'States.Timeout' },
      { error: 'Lambda.Unknown' },
      { section: { verdict: 'available' } },
    ];
    expect(endsOf(task, { Ask: () => answers }, 'Ask')).toEqual(['Can', 'Cannot', 'TooLate', 'Broken', 'Can']);
  });

  it('takes back what a step has added before the next way, and leaves the given document alone', () => {
    const document = aDocument();
    const seen: unknown[] = [];
    compileMachine(task).walk('Ask', document, { Ask: ({ error }) => [{ error: 'Lambda.Unknown' }, { section: { error } }] }, (each) =>
      seen.push([each.capability, each.error]),
    );
    expect(seen).toEqual([
      [undefined, { Error: 'Lambda.Unknown' }],
      [{ error: undefined }, undefined],
    ]);
    expect(document).toEqual(aDocument());
  });

  it('names a state that is not there, an error that nothing catches, and a way without an end', () => {
    const around = { StartAt: 'A', States: { A: { Type: 'Wait', Next: 'B' }, B: { Type: 'Wait', Next: 'A' } } };
    expect(endsOf(around, {}, 'A')).toEqual([ENDLESS]);
    expect(endsOf(around, {}, 'C')).toEqual([NO_SUCH_STATE]);
    const uncaught = { StartAt: 'Ask', States: { Ask: { Type: 'Task', ResultPath: '$.capability', Next: 'Ask' } } };
    expect(endsOf(uncaught, { Ask: () => [{ error: 'Lambda.Unknown' }] }, 'Ask')).toEqual([RUNTIME_ERROR]);
  });

  it.each([
    ['a Map state', { StartAt: 'A', States: { A: { Type: 'Map' } } }],
    ['another comparison', choice({ Variable: '$.incident.attempt', NumericEquals: 0 })],
    ['another path', choice({ Variable: '$.incident[0]', IsPresent: true })],
    ['no states', { StartAt: 'A' }],
  ])('refuses what it does not understand: %s', (_what, definition) => {
    expect(() => compileMachine(definition)).toThrow(/^E_DEFINITION/);
  });

  it('refuses a task that it has no step for', () => {
    expect(() => endsOf(task, {}, 'Ask')).toThrow(/^E_DEFINITION.*Ask/);
  });

  it('understands the deployed state machine', () => {
    const text = readFileSync(new URL('../../../statemachine/glue-medic.asl.json', import.meta.url), 'utf8');
    expect(() => compileMachine(JSON.parse(text))).not.toThrow();
  });
});
