/** The part of the Amazon States Language that the state machine uses, and the ways through it. */
import * as z from 'zod';

const RetrierSchema = z.looseObject({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number().optional(),
  MaxAttempts: z.number().optional(),
  BackoffRate: z.number().optional(),
  MaxDelaySeconds: z.number().optional(),
  JitterStrategy: z.string().optional(),
});

const CatcherSchema = z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string(), ResultPath: z.string().nullable().optional() });

const StateSchema = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Resource: z.string().optional(),
  ResultPath: z.string().nullable().optional(),
  ResultSelector: z.record(z.string(), z.unknown()).optional(),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.string().optional(),
  SecondsPath: z.string().optional(),
  Retry: z.array(RetrierSchema).optional(),
  Catch: z.array(CatcherSchema).optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).optional(),
  Default: z.string().optional(),
});
export type State = z.infer<typeof StateSchema>;

export const DefinitionSchema = z.looseObject({
  StartAt: z.string(),
  QueryLanguage: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  States: z.record(z.string(), StateSchema),
});
export type Definition = z.infer<typeof DefinitionSchema>;

export interface Edge {
  readonly to: string;
  readonly by: 'next' | 'choice' | 'default' | 'catch';
}

/** One state on a path, and how it is left: null at the end. */
export interface Visit {
  readonly state: string;
  readonly by: Edge['by'] | null;
}
export type Path = readonly Visit[];

export function edgesOf(state: State): Edge[] {
  return [
    ...(state.Next === undefined ? [] : [{ to: state.Next, by: 'next' } as const]),
    ...(state.Choices ?? []).map(({ Next }) => ({ to: Next, by: 'choice' }) as const),
    ...(state.Default === undefined ? [] : [{ to: state.Default, by: 'default' } as const]),
    ...(state.Catch ?? []).map(({ Next }) => ({ to: Next, by: 'catch' }) as const),
  ];
}

/** Resource of a task that ends when somebody answers. */
export function waitsForToken(state: State): boolean {
  return state.Resource?.endsWith('.waitForTaskToken') ?? false;
}

/**
 * Walks every way from the start to an end, whatever the data says, each loop once: no state more than twice. `leave` is told what
 * lies behind and how a state is left; what it returns lies behind the next one.
 */
export function walkPaths<Behind>(
  definition: Definition,
  start: Behind,
  leave: (behind: Behind, visit: Visit, state: State) => Behind,
): void {
  const edges = new Map(Object.entries(definition.States).map(([name, state]) => [name, distinct(edgesOf(state))]));
  const timesSeen = new Map<string, number>();

  function enter(name: string, behind: Behind): void {
    const state = definition.States[name];
    const seen = timesSeen.get(name) ?? 0;
    if (!state || seen === 2) return;
    timesSeen.set(name, seen + 1);
    const ways = edges.get(name) ?? [];
    if (ways.length === 0) leave(behind, { state: name, by: null }, state);
    for (const { to, by } of ways) enter(to, leave(behind, { state: name, by }, state));
    timesSeen.set(name, seen);
  }

  enter(definition.StartAt, start);
}

/** The ways that `walkPaths` walks, written out. */
export function enumeratePaths(definition: Definition): Path[] {
  const paths: Path[] = [];
  walkPaths<Path>(definition, [], (behind, visit) => {
    const path = [...behind, visit];
    if (visit.by === null) paths.push(path);
    return path;
  });
  return paths;
}

function distinct(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [`${edge.by} ${edge.to}`, edge])).values()];
}
