/** Where a run's logs are: Glue 5 and later, Glue 4 and earlier, continuous logging, custom prefixes, security configurations. */
import type { JobRun } from '../shared/ports.ts';

export interface LogLocation {
  readonly group: string;
  readonly streamPrefix: string;
}

const DEFAULT_BASE = '/aws-glue/jobs';

/** In the order in which they are worth reading: errors first. Pure. */
export function logLocations(run: Pick<JobRun, 'id' | 'glueVersion' | 'logGroupName' | 'arguments'>): LogLocation[] {
  const base = trimSlash(run.logGroupName ?? DEFAULT_BASE);
  const locations =
    Number(run.glueVersion ?? '0') >= 5
      ? glue5(run, base)
      : [...continuous(run, base), { group: `${base}/error`, streamPrefix: run.id }, { group: `${base}/output`, streamPrefix: run.id }];
  // A custom group may not exist yet, or the setting may be newer than the run: the defaults are looked at as well.
  const fallback = [`${DEFAULT_BASE}/error`, `${DEFAULT_BASE}/output`].map((group) => ({ group, streamPrefix: run.id }));
  return unique([...locations, ...fallback]);
}

function glue5(run: Pick<JobRun, 'id' | 'arguments'>, base: string): LogLocation[] {
  const groupBase = trimSlash(run.arguments['--custom-logGroup-prefix'] ?? base);
  const streamPrefix = run.arguments['--custom-logStream-prefix'] ?? run.id;
  return ['error', 'output'].map((stream) => ({ group: `${groupBase}/${stream}`, streamPrefix }));
}

function continuous(run: Pick<JobRun, 'id' | 'arguments'>, base: string): LogLocation[] {
  if (run.arguments['--enable-continuous-cloudwatch-log'] !== 'true') return [];
  const group = run.arguments['--continuous-log-logGroup'] ?? `${base}/logs-v2`;
  return [{ group, streamPrefix: run.arguments['--continuous-log-logStreamPrefix'] ?? run.id }];
}

function trimSlash(name: string): string {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

function unique(locations: readonly LogLocation[]): LogLocation[] {
  return [...new Map(locations.map((location) => [`${location.group}\n${location.streamPrefix}`, location])).values()];
}
