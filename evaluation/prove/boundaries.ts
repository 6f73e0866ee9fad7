/**
 * Where each guardrail has to change its mind, written down from the requirements: below, at and above every limit, and on both sides of every
 * yes or no.
 */
import {
  around,
  LIMIT_AXES,
  withDataQualityRun,
  withFindings,
  withObjects,
  withPlan,
  withTable,
} from '../../functions/check-safety/facts-grid.ts';
import type { GuardrailFacts } from '../../functions/check-safety/guardrail.ts';
import {
  REFERENCE_FREEZE,
  REFERENCE_STATE,
  REFERENCE_TIME,
  referenceFacts,
  referenceFindings,
  referenceRegistration,
} from '../../functions/check-safety/reference-facts.ts';
import { ACTIVE_ACTIONS, type Action } from '../../functions/shared/actions.ts';
import type { JobRegistration } from '../../functions/shared/job-registration.ts';
import type { RlState } from '../../functions/shared/rl-state.ts';
import type { Verdict } from './unsafe.ts';

export interface Boundary {
  readonly guardrail: string;
  readonly action: Action;
  /** Where the facts stand, for a person. */
  readonly place: string;
  readonly facts: GuardrailFacts;
  /** What the guardrail has to say there, at the least. */
  readonly expected: Verdict;
}

type Rule = readonly [guardrail: string, axis: string, actions: readonly Action[], (value: number, limit: number) => Verdict];

const when = (holds: boolean, otherwise: Verdict): Verdict => (holds ? 'allow' : otherwise);
const OF_QUARANTINE = ['QUARANTINE'] as const;

const RULES: readonly Rule[] = [
  ['confidence-floor', 'confidence-floor', ACTIVE_ACTIONS, (value, floor) => when(value >= floor, 'needs-approval')],
  ['retry-budget', 'retry-budget', ACTIVE_ACTIONS, (used, limit) => when(used < limit, 'deny')],
  ['job-budget', 'job-budget', ACTIVE_ACTIONS, (used, limit) => when(used < limit, 'deny')],
  ['fleet-budget', 'fleet-budget', ACTIVE_ACTIONS, (used, limit) => when(used < limit, 'deny')],
  ['cooldown', 'cooldown', ACTIVE_ACTIONS, (since, limit) => when(since >= limit, 'deny')],
  ['circuit-breaker', 'circuit-breaker', ACTIVE_ACTIONS, (failed, limit) => when(failed < limit, 'needs-approval')],
  ['blast-radius-objects', 'blast-radius-objects', OF_QUARANTINE, (objects, limit) => when(objects <= limit, 'needs-approval')],
  ['blast-radius-bytes', 'blast-radius-bytes', OF_QUARANTINE, (bytes, limit) => when(bytes <= limit, 'needs-approval')],
  [
    'blast-radius-share',
    'blast-radius-share',
    OF_QUARANTINE,
    (share, limit) => (share >= 1 ? 'deny' : when(share <= limit, 'needs-approval')),
  ],
  ['dpu-hours', 'dpu-hours', ACTIVE_ACTIONS, (hours, limit) => when(hours <= limit, 'needs-approval')],
  ['dpu-hours', 'dpu-hours-of-the-day', ACTIVE_ACTIONS, (hours, limit) => when(hours <= limit, 'deny')],
];

export function* boundaries(): Generator<Boundary> {
  for (const [guardrail, name, actions, expectedAt] of RULES) {
    const axis = LIMIT_AXES[name];
    if (!axis) throw new TypeError(`no axis ${name}`);
    for (const action of actions) {
      const reference = referenceFacts(action);
      for (const limit of [reference.limits[axis.limit], ...axis.others]) {
        const limited = { ...reference, limits: { ...reference.limits, [axis.limit]: limit } };
        for (const value of around(axis, limit)) {
          const place = `${axis.limit} ${limit}: ${value}`;
          yield { guardrail, action, place, facts: axis.place(limited, value), expected: expectedAt(value, limit) };
        }
      }
    }
  }
  for (const [guardrail, actions, sides] of SIDES) {
    for (const action of actions) {
      for (const [place, [move, expected]] of Object.entries(sides)) {
        yield { guardrail, action, place, facts: move(referenceFacts(action)), expected };
      }
    }
  }
}

type Move = (facts: GuardrailFacts) => GuardrailFacts;
type Sides = readonly [guardrail: string, actions: readonly Action[], Readonly<Record<string, readonly [Move, Verdict]>>];

const asItIs: Move = (facts) => facts;
const inState =
  (changes: Partial<RlState>): Move =>
  (facts) => ({ ...facts, findings: referenceFindings({ ...REFERENCE_STATE, ...changes }) });
const registered =
  (changes: Partial<JobRegistration>): Move =>
  (facts) => ({ ...facts, registration: referenceRegistration(changes) });
const found =
  (changes: Partial<GuardrailFacts['findings']>): Move =>
  (facts) =>
    withFindings(facts, changes);
const driftOnlyOf =
  (subject: 'catalog' | 'data'): Move =>
  (facts) =>
    withFindings(facts, { drift: facts.findings.drift.filter((each) => each.subject === subject) });

const FREEZE_MS = 60_000;
const atFreeze =
  (offset: number): Move =>
  (facts) => ({
    ...registered({
      changeFreezes: [{ from: REFERENCE_TIME, to: new Date(Date.parse(REFERENCE_TIME) + FREEZE_MS).toISOString(), reason: 'year end' }],
    })(facts),
    now: new Date(Date.parse(REFERENCE_TIME) + offset),
  });

const SIDES: readonly Sides[] = [
  [
    'kill-switch',
    ACTIVE_ACTIONS,
    { off: [asItIs, 'allow'], engaged: [(facts) => ({ ...facts, killSwitch: { engaged: true, reason: 'stop' } }), 'deny'] },
  ],
  [
    'frozen-job',
    ACTIVE_ACTIONS,
    { 'not frozen': [asItIs, 'allow'], frozen: [(facts) => ({ ...facts, freeze: REFERENCE_FREEZE }), 'deny'] },
  ],
  [
    'critical-anomaly',
    [...ACTIVE_ACTIONS, 'LOG_EVENT'],
    { 'high risk': [inState({ risk: 'high' }), 'allow'], 'critical risk': [inState({ risk: 'critical' }), 'deny'] },
  ],
  [
    'high-risk',
    ACTIVE_ACTIONS,
    { 'medium risk': [inState({ risk: 'medium' }), 'allow'], 'high risk': [inState({ risk: 'high' }), 'needs-approval'] },
  ],
  ['unknown-failure', ACTIVE_ACTIONS, { named: [asItIs, 'allow'], unknown: [inState({ family: 'unknown' }), 'needs-approval'] }],
  [
    'normality',
    ACTIVE_ACTIONS,
    {
      anomalous: [asItIs, 'allow'],
      normal: [found({ verdict: 'normal' }), 'deny'],
      'no evidence': [found({ verdict: 'no-evidence' }), 'deny'],
    },
  ],
  ['normality', ['RETRY'], { 'a defect of the code': [inState({ family: 'code_defect' }), 'deny'] }],
  [
    'normality',
    ['COERCE_SCHEMA'],
    { 'data has drifted': [driftOnlyOf('data'), 'allow'], 'data has not': [driftOnlyOf('catalog'), 'deny'] },
  ],
  [
    'normality',
    ['ROLLBACK_SCHEMA'],
    { 'catalog has drifted': [driftOnlyOf('catalog'), 'allow'], 'catalog has not': [driftOnlyOf('data'), 'deny'] },
  ],
  ['normality', ['QUARANTINE'], { 'no object is to blame': [found({ offendingObjects: [] }), 'deny'] }],
  [
    'empty-target',
    OF_QUARANTINE,
    { 'one object': [(facts) => withObjects(facts, 1), 'allow'], 'no object': [(facts) => withObjects(facts, 0), 'deny'] },
  ],
  [
    'empty-target',
    ['COERCE_SCHEMA', 'ROLLBACK_SCHEMA'],
    { 'one column': [asItIs, 'allow'], 'no column': [(facts) => withPlan(facts, { changes: [] }), 'deny'] },
  ],
  [
    'blast-radius-tables',
    ['COERCE_SCHEMA', 'ROLLBACK_SCHEMA'],
    {
      'one table': [asItIs, 'allow'],
      'no table may': [(facts) => ({ ...facts, limits: { ...facts.limits, tables: 0 } }), 'needs-approval'],
      'one partition': [(facts) => withTable(facts, { partitionsInspected: 1 }), 'needs-approval'],
    },
  ],
  [
    'blast-radius-tables',
    ['ROLLBACK_SCHEMA'],
    {
      'one version by others': [(facts) => withTable(facts, { foreignVersionsSinceGood: 1 }), 'allow'],
      'two versions by others': [(facts) => withTable(facts, { foreignVersionsSinceGood: 2 }), 'needs-approval'],
    },
  ],
  [
    'change-freeze',
    ACTIVE_ACTIONS,
    {
      'just before': [atFreeze(-1), 'allow'],
      'its first moment': [atFreeze(0), 'deny'],
      'its last': [atFreeze(FREEZE_MS - 1), 'deny'],
      'its end': [atFreeze(FREEZE_MS), 'allow'],
    },
  ],
  ['protected-job', ACTIVE_ACTIONS, { not: [asItIs, 'allow'], protected: [registered({ protected: true }), 'needs-approval'] }],
  ['rerun-safety', ACTIVE_ACTIONS, { declared: [asItIs, 'allow'], undeclared: [registered({ rerunSafe: false }), 'needs-approval'] }],
  [
    'data-quality-ruleset',
    ACTIVE_ACTIONS,
    {
      passed: [(facts) => withDataQualityRun(facts, 'SUCCEEDED'), 'allow'],
      failed: [(facts) => withDataQualityRun(facts, 'FAILED'), 'needs-approval'],
    },
  ],
  ['execution-mode', ACTIVE_ACTIONS, { auto: [asItIs, 'allow'], approve: [(facts) => ({ ...facts, mode: 'approve' }), 'needs-approval'] }],
];
