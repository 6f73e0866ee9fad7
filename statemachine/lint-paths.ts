/** The rules about ways through the machine: what has happened before a state is entered, and before an end is reached. */
import { type Definition, type State, type Visit, waitsForToken, walkPaths } from './asl-definition.ts';
import type { Finding, Rule } from './lint-asl.ts';
import { readsOf, writesOf } from './written-sections.ts';

export interface PathRules {
  readonly claim: string;
  readonly close: string;
  readonly mutation: string;
  /** In this order, each ended without an error. */
  readonly checks: readonly [string, string];
  /** Ends that may only follow the claim. */
  readonly notOurs: readonly string[];
}

/** What a path has behind it. */
interface Behind {
  readonly visits: number;
  /** How many of the checks have passed, in order, since the start or the last decision of a person. */
  readonly checksPassed: number;
  readonly claimed: boolean;
  readonly closed: boolean;
  /** Sections of the document. */
  readonly written: ReadonlySet<string>;
  readonly sinceLastPause: ReadonlySet<string>;
}

const START: Behind = { visits: 0, checksPassed: 0, claimed: false, closed: false, written: new Set(), sinceLastPause: new Set() };

export function lintPaths(definition: Definition, rules: PathRules): Finding[] {
  const findings = new Map<string, Finding>();
  const reached = new Set<string>();
  const report = (rule: Rule, state: string, message: string) => findings.set(`${rule} ${state} ${message}`, { rule, state, message });
  const reads = byState(definition, readsOf);

  walkPaths(definition, START, (behind, visit, state) => {
    reached.add(visit.state);
    for (const section of reads.get(visit.state) ?? []) {
      if (!behind.written.has(section)) {
        report(
          'read-before-written',
          visit.state,
          `reads ${section}, which not every way to it has written: Step Functions fails, uncaught`,
        );
      }
    }
    if (behind.sinceLastPause.has(visit.state)) report('loop-waits', visit.state, 'comes round again without a wait');
    if (visit.state === rules.mutation && behind.checksPassed < rules.checks.length) {
      report(
        'mutation-guarded',
        visit.state,
        `is reached without ${rules.checks.join(' and then ')} since the start or a person's decision`,
      );
    }
    if (visit.by === null) reportEnd(behind, visit, state);
    return after(behind, visit, state, rules);
  });

  function reportEnd(behind: Behind, { state: end }: Visit, { Type }: State): void {
    if (Type === 'Fail') return;
    if (Type !== 'Succeed') {
      report('terminals', end, 'has no way on and is no end');
    } else if (!rules.notOurs.includes(end)) {
      if (!behind.closed) report('success-closed', end, `is reached without ${rules.close}`);
    } else if (!behind.claimed || behind.visits !== 2) {
      report('success-closed', end, `may only follow ${rules.claim}`);
    }
  }

  for (const name of Object.keys(definition.States)) {
    if (!reached.has(name)) report('reachable', name, 'lies on no way from the start to an end');
  }
  return [...findings.values()];
}

function after(behind: Behind, { state: name, by }: Visit, state: State, rules: PathRules): Behind {
  const succeeded = by !== 'catch';
  const sections = writesOf(state, !succeeded);
  return {
    visits: behind.visits + 1,
    checksPassed: waitsForToken(state) ? 0 : checksAfter(behind.checksPassed, rules.checks.indexOf(name), succeeded),
    claimed: behind.claimed || (succeeded && name === rules.claim),
    closed: behind.closed || (succeeded && name === rules.close),
    written: sections.every((section) => behind.written.has(section)) ? behind.written : new Set([...behind.written, ...sections]),
    sinceLastPause: isPause(state) ? new Set() : new Set(behind.sinceLastPause).add(name),
  };
}

/** A check counts once those before it have passed; run again, it puts those after it back, and itself where it fails. */
function checksAfter(passed: number, check: number, succeeded: boolean): number {
  if (check < 0 || check > passed) return passed;
  return succeeded ? check + 1 : check;
}

function isPause(state: State): boolean {
  return state.Type === 'Wait' || waitsForToken(state);
}

function byState<T>(definition: Definition, look: (state: State) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(definition.States).map(([name, state]) => [name, look(state)]));
}
