/**
 * The deterministic policy: what an experienced engineer does in each of the 1,920 states, as one table read from top to bottom.
 * The learned policy may only improve on it, and everything falls back to it.
 */
import type { Action } from '../shared/actions.ts';
import { canonicalHash } from '../shared/canonical-hash.ts';
import type { RlState } from '../shared/rl-state.ts';

export interface RulesDecision {
  /** Id of the rule that matched. */
  readonly rule: string;
  readonly action: Action;
  /** What may stand in where `action` has no plan or is denied, in this order; nothing else may. */
  readonly alternatives: readonly Action[];
  readonly reason: string;
}

interface Rule {
  readonly id: string;
  /** A feature that is not named matches any value. */
  readonly when: { readonly [Feature in keyof RlState]?: readonly RlState[Feature][] };
  readonly propose: Action;
  readonly alternatives?: readonly Action[];
  readonly because: string;
}

/** The first rule that matches wins. */
export const RULES: readonly Rule[] = [
  {
    id: 'critical-risk',
    when: { risk: ['critical'] },
    propose: 'ESCALATE',
    because: 'the risk is critical: a person decides',
  },
  {
    id: 'transient-retry',
    when: { family: ['transient_infrastructure'], retryCount: ['0', '1'] },
    propose: 'RETRY',
    because: 'the service failed, not the job: the same run usually succeeds after a pause',
  },
  {
    id: 'more-resources',
    when: { family: ['resource_exhaustion'], retryCount: ['0', '1'] },
    propose: 'RETRY',
    because: 'memory, disk or time ran out: the next rung of the resource ladder may be enough',
  },
  {
    id: 'input-late',
    when: { family: ['missing_input'], retryCount: ['0'], risk: ['low'] },
    propose: 'RETRY',
    alternatives: ['LOG_EVENT'],
    because: 'the input was not there yet: it may have arrived after a pause',
  },
  {
    id: 'input-late-and-needed',
    when: { family: ['missing_input'], retryCount: ['0'] },
    propose: 'RETRY',
    because: 'the input was not there yet: it may have arrived after a pause',
  },
  {
    id: 'input-absent-and-harmless',
    when: { family: ['missing_input'], risk: ['low'] },
    propose: 'LOG_EVENT',
    because: 'the input did not come; another retry is doomed and little depends on it',
  },
  {
    id: 'repeated-failure',
    when: { retryCount: ['2+'] },
    propose: 'ESCALATE',
    because: 'two remediations of this lineage have failed: more of the same will not help',
  },
  {
    id: 'connection-retry',
    when: { family: ['connectivity'], retryCount: ['0'] },
    propose: 'RETRY',
    because: 'the other side did not answer: one more try tells an outage from a hiccup',
  },
  {
    id: 'breaking-drift',
    when: { family: ['schema_drift'], drift: ['breaking'] },
    propose: 'ROLLBACK_SCHEMA',
    alternatives: ['COERCE_SCHEMA'],
    because: 'the schema changed in a way that breaks the job: the last version that worked is known',
  },
  {
    id: 'compatible-drift',
    when: { family: ['schema_drift'], drift: ['compatible'] },
    propose: 'COERCE_SCHEMA',
    alternatives: ['ROLLBACK_SCHEMA'],
    because: 'the change loses nothing: catalog and data can be made to agree',
  },
  {
    id: 'drift-told-by-the-log',
    when: { family: ['schema_drift'] },
    propose: 'COERCE_SCHEMA',
    because: 'the log tells of a schema mismatch that the measured schemas do not show: only a coercion can address it',
  },
  {
    id: 'bad-objects',
    when: { family: ['data_quality'] },
    propose: 'QUARANTINE',
    because: 'the data is bad: without the offending objects the rest can be processed',
  },
  {
    id: 'needs-a-person',
    when: {},
    propose: 'ESCALATE',
    because: 'no bounded action mends this kind of failure',
  },
];

/** Version and hash under which decisions by these rules are recorded where no learned policy could be read. */
export const RULES_VERSION = 'rules';
export const RULES_HASH = canonicalHash(RULES);

/** What the rules do in `state`: total and deterministic. */
export function rulesFor(state: RlState): RulesDecision {
  const rule = RULES.find(({ when }) => matches(when, state));
  if (!rule) return { rule: 'none', action: 'ESCALATE', alternatives: [], reason: 'no rule matches this state' };
  return { rule: rule.id, action: rule.propose, alternatives: rule.alternatives ?? [], reason: rule.because };
}

function matches(when: Rule['when'], state: RlState): boolean {
  return Object.entries(when).every(([feature, values]) => (values as readonly string[]).includes(state[feature as keyof RlState]));
}
