/**
 * Which sections of the document a state reads to choose or to wait, and which it writes. Reading a path that is not there is an error of Step
 * Functions' own (States.Runtime), which no Catch catches.
 */
import type { State } from './asl-definition.ts';

/** `failed`: the state was left by a Catch. */
export function writesOf(state: State, failed: boolean): string[] {
  if (failed) return ['error'];
  if (state.Type !== 'Task' && state.Type !== 'Pass') return [];
  // Without a ResultPath the result is the whole document.
  if (state.ResultPath === undefined) return Object.keys(state.ResultSelector ?? {}).map((name) => name.replace(/\.\$$/, ''));
  const section = sectionOf(state.ResultPath ?? '');
  return section === undefined ? [] : [section];
}

export function readsOf(state: State): string[] {
  const paths = [state.SecondsPath, state.TimeoutSecondsPath].filter((path) => path !== undefined);
  const chosen = (state.Choices ?? []).flatMap((choice) => variablesOf(choice, new Set()));
  return [...paths, ...chosen].map(sectionOf).filter((section) => section !== undefined);
}

type Condition = Readonly<Record<string, unknown>>;

/** The variables that a condition compares, save those that it has made sure of before, in the same And. */
function variablesOf(condition: Condition, ensured: ReadonlySet<unknown>): string[] {
  if (Array.isArray(condition['And'])) {
    const conditions: Condition[] = condition['And'];
    const known = new Set(ensured);
    return conditions.flatMap((part) => {
      const compared = variablesOf(part, known);
      for (const variable of presentIn(part)) known.add(variable);
      return compared;
    });
  }
  if (Array.isArray(condition['Or'])) return (condition['Or'] as Condition[]).flatMap((part) => variablesOf(part, ensured));
  if (condition['Not'] !== undefined) return variablesOf(condition['Not'] as Condition, ensured);
  const variable = condition['Variable'];
  return typeof variable !== 'string' || 'IsPresent' in condition || ensured.has(variable) ? [] : [variable];
}

/** The variables that are there wherever the condition holds. */
function presentIn(condition: Condition): unknown[] {
  if (Array.isArray(condition['And'])) return (condition['And'] as Condition[]).flatMap(presentIn);
  return condition['IsPresent'] === true ? [condition['Variable']] : [];
}

/** `$.safety.mode` → `safety`. */
function sectionOf(path: string): string | undefined {
  return /^\$\.(\w+)/.exec(path)?.[1];
}
