/**
 * Walks the state machine's own text with every answer that its steps could give: Choices are evaluated as Step Functions does, a Task is
 * whatever answers it is handed, one way after the other.
 */
import { InputError, quoteForMessage } from '../../functions/shared/errors.ts';
import type { Incident } from '../../functions/shared/incident.ts';
import { DefinitionSchema, type State } from '../../statemachine/asl-definition.ts';

export type Answer = { readonly section: unknown } | { readonly error: string };
/** All that a Task may answer to a document, which is only lent to it; no answer at all: this way is followed no further. */
export type Step = (document: Incident) => Iterable<Answer>;
/** `state`: the end's name, or what went wrong instead of an end. */
export type OnEnd = (document: Incident, state: string) => void;

/** A comparison with a value that is not there: Step Functions fails the execution, and no Catch catches it. */
export const RUNTIME_ERROR = 'States.Runtime';
export const NO_SUCH_STATE = 'no such state';
export const ENDLESS = 'endless';
const MOST_STATES = 200;

type Place =
  | { readonly kind: 'task'; readonly section: string; readonly next: string; catchOf(error: string): string }
  | { readonly kind: 'choice'; choose(document: Incident): string }
  | { readonly kind: 'pass'; readonly next: string }
  | { readonly kind: 'end' };

export interface Machine {
  /** Follows every way from `from` to an end. A Task without a step of its name is an error of the caller's. */
  walk(from: string, document: Incident, steps: Readonly<Record<string, Step>>, onEnd: OnEnd): void;
}

/** Error: E_DEFINITION where the text uses more of the language than is understood here: what is not understood is not proven. */
export function compileMachine(json: unknown): Machine {
  const parsed = DefinitionSchema.safeParse(json);
  if (!parsed.success) throw notFollowed(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  const definition = parsed.data;
  const places = new Map(Object.entries(definition.States).map(([name, state]) => [name, placeOf(name, state)]));

  return {
    walk(from, start, steps, onEnd) {
      // One document for all ways: what a step adds is taken back once the ways behind it have been walked. Copies would cost most of the time.
      const document: Record<string, unknown> & Incident = { ...start };
      follow(from, 0);

      function follow(name: string, behind: number): void {
        const place = places.get(name);
        if (!place) onEnd(document, name === RUNTIME_ERROR ? RUNTIME_ERROR : NO_SUCH_STATE);
        else if (behind > MOST_STATES) onEnd(document, ENDLESS);
        else if (place.kind === 'end') onEnd(document, name);
        else if (place.kind === 'pass') follow(place.next, behind + 1);
        else if (place.kind === 'choice') follow(place.choose(document), behind + 1);
        else {
          const step = steps[name];
          if (!step) throw notFollowed(`there is no step for its task ${name}`);
          for (const answer of step(document)) {
            if ('error' in answer) followWith('error', { Error: answer.error }, place.catchOf(answer.error), behind + 1);
            else followWith(place.section, answer.section, place.next, behind + 1);
          }
        }
      }

      function followWith(section: string, value: unknown, next: string, behind: number): void {
        const before = document[section];
        document[section] = value;
        follow(next, behind);
        document[section] = before;
      }
    },
  };
}

function placeOf(name: string, state: State): Place {
  const next = state.Next ?? NO_SUCH_STATE;
  switch (state.Type) {
    case 'Succeed':
    case 'Fail':
      return { kind: 'end' };
    case 'Wait':
      return { kind: 'pass', next };
    case 'Choice':
      return { kind: 'choice', choose: chooser(state) };
    case 'Task': {
      const section = /^\$\.(\w+)$/.exec(state.ResultPath ?? '')?.[1] ?? '';
      const catchers = state.Catch ?? [];
      const catches = (error: string) =>
        catchers.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'));
      return { kind: 'task', section, next, catchOf: (error) => catches(error)?.Next ?? RUNTIME_ERROR };
    }
    default:
      throw notFollowed(`${name} is a ${state.Type} state`);
  }
}

type Condition = Readonly<Record<string, unknown>>;
type Test = (document: Incident) => boolean;

class MissingValueError extends Error {}
const MISSING = new MissingValueError('a comparison with a value that is not there');

function chooser(state: State): (document: Incident) => string {
  const choices = (state.Choices ?? []).map(({ Next, ...condition }) => ({ next: Next, holds: compileTest(condition) }));
  const otherwise = state.Default ?? RUNTIME_ERROR;
  return (document) => {
    try {
      for (const { next, holds } of choices) if (holds(document)) return next;
      return otherwise;
    } catch (error) {
      if (error === MISSING) return RUNTIME_ERROR;
      throw error;
    }
  };
}

function compileTest(condition: Condition): Test {
  if (Array.isArray(condition['And'])) {
    const tests = (condition['And'] as Condition[]).map(compileTest);
    return (document) => tests.every((test) => test(document));
  }
  if (Array.isArray(condition['Or'])) {
    const tests = (condition['Or'] as Condition[]).map(compileTest);
    return (document) => tests.some((test) => test(document));
  }
  if (condition['Not'] !== undefined) {
    const test = compileTest(condition['Not'] as Condition);
    return (document) => !test(document);
  }
  const read = reader(condition['Variable']);
  const [operator, operand] = Object.entries(condition).find(([name]) => name !== 'Variable' && name !== 'Comment') ?? [];
  switch (operator) {
    case 'IsPresent':
      return (document) => (read(document) !== undefined) === operand;
    case 'StringEquals':
      return (document) => present(read(document)) === operand;
    case 'IsString':
      return (document) => (typeof present(read(document)) === 'string') === operand;
    default:
      throw notFollowed(`a Choice compares by ${operator}`);
  }
}

function present(value: unknown): unknown {
  if (value === undefined) throw MISSING;
  return value;
}

/** `$.safety.mode` as a function. */
function reader(path: unknown): (document: Incident) => unknown {
  if (typeof path !== 'string' || !/^\$(\.\w+)+$/.test(path)) throw notFollowed(`a Choice looks at ${quoteForMessage(path)}`);
  const names = path.split('.').slice(1);
  return (document) =>
    names.reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[name], document);
}

function notFollowed(what: string): InputError {
  return new InputError('E_DEFINITION', `the proof cannot follow this state machine: ${what}; lint it, or teach the proof`);
}
